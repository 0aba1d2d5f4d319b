// Package engine is the run of a backfill: a queue of originals, as many of them in flight as S3 bears, one of the ways
// to have them rendered, retries, a checkpoint, and the failures that are left.
//
// Nothing ever puts an original into the queue but the walk that the caller gives, so that a run cannot feed on itself.
//
// # The checkpoint
//
// It is a journal of JSON Lines: a header that names what the run is about, and a line for each original that has ended.
// A line is one write, so that a process that is killed loses nothing but what was in flight; a torn last line is left
// out. Now and then the journal is written anew, beside the old one, and renamed over it: with the key up to which
// every original has ended, and those after it that have.
//
// That key is not the last one that ended, because a slow original is overtaken by those after it: Checkpoint.Listed is
// told of every original as the walk comes to it, and the key moves on only when all before it have ended. Before and
// after are those of the walk, not of the keys: a survey comes to `photo` after `photo-1.jpg`.
package engine
