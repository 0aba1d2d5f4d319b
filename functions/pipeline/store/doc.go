// Package store keeps objects: an interface that the pipeline needs, S3 behind it, and memory behind it for tests.
//
// The contract that every implementation passes is the package storetest.
//
// # Metadata
//
// S3 takes user metadata as ASCII headers, at most 2 KB of names and values together. Values are therefore stored
//
//   - percent-encoded: every byte but the visible ASCII characters other than % is %XX, as in a URL path. Words, numbers
//     and most keys read as they are, and every language decodes it. RFC 2047 would be the other choice, but SDKs do not
//     agree on who decodes it;
//   - or, when that has more than 1,024 characters or none, as "%:" and the unpadded base64url of the value. Percent
//     triples what is not ASCII, so that a key of 1,024 bytes could need 3,072; base64url needs 1,366 at most.
//
// "%:" is no percent-encoding, so that the two cannot be mixed up. What is neither, because somebody else wrote it, is
// read as it stands.
package store
