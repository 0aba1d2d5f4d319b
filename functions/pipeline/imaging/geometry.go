package imaging

import (
	"math"
	"slices"

	"github.com/presize/presize/functions/pipeline/preset"
)

// Geometry is how a preset's box applies to one original: resize to Width x Height, then cut Crop out of it, then put
// the result on a canvas of Canvas. All are pixels. Crop and Canvas are zero where they would change nothing.
type Geometry struct {
	Width, Height int
	Crop          Rectangle
	Canvas        Rectangle // Left and Top say where the image goes
	Smart         bool      // Crop's place is chosen by what stands out
}

// Rectangle is a place of Width x Height pixels.
type Rectangle struct{ Left, Top, Width, Height int }

// Size is the variant's: what is left after cropping and padding.
func (g Geometry) Size() (width, height int) {
	switch {
	case g.Canvas.Width > 0:
		return g.Canvas.Width, g.Canvas.Height
	case g.Crop.Width > 0:
		return g.Crop.Width, g.Crop.Height
	}
	return g.Width, g.Height
}

// cropped says whether the place that is cut out is known before the pixels are.
func (g Geometry) cropped() bool { return g.Crop.Width > 0 && !g.Smart }

// Plan computes a preset's geometry for an upright original of width x height pixels.
//
// Without Enlarge nothing grows: a box with two sides that is larger than the original in Cover and Fill is made
// smaller in proportion until the original covers it, so that the shape asked for stays.
//
// A side that follows from the other is no longer than the format, where p names one, can have it.
func Plan(p preset.Preset, width, height int) Geometry {
	if p.Width == 0 || p.Height == 0 || p.Fit == preset.Inside {
		return inside(p, width, height)
	}
	switch p.Fit {
	case preset.Cover:
		return cover(p, width, height)
	case preset.Contain:
		g := inside(p, width, height)
		if g.Width != p.Width || g.Height != p.Height {
			left, top := place(p.Gravity, p.Width-g.Width, p.Height-g.Height)
			g.Canvas = Rectangle{left, top, p.Width, p.Height}
		}
		return g
	}
	boxWidth, boxHeight := box(p, width, height)
	return Geometry{Width: boxWidth, Height: boxHeight}
}

// Order is the order in which presets are best rendered, as indices: the one with the fewest pixels first, so that the
// thumbnail is there as soon as can be. Where several are rendered at the same time the one with the most work goes before
// them: begun last, it would keep one processor busy while the others had nothing left to do.
func Order(presets []preset.Preset, original Header, atATime int) []int {
	order := make([]int, len(presets))
	pixels, work := make([]int, len(presets)), make([]int, len(presets))
	for i, p := range presets {
		width, height := Plan(p, original.Width, original.Height).Size()
		order[i], pixels[i], work[i] = i, width*height, original.work(p, width*height)
	}
	slices.SortStableFunc(order, func(a, b int) int { return pixels[a] - pixels[b] })
	if atATime <= 1 || len(order) < 2 {
		return order
	}
	most := 0
	for at, i := range order {
		if work[i] >= work[order[most]] {
			most = at
		}
	}
	first := order[most]
	return slices.Insert(slices.Delete(order, most, most+1), 0, first)
}

// nanoseconds is about what a pixel of a variant takes, to be reduced and encoded, on one core of an AMD EPYC.
var nanoseconds = map[preset.Format]int{preset.JPEG: 7, preset.PNG: 35, preset.WebP: 100, preset.GIF: 190, preset.AVIF: 220}

// work is about how long a variant of so many pixels a frame takes, in nanoseconds. The frames of a GIF that are not
// resized keep their palette, which saves nine tenths.
func (h Header) work(p preset.Preset, pixels int) int {
	format := h.Format(p)
	each := nanoseconds[format]
	if format == preset.GIF && pixels == h.Width*h.Height {
		each = 20
	}
	if animates([]preset.Preset{p}) {
		pixels *= h.Frames
	}
	return pixels * each
}

// longest is the longest side that a format's encoder takes, in pixels.
func longest(format preset.Format) float64 {
	switch format {
	case preset.WebP:
		return 16383
	case preset.JPEG:
		return 65500
	case preset.GIF, preset.AVIF:
		return 65535
	case preset.PNG, preset.Original:
	}
	return math.Inf(1)
}

