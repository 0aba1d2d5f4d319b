package preset_test

var syntaxProblems = []problemCase{
	{"a misspelt field", "presets:\n  small:\n    widht: 368\n", []string{
		`3:5: presets.small.widht: unknown field; did you mean "width"?`,
	}},
	{"an unclosed brace", "presets:\n  a: {width: 1\n  b: {width: 2}\n", []string{
		`2: is not YAML from here on: did not find expected ',' or '}'; check indentation, colons, quotes and brackets at and above this line`,
	}},
	{"a tab", "presets:\n  a:\n\twidth: 1\n", []string{
		`3:1: a tab indents this line; YAML takes spaces only: replace it with two spaces`,
	}},
	{"a colon too many", "presets:\n  a: b: c\n", []string{
		`2: is not YAML from here on: mapping values are not allowed in this context; check indentation, colons, quotes and brackets at and above this line`,
	}},
	{"an unclosed quote", "presets:\n  a: 'x\n  b: 1\n", []string{
		`2: is not YAML from here on: found unexpected end of stream; check indentation, colons, quotes and brackets at and above this line`,
	}},
	{"an anchor that is not there", "presets:\n  a: *nope\n", []string{
		`2: *nope refers to an anchor that is not in the file; put &nope before the value it means, above this line`,
	}},
	{"a control character", "presets: \u0001\n", []string{
		`1:10: found the control character U+0001 here; save the file as UTF-8 text without control characters`,
	}},
	{"not UTF-8", "presets: \xff\n", []string{
		`1:10: found a byte that is not UTF-8 here; save the file as UTF-8 text without control characters`,
	}},
	{"an empty file", "", []string{
		` is empty; it needs at least one preset, such as "presets: {small: {width: 368}}"`,
	}},
	{"comments only", "# nothing\n", []string{
		` is empty; it needs at least one preset, such as "presets: {small: {width: 368}}"`,
	}},
	{"null", "~\n", []string{
		` is empty; it needs at least one preset, such as "presets: {small: {width: 368}}"`,
	}},
	{"a list", "- a\n- b\n", []string{
		`1:1: found a list; a mapping with at least presets in it is right`,
	}},
	{"a word", "presets\n", []string{
		`1:1: found "presets"; a mapping with at least presets in it is right`,
	}},
	{"two documents", "presets: {a: {width: 1}}\n---\npresets: {b: {width: 1}}\n", []string{
		`2:1: a second document starts here; one file holds one: remove the "---"`,
	}},
	{"a second document that is not YAML", "presets: {a: {width: 1}}\n---\n{\n", []string{
		`4: is not YAML from here on: did not find expected node content; check indentation, colons, quotes and brackets at and above this line`,
	}},
	{"a key twice", "presets:\n  a:\n    width: 1\n    width: 2\n", []string{
		`4:5: presets.a.width: is given twice, first in line 3; keep one`,
	}},
	{"a preset twice", "presets:\n  a: {width: 1}\n  a: {width: 2}\n", []string{
		`3:3: presets.a: is given twice, first in line 2; keep one`,
	}},
	{"a mapping that merges itself", "presets: {a: &a {width: 1, <<: *a}, b: {<<: 5, width: 1}}\n", []string{
		`1:45: presets.b: found 5 after "<<"; an alias of a mapping, such as *base, or a list of them is right`,
	}},
	{"a number as a name", "presets: {150: {width: 150}}\n", []string{
		`1:11: presets: found 150 as a key; a name is right: in quotes it would be one`,
	}},
	{"a list as a key", "presets: {[a]: {width: 150}}\n", []string{
		`1:11: presets: found a list as a key; a name is right`,
	}},
	{"a local tag", "presets: {a: {width: !pixels 5, match: !glob x}}\n", []string{
		`1:22: presets.a.width: found !pixels "5"; a whole number from 1 to 16383 is right (WebP holds no more than 16383 pixels a side)`,
		`1:40: presets.a.match: found !glob "x"; a glob such as users/** is right; leave it out for every original`,
	}},
	{"a mistake behind an alias, once", "presets: {a: &a {width: 0}, b: *a, c: {<<: *a}}\n", []string{
		`1:25: presets.a.width: found 0; a whole number from 1 to 16383 is right (WebP holds no more than 16383 pixels a side)`,
	}},
	{"all at once, in the file's order", "presets:\n  a: {widht: 1, quality: 0}\n  B: {height: x}\nresized: originals/\nversion: 3\n", []string{
		`2:7: presets.a.widht: unknown field; did you mean "width"?`,
		`2:26: presets.a.quality: found 0; a whole number from 1 to 100 is right`,
		`3:3: presets.B: found "B" as a preset's name; 1 to 64 lower-case letters, digits, "-" and "_", starting with a letter or digit, are right`,
		`3:15: presets.B.height: found "x"; a whole number from 1 to 16383 is right (WebP holds no more than 16383 pixels a side)`,
		`4:10: resized: originals and resized are both "originals/"; they must not overlap, or every variant would be an original again: originals/ and resized/ are right`,
		`5:10: version: found 3; 1 is right (this Presize reads version 1 only)`,
	}},
}
