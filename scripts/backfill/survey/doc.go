// Package survey compares the originals of a bucket with the variants that stand there, in memory that does not grow with
// the bucket.
//
// # The join
//
// Originals and variants come as listings in the order of their keys. What they have in common is the stem: the folder
// and the name without the extension. Each listing is read relative to its own prefix, so that users/42/cat.jpg below
// originals/ and users/42/cat.webp below resized/thumbnail/ come at about the same time, and everything of one stem is
// gathered in a group. A group is complete once every listing has passed its bound, which is the stem with a "/" behind
// it: '/' follows '.', so that the stem, with or without an extension, sorts below. A photo without an extension waits
// alone while a million photo-1.jpg, photo-2.jpg... pass.
//
// Key templates that do not begin with the preset, such as {dir}{preset}/{name}.{ext}, give the same result, but there a group
// waits for the last of its variants' folders: memory grows with the largest folder, and with {name} before {dir} with the
// bucket.
//
// # The order
//
// Groups come in the order of their bounds, which is nearly that of the keys: photo-1.jpg comes before photo.jpg in both,
// and before photo in the walk alone. Survey.After speaks of this order.
//
// # Ranges
//
// A walk that is not ordered begins as one range too. Once that has listed more than a small bucket holds, it looks for bounds
// in its rest and gives parts of it to the places that are free (Survey.Parallel); these do the same. A small bucket costs
// no LIST more than an ordered walk, a large one a few in a hundred.
//
// # What is looked at
//
// A listing tells that a variant stands there, not what it shows: that is in its metadata, which costs a HEAD. Index
// remembers what was seen, by the variant's ETag, size and time, so that the next survey asks for what is new only.
package survey
