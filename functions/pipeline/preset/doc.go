// Package preset reads presets.yaml, maps keys of originals to keys of variants and back, and fingerprints presets.
// Everything in it but [LoadFile] is pure: no storage, no clock, no cgo.
//
// Two rules hold throughout. Loading is strict and complete: whatever is wrong with the file is reported, all of it at
// once, each mistake with its line and with what would be right. And keys are bytes: nothing is decoded, normalised or
// cleaned, since S3 does none of it either.
package preset

//go:generate go run ./schemagen
