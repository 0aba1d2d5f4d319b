package invalidate

import "time"

// Coalesce and Covers are for tests of what the requests only show in part.
var Coalesce = coalesce

// Hurry makes retries follow each other closely.
func (i *Invalidator) Hurry() { i.wait = time.Millisecond }

// Forms are the ways to write a path.
func (p Path) Forms() []string { return p.forms() }

// Covers says whether whatever other reaches is reached by p.
func (p Path) Covers(other Path) bool { return p.covers(other) }
