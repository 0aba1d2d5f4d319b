package survey

// SplitAbove has ranges give their rest away after fewer originals than is otherwise worth it.
func (s *Survey) SplitAbove(originals int) { s.splitAbove = originals }

// TrustAtOnce remembers also what was written a moment ago.
func (i *Index) TrustAtOnce() { i.settled = 0 }
