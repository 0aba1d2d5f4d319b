package preset_test

import "strings"

var fieldProblems = []problemCase{
	{"an unknown field far from any", "colour: red\npresets: {a: {width: 1}}\n", []string{
		`1:1: colour: unknown field; the fields are defaults, key, limits, manifest, originals, presets, resized, svg, version`,
	}},
	{"width among the defaults", "defaults: {width: 5, Match: x}\npresets: {a: {width: 1}}\n", []string{
		`1:12: defaults.width: belongs to a single preset; move it from defaults to the presets it is meant for`,
		`1:22: defaults.Match: unknown field; the fields are animated, background, blur, cache_control, chroma, effort, enlarge, fit, format, gravity, lossless, metadata, progressive, quality, sharpen`,
	}},
	{"an unsupported version", "version: 2\npresets: {a: {width: 1}}\n", []string{
		`1:10: version: found 2; 1 is right (this Presize reads version 1 only)`,
	}},
	{"a quoted version", "version: \"1\"\npresets: {a: {width: 1}}\n", []string{
		`1:10: version: found "1"; 1 is right: write 1 without quotes (this Presize reads version 1 only)`,
	}},
	{"presets misspelt", "preset: {a: {width: 1}}\n", []string{
		`1:1: preset: unknown field; did you mean "presets"?`,
	}},
	{"no presets", "version: 1\n", []string{
		`1:1: presets: is missing; the file needs at least one preset, such as "presets: {small: {width: 368}}"`,
	}},
	{"presets are empty", "presets: {}\n", []string{
		`1:10: presets: has no preset in it; add one, such as "small: {width: 368}"`,
	}},
	{"presets are null", "presets:\n", []string{
		`1:9: presets: found nothing; a mapping of names to presets, such as "small: {width: 368}", is right`,
	}},
	{"presets are a list", "presets: [{width: 3}]\n", []string{
		`1:10: presets: found a list; a mapping of names to presets, such as "small: {width: 368}", is right`,
	}},
	{"a preset is a number", "presets: {small: 368}\n", []string{
		`1:18: presets.small: found 368; a mapping such as "{width: 368}" is right`,
	}},
	{"a preset is null", "presets: {small: }\n", []string{
		`1:18: presets.small: found nothing; a mapping such as "{width: 368}" is right`,
	}},
	{"a unit", "presets: {a: {width: 368px}}\n", []string{
		`1:22: presets.a.width: found "368px"; a whole number from 1 to 16383 is right: write 368 alone (WebP holds no more than 16383 pixels a side)`,
	}},
	{"a quoted number", "presets: {a: {width: \"368\"}}\n", []string{
		`1:22: presets.a.width: found "368"; a whole number from 1 to 16383 is right: write 368 without quotes (WebP holds no more than 16383 pixels a side)`,
	}},
	{"a fraction", "presets: {a: {width: 368.5}}\n", []string{
		`1:22: presets.a.width: found 368.5; a whole number from 1 to 16383 is right (WebP holds no more than 16383 pixels a side)`,
	}},
	{"no value", "presets: {a: {width: }}\n", []string{
		`1:22: presets.a.width: found nothing; a whole number from 1 to 16383 is right (WebP holds no more than 16383 pixels a side)`,
	}},
	{"a list of sides", "presets: {a: {width: [1, 2]}}\n", []string{
		`1:22: presets.a.width: found a list; a whole number from 1 to 16383 is right (WebP holds no more than 16383 pixels a side)`,
	}},
	{"hexadecimal", "presets: {a: {width: 0x10}}\n", []string{
		`1:22: presets.a.width: found 0x10; a whole number from 1 to 16383 is right (WebP holds no more than 16383 pixels a side)`,
	}},
	{"underscores", "limits: {max_pixels: 1_000}\npresets: {a: {width: 1}}\n", []string{
		`1:22: limits.max_pixels: found 1_000; a whole number from 1 to 2500000000 is right (at 4 bytes a pixel, more does not fit into a Lambda function's memory)`,
	}},
	{"width 0", "presets: {a: {width: 0}}\n", []string{
		`1:22: presets.a.width: found 0; a whole number from 1 to 16383 is right (WebP holds no more than 16383 pixels a side)`,
	}},
	{"a negative height", "presets: {a: {height: -1}}\n", []string{
		`1:23: presets.a.height: found -1; a whole number from 1 to 16383 is right (WebP holds no more than 16383 pixels a side)`,
	}},
	{"more than WebP holds", "presets: {a: {width: 16384}}\n", []string{
		`1:22: presets.a.width: found 16384; a whole number from 1 to 16383 is right (WebP holds no more than 16383 pixels a side)`,
	}},
	{"a number beyond any", "presets: {a: {width: 99999999999999999999999}}\n", []string{
		`1:22: presets.a.width: found 99999999999999999999999; a whole number from 1 to 16383 is right (WebP holds no more than 16383 pixels a side)`,
	}},
	{"quality 0 and 101", "presets: {a: {width: 1, quality: 0}, b: {width: 1, quality: 101}}\n", []string{
		`1:34: presets.a.quality: found 0; a whole number from 1 to 100 is right`,
		`1:61: presets.b.quality: found 101; a whole number from 1 to 100 is right`,
	}},
	{"yes", "svg: yes\npresets: {a: {width: 1}}\n", []string{
		`1:6: svg: found "yes"; true or false is right, without quotes`,
	}},
	{"True", "svg: True\npresets: {a: {width: 1}}\n", []string{
		`1:6: svg: found True; true or false is right, without quotes`,
	}},
	{"a misspelt fit", "presets: {a: {width: 1, fit: insdie}}\n", []string{
		`1:30: presets.a.fit: found "insdie"; did you mean "inside"? inside, cover, contain or fill is right`,
	}},
	{"a fit of another tool", "presets: {a: {width: 1, fit: crop}}\n", []string{
		`1:30: presets.a.fit: found "crop"; inside, cover, contain or fill is right`,
	}},
	{"WEBP", "presets: {a: {width: 1, format: WEBP}}\n", []string{
		`1:33: presets.a.format: found "WEBP"; did you mean "webp"? original, jpeg, jpg, png, webp, avif or gif is right`,
	}},
	{"a ratio that is a number to YAML", "presets: {a: {width: 1, chroma: 420}}\n", []string{
		`1:33: presets.a.chroma: found 420; auto, 4:2:0 or 4:4:4 is right`,
	}},
	{"a colour that is a comment", "presets: {a: {width: 1, background: #fff\n}}\n", []string{
		`2:1: presets.a.background: found nothing; #rgb, #rrggbb, #rrggbbaa, white, black or transparent is right; put one that starts with # in quotes`,
	}},
	{"a colour of five digits", "presets: {a: {width: 1, background: \"#fffff\"}}\n", []string{
		`1:37: presets.a.background: found "#fffff"; #rgb, #rrggbb, #rrggbbaa, white, black or transparent is right; put one that starts with # in quotes`,
	}},
	{"a colour by an unknown name", "presets: {a: {width: 1, background: red}}\n", []string{
		`1:37: presets.a.background: found "red"; #rgb, #rrggbb, #rrggbbaa, white, black or transparent is right; put one that starts with # in quotes`,
	}},
	{"a header of two lines", "presets: {a: {width: 1, cache_control: \"a\\nb\"}}\n", []string{
		`1:40: presets.a.cache_control: found "a\nb"; the text of an HTTP header is right: printable ASCII in one line`,
	}},
	{"too much sharpening", "presets: {a: {width: 1, sharpen: 10.5, blur: .nan}}\n", []string{
		`1:34: presets.a.sharpen: found 10.5; a number from 0 to 10 is right`,
		`1:46: presets.a.blur: found .nan; a number from 0 to 100 is right`,
	}},
	{"sizes that are none", "limits: {max_bytes: 50 MiBs, max_frames: 0}\npresets: {a: {width: 1}}\n", []string{
		`1:21: limits.max_bytes: found "50 MiBs"; a number of bytes from 1 to 10737418240 is right, or text such as 50MB or 100MiB (a Lambda function has no more than 10 GiB of memory)`,
		`1:42: limits.max_frames: found 0; a whole number from 1 to 100000 is right`,
	}},
	{"a size beyond any", "limits: {max_bytes: 99999999999GB}\npresets: {a: {width: 1}}\n", []string{
		`1:21: limits.max_bytes: found "99999999999GB"; a number of bytes from 1 to 10737418240 is right, or text such as 50MB or 100MiB (a Lambda function has no more than 10 GiB of memory)`,
	}},
	{"a date", "presets: {a: {width: 1, match: 2024-01-01}}\n", []string{
		`1:32: presets.a.match: found 2024-01-01, which YAML reads as a date; text is right: put it in quotes`,
	}},
	{"very long text", "key: \"" + strings.Repeat("x", 600) + "\"\npresets: {a: {width: 1}}\n", []string{
		`1:6: key: is 600 characters long; 512 is the most`,
	}},
	{"names", "presets: {A: {width: 1}, -b: {width: 1}, \"c d\": {width: 1}, manifest: {width: 1}, failed: {width: 1}, \"\": {width: 1}}\n", []string{
		`1:11: presets.A: found "A" as a preset's name; 1 to 64 lower-case letters, digits, "-" and "_", starting with a letter or digit, are right`,
		`1:26: presets.-b: found "-b" as a preset's name; 1 to 64 lower-case letters, digits, "-" and "_", starting with a letter or digit, are right`,
		`1:42: presets."c d": found "c d" as a preset's name; 1 to 64 lower-case letters, digits, "-" and "_", starting with a letter or digit, are right`,
		`1:61: presets.manifest: this name is Presize's own, for the folder of that name below the resized prefix; choose another`,
		`1:83: presets.failed: this name is Presize's own, for the folder of that name below the resized prefix; choose another`,
		`1:103: presets."": found "" as a preset's name; 1 to 64 lower-case letters, digits, "-" and "_", starting with a letter or digit, are right`,
	}},
}
