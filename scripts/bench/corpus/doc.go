// Package corpus makes the originals that the contestants render: photos as cameras and phones write them, which come with
// bimg's own tests, and what is derived from them by functions/pipeline/imaging. The same originals come out every time.
package corpus