func inside(p preset.Preset, width, height int) Geometry {
	side := func(asked int) float64 {
		if asked == 0 {
			return longest(p.Format)
		}
		return float64(asked)
	}
	scale := math.Min(side(p.Width)/float64(width), side(p.Height)/float64(height))
	if scale > 1 && !p.Enlarge {
		scale = 1
	}
	return Geometry{Width: scaled(width, scale), Height: scaled(height, scale)}
}

func cover(p preset.Preset, width, height int) Geometry {
	boxWidth, boxHeight := box(p, width, height)
	scale := math.Max(float64(boxWidth)/float64(width), float64(boxHeight)/float64(height))
	g := Geometry{Width: max(boxWidth, scaled(width, scale)), Height: max(boxHeight, scaled(height, scale))}
	if g.Width == boxWidth && g.Height == boxHeight {
		return g
	}
	left, top := place(p.Gravity, g.Width-boxWidth, g.Height-boxHeight)
	g.Crop = Rectangle{left, top, boxWidth, boxHeight}
	g.Smart = p.Gravity == preset.Smart
	return g
}

// box is the preset's box, no larger than the original allows.
func box(p preset.Preset, width, height int) (int, int) {
	shrink := math.Min(float64(width)/float64(p.Width), float64(height)/float64(p.Height))
	if p.Enlarge || shrink >= 1 {
		return p.Width, p.Height
	}
	return scaled(p.Width, shrink), scaled(p.Height, shrink)
}

func scaled(length int, scale float64) int {
	return max(1, int(math.Round(float64(length)*scale)))
}

// place puts what is smaller by spareX x spareY pixels where the gravity says.
func place(gravity preset.Gravity, spareX, spareY int) (left, top int) {
	left, top = spareX/2, spareY/2
	switch gravity {
	case preset.West, preset.NorthWest, preset.SouthWest:
		left = 0
	case preset.East, preset.NorthEast, preset.SouthEast:
		left = spareX
	case preset.Centre, preset.North, preset.South, preset.Smart:
	}
	switch gravity {
	case preset.North, preset.NorthWest, preset.NorthEast:
		top = 0
	case preset.South, preset.SouthWest, preset.SouthEast:
		top = spareY
	case preset.Centre, preset.West, preset.East, preset.Smart:
	}
	return left, top
}

// masterSize is the size, no larger than the original, from which every preset can be made without enlarging what the
// original had. It is exactly the largest resize asked for wherever that is smaller than the original. A vector
// drawing has pixels in any size.
func masterSize(presets []preset.Preset, width, height int, vector bool) (int, int) {
	best := Geometry{}
	for _, p := range presets {
		g := Plan(p, width, height)
		if !vector && (g.Width >= width || g.Height >= height) {
			return width, height
		}
		if g.Width > best.Width {
			best.Width = g.Width
		}
		if g.Height > best.Height {
			best.Height = g.Height
		}
	}
	if best.Width == 0 {
		return width, height
	}
	return best.Width, best.Height
}

// shrinkOnLoad says how much smaller a decoder can make an original while it decodes it, for a master of width x
// height pixels.
//
// libjpeg reduces blocks of 2, 4 or 8 pixels while it decodes them, which halves the time for a large photo, but each block
// for itself. That shows unless enough is left to the reduction that follows: with 1.05 left, a grainy photo at quality 80
// needed twice the bytes for the SSIM that it has otherwise; with half a step or more of libjpeg's own left, as here, no
// more. libwebp scales to any size, well enough to need nothing more; a drawing has no size of its own.
func shrinkOnLoad(h Header, width, height int) (shrink int, scale float64) {
	factor := math.Min(float64(h.Width)/float64(width), float64(h.Height)/float64(height))
	switch {
	case h.Type == SVG:
		return 1, 1 / factor
	case h.Type == WebP:
		return 1, 1 / math.Max(1, factor)
	case h.Type != JPEG || factor < 3:
		return 1, 1
	case factor < 5:
		return 2, 1
	case factor < 9:
		return 4, 1
	}
	return 8, 1
}
