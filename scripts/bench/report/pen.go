package report

import (
	"image/color"
	"strings"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"

	stdfont "golang.org/x/image/font"
)

// The PNG has two pixels for each point, so that it stays sharp on dense screens when a page shows it chartWidth wide.
const chartDPI = 144

// pen draws in points from the top left corner. The fonts come with the module: they are the same on every machine.
type pen struct {
	canvas *vgimg.Canvas
	draw   draw.Canvas
	height vg.Length
	texts  text.Handler
}

func newPen(width, height vg.Length) *pen {
	canvas := vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(chartDPI), vgimg.UseBackgroundColor(color.White))
	return &pen{canvas, draw.New(canvas), height, handler()}
}

func handler() text.Handler { return text.Plain{Fonts: font.NewCache(liberation.Collection())} }

// style is how text looks.
type style struct {
	size  vg.Length
	bold  bool
	color color.Color
	align text.XAlignment
}

func (s style) text(handler text.Handler) text.Style {
	face := font.Font{Typeface: "Liberation", Variant: "Sans", Size: s.size}
	if s.bold {
		face.Weight = stdfont.WeightBold
	}
	return text.Style{Color: s.color, Font: face, XAlign: s.align, YAlign: text.YCenter, Handler: handler}
}

// write puts text beside x, its middle at y.
func (p *pen) write(s style, x, y vg.Length, words string) {
	p.draw.FillText(s.text(p.texts), vg.Point{X: x, Y: p.height - y + s.size/10}, words)
}

// box fills from one corner to the other.
func (p *pen) box(c color.Color, left, top, right, bottom vg.Length) {
	top, bottom = p.height-top, p.height-bottom
	p.draw.FillPolygon(c, []vg.Point{{X: left, Y: top}, {X: right, Y: top}, {X: right, Y: bottom}, {X: left, Y: bottom}})
}

// width of text in points.
func (s style) width(words string) vg.Length { return s.text(handler()).Width(words) }

// wrap breaks words into lines of a width at most.
func (s style) wrap(words string, most vg.Length) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(words) {
		longer := strings.TrimSpace(line + " " + word)
		if line != "" && s.width(longer) > most {
			lines = append(lines, line)
			longer = word
		}
		line = longer
	}
	if line == "" {
		return lines
	}
	return append(lines, line)
}
