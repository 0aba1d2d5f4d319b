package survey

// SplitAbove makes ranges of fewer originals than it is otherwise worth.
func (s *Survey) SplitAbove(originals int) { s.splitAbove = originals }

// TrustAtOnce remembers also what was written a moment ago.
func (i *Index) TrustAtOnce() { i.settled = 0 }
