package report

import (
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

// The chart in points, which are pixels of a page that shows it chartWidth wide.
const (
	chartWidth = 900
	margin     = 24
	gutter     = 218 // names of files
	numbers    = 46  // right of the longest bar
	thick      = 10  // of a bar
	between    = 12  // groups
	headHeight = 112
	lineHeight = 14
)

// The colours that colour-blind people tell apart: Okabe and Ito, "Color universal design", 2008.
var (
	paints = map[string]color.Color{
		blog: rgb(0xd55e00), blogParallel: rgb(0xe69f00), sharpOnce: rgb(0x0072b2), bimg: rgb(0x009e73),
		jimp: rgb(0xcc79a7), floor: rgb(0xa0a0a0),
	}
	ink, grey, faint = rgb(0x1f2328), rgb(0x656d76), rgb(0xe4e7eb)
	stripe           = rgb(0xf6f8fa)
)

func rgb(c uint32) color.Color {
	return color.NRGBA{uint8(c >> 16), uint8(c >> 8), uint8(c), 255}
}

// small is how what is said by the way looks.
var small = style{size: 10, color: grey}

// x is where a ratio lies.
func (c *chart) x(ratio float64) vg.Length {
	part := math.Log2(max(1, ratio/c.least)) / math.Log2(c.most/c.least)
	return margin + gutter + vg.Length(part)*(chartWidth-2*margin-gutter-numbers)
}

func (c *chart) groupHeight() vg.Length { return vg.Length(len(c.contestants)*thick + between) }

func (c *chart) paint() *vgimg.Canvas {
	bottom := headHeight + vg.Length(len(c.groups))*c.groupHeight()
	p := newPen(chartWidth, bottom+2*lineHeight+vg.Length(len(c.foot))*lineHeight+margin/2)
	p.write(style{size: 19, bold: true, color: ink}, margin, 28, c.title)
	p.write(style{size: 11.5, color: grey}, margin, 52, c.about)
	c.legend(p)
	for i := range c.groups {
		if i%2 == 0 {
			top := headHeight + vg.Length(i)*c.groupHeight()
			p.box(stripe, margin/2, top, chartWidth-margin/2, top+c.groupHeight())
		}
	}
	c.scale(p, bottom)
	for i, g := range c.groups {
		c.group(p, g, headHeight+vg.Length(i)*c.groupHeight())
	}
	p.box(ink, c.x(1)-0.75, headHeight, c.x(1)+0.75, bottom)
	for i, line := range c.foot {
		p.write(small, margin, bottom+2*lineHeight+vg.Length(i)*lineHeight, line)
	}
	return p.canvas
}

func (c *chart) legend(p *pen) {
	at := vg.Length(margin)
	for _, name := range c.contestants {
		p.box(paint(name), at, 71, at+11, 82)
		s := style{size: 12, color: ink}
		if c.short[name] {
			name += star
		}
		p.write(s, at+16, 76.5, name)
		at += 16 + s.width(name) + 20
	}
}

// scale draws the lines of the ratios, and their numbers above and below.
func (c *chart) scale(p *pen, bottom vg.Length) {
	for ratio := math.Exp2(math.Ceil(math.Log2(c.least))); ratio <= c.most; ratio *= 2 {
		x := c.x(ratio)
		p.box(faint, x-0.5, headHeight, x+0.5, bottom)
		s, label := style{size: 10.5, color: grey, align: text.XCenter}, fmt.Sprintf("%g×", ratio)
		if ratio == 1 {
			s.bold, s.color, label = true, ink, "Presize"
		}
		p.write(s, x, headHeight-8, label)
		p.write(s, x, bottom+9, label)
	}
}

// group draws a file's bars below each other: from Presize's line to the ratio.
func (c *chart) group(p *pen, g group, top vg.Length) {
	middle := top + c.groupHeight()/2
	p.write(style{size: 12, bold: true, color: ink}, margin, middle-7, g.name)
	p.write(small, margin, middle+7, g.about)
	for i, name := range c.contestants {
		y := top + between/2.0 + vg.Length(i*thick)
		s := style{size: 9, color: ink}
		ratio, ok := g.bars[name]
		switch {
		case ok:
			from, to := min(c.x(1), c.x(ratio)), max(c.x(1), c.x(ratio))
			p.box(paint(name), from, y+0.5, to, y+thick-0.5)
			words := figure(ratio) + "×"
			if g.short[name] {
				words += star
			}
			p.write(s, to+4, y+thick/2.0, words)
		case g.cannot[name]:
			s.color = grey
			p.write(s, c.x(1)+4, y+thick/2.0, name+" cannot")
		}
	}
}

func paint(contestant string) color.Color {
	if c, ok := paints[contestant]; ok {
		return c
	}
	return grey
}
