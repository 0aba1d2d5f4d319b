package preset_test

var acrossProblems = []problemCase{
	{"neither side", "presets: {a: {quality: 5}}\n", []string{
		`1:11: presets.a: has neither width nor height; give one or both in pixels, such as width: 368`,
	}},
	{"cover with one side", "presets: {a: {width: 5, fit: cover}}\n", []string{
		`1:30: presets.a.fit: found "cover" without a height; cover needs both sides: add the height, or choose inside`,
	}},
	{"contain from defaults with one side", "defaults: {fit: contain}\npresets: {a: {height: 5}}\n", []string{
		`2:11: presets.a.fit: found "contain" (from defaults) without a width; contain needs both sides: add the width, or choose inside`,
	}},
	{"gravity without an effect", "presets: {a: {width: 5, gravity: north}}\n", []string{
		`1:34: presets.a.gravity: found "north" with fit "inside", which crops and pads nothing; leave gravity out, or choose fit: cover or contain`,
	}},
	{"smart padding", "presets: {a: {width: 5, height: 5, fit: contain, gravity: smart}}\n", []string{
		`1:59: presets.a.gravity: found "smart" with fit "contain", which crops nothing; choose centre or a compass point, or fit: cover`,
	}},
	{"what JPEG has not", "presets: {a: {width: 5, format: jpeg, effort: 3, lossless: true, animated: keep}}\n", []string{
		`1:47: presets.a.effort: has no effect: the jpeg encoder has no scale of effort; leave it out`,
		`1:60: presets.a.lossless: has no effect: jpeg cannot be lossless; leave it out, or choose the format webp, avif or png`,
		`1:76: presets.a.animated: has no effect: jpeg variants hold one frame; leave it out, or choose the format webp or gif`,
	}},
	{"what PNG has not", "presets: {a: {width: 5, format: png, quality: 3, chroma: 4:4:4, animated: keep}}\n", []string{
		`1:47: presets.a.quality: has no effect: png has no quality to choose; leave it out, or choose the format jpeg, webp or avif`,
		`1:58: presets.a.chroma: has no effect: png has no subsampling to choose; leave it out, or choose the format jpeg, webp or avif`,
		`1:75: presets.a.animated: has no effect: png variants hold one frame; leave it out, or choose the format webp or gif`,
	}},
	{"what WebP has not", "presets: {a: {width: 5, format: webp, effort: 7, progressive: true}}\n", []string{
		`1:47: presets.a.effort: found 7; a whole number from 0 to 6 is right for webp`,
		`1:63: presets.a.progressive: has no effect: webp cannot be progressive; leave it out, or choose the format jpeg or png`,
	}},
	{"effort of GIF", "presets: {a: {width: 5, format: gif, effort: 0}}\n", []string{
		`1:46: presets.a.effort: found 0; a whole number from 1 to 10 is right for gif`,
	}},
	{"a format from defaults", "defaults: {format: jpeg}\npresets: {a: {width: 5, effort: 1}}\n", []string{
		`2:33: presets.a.effort: has no effect: the jpeg encoder has no scale of effort; leave it out`,
	}},
	{"a glob that is none", "presets: {a: {width: 5, match: \"users/[a\"}}\n", []string{
		`1:32: presets.a.match: found "users/[a", which is not a glob: a bracket, a brace or a backslash is not closed; users/** or **/*.{jpg,jpeg} is right`,
	}},
	{"a match from the root", "presets: {a: {width: 5, match: /users/**}}\n", []string{
		`1:32: presets.a.match: found "/users/**"; a match is relative to the originals prefix and starts without "/": write "users/**"`,
	}},
	{"a match with the prefix", "presets: {a: {width: 5, match: originals/users/**}}\n", []string{
		`1:32: presets.a.match: found "originals/users/**"; a match is relative to the originals prefix: write "users/**"`,
	}},
}
