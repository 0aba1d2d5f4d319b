package imaging

// Frame is frame i of an animation as a master of its own, valid as long as m is; it is not to be closed.
func (m *Master) Frame(i int) *Master {
	header := m.Header
	header.Frames = len(m.frames) // keeps nothing for later, so that there is nothing to close
	return &Master{
		Header: header, Width: m.Width, Height: m.Height, frames: m.frames[i : i+1], tiffs: m.tiffs[i : i+1],
	}
}

// The sizes that decoding aims at.
var (
	MasterSize   = masterSize
	ShrinkOnLoad = shrinkOnLoad
)
