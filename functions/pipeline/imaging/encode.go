package imaging

/*
#include "vips.h"
*/
import "C"

import (
	"unsafe"

	"github.com/presize/presize/functions/pipeline/preset"
)

var encoders = map[preset.Format]C.int{
	preset.JPEG: C.PRESIZE_JPEG, preset.PNG: C.PRESIZE_PNG, preset.WebP: C.PRESIZE_WEBP,
	preset.AVIF: C.PRESIZE_AVIF, preset.GIF: C.PRESIZE_GIF,
}

var chromas = map[preset.Chroma]C.int{
	preset.ChromaAuto: C.VIPS_FOREIGN_SUBSAMPLE_AUTO, preset.ChromaHalf: C.VIPS_FOREIGN_SUBSAMPLE_ON,
	preset.ChromaFull: C.VIPS_FOREIGN_SUBSAMPLE_OFF,
}

var metadatas = map[preset.Metadata]C.int{
	preset.MetadataNone: C.PRESIZE_KEEP_NONE, preset.MetadataCopyright: C.PRESIZE_KEEP_COPYRIGHT,
	preset.MetadataICC: C.PRESIZE_KEEP_ICC, preset.MetadataAll: C.PRESIZE_KEEP_ALL,
}

// encode pads and saves frames, and gives them of the original's metadata what the preset lets through.
func (m *Master) encode(frames []*C.VipsImage, p preset.Preset, g Geometry) ([]byte, error) {
	background := background(p)
	how := C.PresizeEncode{
		format: encoders[p.Format], quality: C.int(p.Quality), effort: C.int(p.EffortFor(p.Format)),
		lossless: boolean(p.Lossless), progressive: boolean(p.Progressive), chroma: chromas[p.Chroma],
		metadata: metadatas[p.Metadata], flatten: boolean(background.A == 255),
		background: [4]C.double{C.double(background.R), C.double(background.G), C.double(background.B), C.double(background.A)},
		pad_left:   C.int(g.Canvas.Left), pad_top: C.int(g.Canvas.Top),
		pad_width: C.int(g.Canvas.Width), pad_height: C.int(g.Canvas.Height),
	}
	how.whole = boolean(p.Format == preset.GIF && frames[0] == m.frames[0] && m.Width == m.Header.Width &&
		m.Height == m.Header.Height && g.Canvas.Width == 0 && background.A == 0)
	grey := background.R == background.G && background.G == background.B
	if m.Header.Grey && !m.Header.Alpha && (grey || g.Canvas.Width == 0) && how.metadata <= C.PRESIZE_KEEP_COPYRIGHT &&
		(p.Format == preset.JPEG || p.Format == preset.PNG) {
		how.grey = 1 // an sRGB profile would not fit one band
	}
	if how.metadata == C.PRESIZE_KEEP_COPYRIGHT && m.artist == "" && m.copyright == "" {
		how.metadata = C.PRESIZE_KEEP_NONE
	}
	how.artist, how.copyright = cString(m.artist), cString(m.copyright)
	defer C.free(unsafe.Pointer(how.artist))
	defer C.free(unsafe.Pointer(how.copyright))
	var buffer unsafe.Pointer
	var length C.size_t
	if C.presize_encode(&frames[0], C.int(len(frames)), m.frames[0], &how, &buffer, &length) != 0 {
		return nil, vipsError("encoding " + string(p.Format))
	}
	defer C.g_free(C.gpointer(buffer))
	return C.GoBytes(buffer, C.int(length)), nil
}

// background is what shows through and what pads. JPEG has no transparency: unless the preset names another colour it
// stands on white. The other formats stay transparent unless the preset names a colour.
func background(p preset.Preset) preset.Color {
	white := preset.Color{R: 255, G: 255, B: 255, A: 255}
	switch {
	case p.HasBackground && p.Format == preset.JPEG:
		return p.Background.OnWhite()
	case p.HasBackground:
		return p.Background
	case p.Format == preset.JPEG:
		return white
	}
	return preset.Color{}
}

// cString is s for C to read and the caller to free; NULL when it is empty.
func cString(s string) *C.char {
	if s == "" {
		return nil
	}
	return C.CString(s)
}

func boolean(b bool) C.int {
	if b {
		return 1
	}
	return 0
}
