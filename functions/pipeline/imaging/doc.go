// Package imaging turns the bytes of an original into variants: Probe reads the header and enforces the limits,
// Decode decodes the pixels once into a Master, and Master.Render makes one variant for each preset from it. The largest
// variant of an upright photo, where it is a JPEG, is rendered while the original is decoded, so that its pixels are never
// all held.
//
// It is the only package that knows libvips. Between decoder and encoder, reductions are its own; bimg chooses smart crops
// and sharpens; libvips is called directly for what bimg cannot say: the decoding (shrink-on-load, upright, ICC after the
// resize, premultiplied alpha, frames), the encoding (the savers' real options, frames joined), and between the two a
// resize that enlarges or bends, and a slight blur.
package imaging
