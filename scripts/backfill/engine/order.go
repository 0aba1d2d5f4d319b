package engine

// order finds, among originals that are walked one after the other and end in any order, the one up to which all have
// ended. It holds what is between that one and the last one walked.
type order struct {
	through string           // the key of that one
	passed  func(key string) // told of each key that through goes past
	waiting []string         // walked after through
	ended   map[string]bool  // of each of waiting
	idle    string           // the last one that pass was told of
}

// listed adds an original.
func (o *order) listed(key string, ended bool) {
	if o.ended == nil {
		o.ended = map[string]bool{}
	}
	o.waiting = append(o.waiting, key)
	o.ended[key] = ended
	o.advance()
}

// end marks an original, if it was listed.
func (o *order) end(key string) {
	if _, known := o.ended[key]; known {
		o.ended[key] = true
		o.advance()
	}
}

// pass marks an original that needed nothing, of which passed need not be told. Of those that follow each other only the last is held.
func (o *order) pass(key string) {
	o.end(key)
	if n := len(o.waiting); n > 1 && o.waiting[n-1] == key && o.waiting[n-2] == o.idle {
		delete(o.ended, o.idle)
		o.waiting[n-2] = key
		o.waiting = o.waiting[:n-1]
	}
	o.idle = key
}

func (o *order) advance() {
	n := 0
	for ; n < len(o.waiting) && o.ended[o.waiting[n]]; n++ {
		o.through = o.waiting[n]
		delete(o.ended, o.through)
		o.passed(o.through)
	}
	clear(o.waiting[:n])
	o.waiting = o.waiting[n:] // append copies what is left once the array is used up
}
