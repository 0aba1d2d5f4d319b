package preset_test

var templateProblems = []problemCase{
	{"nothing of it", "key: x\npresets: {a: {width: 1}}\n", []string{
		`1:6: key: found "x": {preset} is missing: without it, every preset would write the same key`,
		`1:6: key: found "x": {dir} is missing: without it, originals of one name in two folders would write the same key`,
		`1:6: key: found "x": {ext} is missing: without it, a variant's format would not be in its key`,
		`1:6: key: found "x": {name} is missing: without it or {file}, the originals of a folder would write the same key`,
		`1:6: key: found "x": it does not end in ".{ext}"`,
	}},
	{"a misspelt placeholder", "key: \"{preset}/{dir}{nmae}.{ext}\"\npresets: {a: {width: 1}}\n", []string{
		`1:6: key: found "{preset}/{dir}{nmae}.{ext}": unknown placeholder "{nmae}"; did you mean {name}?`,
	}},
	{"an unknown placeholder", "key: \"{preset}/{dir}{width}.{ext}\"\npresets: {a: {width: 1}}\n", []string{
		`1:6: key: found "{preset}/{dir}{width}.{ext}": unknown placeholder "{width}"; the placeholders are {preset}, {dir}, {name}, {file} and {ext}`,
	}},
	{"a lone brace", "key: \"{preset}/{dir}{name.{ext}\"\npresets: {a: {width: 1}}\n", []string{
		`1:6: key: found "{preset}/{dir}{name.{ext}": found a lone "{"; a placeholder such as {name} has both braces`,
	}},
	{"a lone closing brace", "key: \"{preset}/{dir}}{name}.{ext}\"\npresets: {a: {width: 1}}\n", []string{
		`1:6: key: found "{preset}/{dir}}{name}.{ext}": found a lone "}"; a placeholder such as {name} has both braces`,
	}},
	{"one twice", "key: \"{preset}/{dir}{preset}/{name}.{ext}\"\npresets: {a: {width: 1}}\n", []string{
		`1:6: key: found "{preset}/{dir}{preset}/{name}.{ext}": {preset} stands in it 2 times; once is right`,
	}},
	{"name and file", "key: \"{preset}/{dir}{name}/{file}.{ext}\"\npresets: {a: {width: 1}}\n", []string{
		`1:6: key: found "{preset}/{dir}{name}/{file}.{ext}": {name} and {file} are both in it; one of them is right`,
	}},
	{"the extension not last", "key: \"{preset}/{dir}{ext}.{name}\"\npresets: {a: {width: 1}}\n", []string{
		`1:6: key: found "{preset}/{dir}{ext}.{name}": it does not end in ".{ext}"`,
	}},
	{"the folder behind something", "key: \"{preset}-{dir}{name}.{ext}\"\npresets: {a: {width: 1}}\n", []string{
		`1:6: key: found "{preset}-{dir}{name}.{ext}": {dir} stands behind "-"; it begins a segment: put it first, or behind a "/"`,
	}},
	{"the folder with a slash", "key: \"{preset}/{dir}/{name}.{ext}\"\npresets: {a: {width: 1}}\n", []string{
		`1:6: key: found "{preset}/{dir}/{name}.{ext}": "/" stands behind {dir}, which is empty or ends in "/" already: remove it`,
	}},
	{"a slash at the start", "key: \"/{preset}/{dir}{name}.{ext}\"\npresets: {a: {width: 1}}\n", []string{
		`1:6: key: found "/{preset}/{dir}{name}.{ext}": it starts with "/"; it stands below the resized prefix and needs none`,
	}},
	{"two slashes", "key: \"x//{preset}/{dir}{name}.{ext}\"\npresets: {a: {width: 1}}\n", []string{
		`1:6: key: found "x//{preset}/{dir}{name}.{ext}": found "//"; one "/" is right`,
	}},
	{"a way up", "key: \"../{preset}/{dir}{name}.{ext}\"\npresets: {a: {width: 1}}\n", []string{
		`1:6: key: found "../{preset}/{dir}{name}.{ext}": found the segment ".."; S3 takes it literally and other tools do not: leave it out`,
	}},
	{"a reserved folder", "key: \"manifest/{preset}/{dir}{name}.{ext}\"\npresets: {a: {width: 1}}\n", []string{
		`1:6: key: found "manifest/{preset}/{dir}{name}.{ext}": it starts with "manifest/", a folder that Presize keeps for itself below the resized prefix; choose another`,
	}},
	{"nothing between", "key: \"{dir}{preset}{name}.{ext}\"\npresets: {a: {width: 1}}\n", []string{
		`1:6: key: found "{dir}{preset}{name}.{ext}": nothing parts {preset} from {name}; put a "/" or a "-" between them`,
	}},
	{"a backslash", "key: '{preset}\\{dir}{name}.{ext}'\npresets: {a: {width: 1}}\n", []string{
		`1:6: key: found "{preset}\\{dir}{name}.{ext}": found "\\"; no control characters and no backslashes are right`,
	}},
	{"two presets and one key", "key: \"{dir}{preset}-{name}.{ext}\"\npresets:\n  a: {width: 1}\n  b: {width: 1}\n  a-b: {width: 1}\n", []string{
		`5:3: presets.a-b: would write resized/a-b-cat.jpg for the original cat.jpg, as preset a in line 3 would for b-cat.jpg; rename one of them, or part {preset} from the name by a "/" in key`,
	}},
	{"two presets and one key, the other way round", "key: \"{dir}{name}-{preset}.{ext}\"\npresets:\n  a-b: {width: 1}\n  b: {width: 1}\n", []string{
		`4:3: presets.b: would write resized/cat-a-b.jpg for the original cat-a.jpg, as preset a-b in line 3 would for cat.jpg; rename one of them, or part {preset} from the name by a "/" in key`,
	}},
}
