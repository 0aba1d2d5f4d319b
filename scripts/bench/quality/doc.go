// Package quality says how much the contestants' variants look like the original, and what Presize writes where it looks
// the same as a peer: speed that is bought with blur, or with bytes, must show.
//
// A variant's SSIM is that of functions/pipeline/imaging/likeness against the whole original, reduced at full precision to
// the variant's size. Everything is read by functions/pipeline/imaging: upright, in sRGB, an animation's first frame. What
// is transparent is laid on white and on black, and the mean of both counts.
package quality
