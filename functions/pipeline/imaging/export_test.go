package imaging

import "github.com/presize/presize/functions/pipeline/preset"

// Frame is frame i of an animation as a master of its own, valid as long as m is; it is not to be closed.
func (m *Master) Frame(i int) *Master {
	return &Master{Header: m.Header, Width: m.Width, Height: m.Height, frames: m.frames[i : i+1]}
}

// The sizes that decoding aims at.
var (
	MasterSize   = masterSize
	ShrinkOnLoad = shrinkOnLoad
)

// Convert is what this package makes of colours by a profile; false where it leaves that to libvips.
func Convert(profile []byte, colours []Color) ([]Color, bool) {
	p, ok := readMatrixProfile(profile)
	if !ok {
		return nil, false
	}
	s, out := p.shares(), make([]Color, len(colours))
	for i, c := range colours {
		out[i] = s.convert(c)
	}
	return out, true
}

// DecodeWhole is Decode without rendering anything while it decodes.
func DecodeWhole(data []byte, header Header, presets []preset.Preset) (*Master, error) {
	if !animates(presets) {
		header.Frames = 1
	}
	return decodeWhole(data, header, presets)
}

// Streamed says whether a variant was rendered while m was decoded.
func (m *Master) Streamed() bool { return m.streamed }

// Stored is a picture as an HEIC has it, Orientation as EXIF says it.
type Stored struct {
	RGB                        []byte
	Width, Height, Orientation int
}

// ReadGrid decodes an HEIC by rows of its tiles; false where it has to be decoded whole.
func ReadGrid(data []byte) (Stored, bool) {
	file, err := readISO(data)
	if err != nil {
		return Stored{}, false
	}
	grid, ok := file.grid()
	if !ok {
		return Stored{}, false
	}
	p, err := grid.decode()
	return Stored{p.data, p.width, p.height, p.orientation}, err == nil
}

// ReadHEIC decodes one whole.
func ReadHEIC(data []byte) (Stored, error) {
	file, err := readISO(data)
	if err != nil {
		return Stored{}, err
	}
	p, err := decodeWholeHEIC(data, file)
	return Stored{p.data, p.width, p.height, p.orientation}, err
}

// Bands are the files that rows of an HEIC's tiles are decoded from.
func Bands(data []byte) (bands [][]byte) {
	file, err := readISO(data)
	if err != nil {
		return nil
	}
	g, ok := file.grid()
	if !ok {
		return nil
	}
	for from, to := range g.bands() {
		bands = append(bands, g.band(from, to))
	}
	return bands
}

// NewTurns gives turns of a test's own.
var NewTurns = newTurns

func (t *turns) Enter() { t.enter() }
func (t *turns) Leave() { t.leave() }
