package preset_test

var prefixProblems = []problemCase{
	{"equal", "originals: a/\nresized: a/\npresets: {a: {width: 1}}\n", []string{
		`2:10: resized: originals and resized are both "a/"; they must not overlap, or every variant would be an original again: originals/ and resized/ are right`,
	}},
	{"resized within", "originals: a/\nresized: a/b/\npresets: {a: {width: 1}}\n", []string{
		`2:10: resized: resized "a/b/" lies within originals "a/"; they must not overlap, or every variant would be an original again: originals/ and resized/ are right`,
	}},
	{"originals within", "originals: a/b/\nresized: a/\npresets: {a: {width: 1}}\n", []string{
		`2:10: resized: originals "a/b/" lies within resized "a/"; they must not overlap, or every variant would be an original again: originals/ and resized/ are right`,
	}},
	{"originals within the default", "originals: resized/a/\npresets: {a: {width: 1}}\n", []string{
		`1:12: originals: originals "resized/a/" lies within resized "resized/"; they must not overlap, or every variant would be an original again: originals/ and resized/ are right`,
	}},
	{"empty", "originals: \"\"\npresets: {a: {width: 1}}\n", []string{
		`1:12: originals: found ""; a prefix such as originals/ is right: segments of letters, digits and ! - _ . ' ( ) that each end in "/", none at the start (the prefix also stands in IAM policies and in the bucket's notification filter)`,
	}},
	{"no slash at the end", "originals: originals\npresets: {a: {width: 1}}\n", []string{
		`1:12: originals: found "originals"; write "originals/": a prefix such as originals/ is right: segments of letters, digits and ! - _ . ' ( ) that each end in "/", none at the start (the prefix also stands in IAM policies and in the bucket's notification filter)`,
	}},
	{"a slash at the start", "resized: /resized/\npresets: {a: {width: 1}}\n", []string{
		`1:10: resized: found "/resized/"; write "resized/": a prefix such as resized/ is right: segments of letters, digits and ! - _ . ' ( ) that each end in "/", none at the start (the prefix also stands in IAM policies and in the bucket's notification filter)`,
	}},
	{"two slashes", "resized: a//b/\npresets: {a: {width: 1}}\n", []string{
		`1:10: resized: found "a//b/"; a prefix such as resized/ is right: segments of letters, digits and ! - _ . ' ( ) that each end in "/", none at the start (the prefix also stands in IAM policies and in the bucket's notification filter)`,
	}},
	{"a way up", "resized: a/../b/\npresets: {a: {width: 1}}\n", []string{
		`1:10: resized: found "a/../b/", with the segment ".."; S3 takes it literally and other tools do not: leave it out`,
	}},
	{"a wildcard of IAM", "originals: up*/\npresets: {a: {width: 1}}\n", []string{
		`1:12: originals: found "up*/"; a prefix such as originals/ is right: segments of letters, digits and ! - _ . ' ( ) that each end in "/", none at the start (the prefix also stands in IAM policies and in the bucket's notification filter)`,
	}},
	{"a number", "originals: 5\npresets: {a: {width: 1}}\n", []string{
		`1:12: originals: found 5; text is right: put it in quotes`,
	}},
}
