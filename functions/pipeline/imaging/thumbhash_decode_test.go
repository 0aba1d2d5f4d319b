package imaging_test

import "math"

// thumb is what a ThumbHash says: the fields of https://evanw.github.io/thumbhash/ as numbers.
type thumb struct {
	Landscape, Transparent bool
	Side                   int      // how many lightness frequencies the shorter side has
	Mean                   [4]int   // of lightness, yellow-blue, red-green and alpha
	Scale                  [4]int   // likewise
	Varying                [4][]int // likewise, 0 to 15
}

// bits reads fields, the lowest bits first.
type bits struct {
	data []byte
	at   int
}

func (b *bits) take(n int) (v int) {
	for i := range n {
		v |= int(b.data[b.at/8]>>(b.at%8)&1) << i
		b.at++
	}
	return v
}

func parseThumb(hash []byte) thumb {
	var t thumb
	b := &bits{data: hash}
	t.Mean[0], t.Mean[1], t.Mean[2], t.Scale[0] = b.take(6), b.take(6), b.take(6), b.take(5)
	t.Transparent = b.take(1) == 1
	t.Side, t.Scale[1], t.Scale[2] = b.take(3), b.take(6), b.take(6)
	t.Landscape = b.take(1) == 1
	t.Mean[3] = 15
	if t.Transparent {
		t.Mean[3], t.Scale[3] = b.take(4), b.take(4)
	}
	for k := range t.Varying {
		for range t.waves(k) {
			t.Varying[k] = append(t.Varying[k], b.take(4))
		}
	}
	return t
}

// sides are the numbers of lightness frequencies across and down, which are as the picture's sides.
func (t thumb) sides() (across, down int) {
	longest := 7
	if t.Transparent {
		longest = 5
	}
	if t.Landscape {
		return longest, t.Side
	}
	return t.Side, longest
}

// waves are the frequencies that channel k has, as pairs: how often across, how often down.
func (t thumb) waves(k int) (all [][2]int) {
	across, down := 3, 3
	switch {
	case k == 0:
		across, down = t.sides()
		across, down = max(3, across), max(3, down)
	case k == 3 && !t.Transparent:
		return nil
	case k == 3:
		across, down = 5, 5
	}
	for y := range down {
		for x := 0; x*down < across*(down-y); x++ {
			if x+y > 0 {
				all = append(all, [2]int{x, y})
			}
		}
	}
	return all
}

// draw decodes to a picture whose longer side is 32 pixels.
func (t thumb) draw() picture {
	across, down := t.sides()
	longest := float64(max(across, down))
	p := newPicture(int(math.Round(32*float64(across)/longest)), int(math.Round(32*float64(down)/longest)))
	for y := range p.height {
		for x := range p.width {
			var c [4]float64
			for k := range c {
				c[k] = t.channel(k, (float64(x)+0.5)/float64(p.width), (float64(y)+0.5)/float64(p.height))
			}
			blue := c[0] - c[1]*2/3
			red := (3*c[0] - blue + c[2]) / 2
			for k, v := range [4]float64{red, red - c[2], blue, c[3]} {
				p.pix[4*(y*p.width+x)+k] = float32(math.Floor(255 * max(0, min(1, v))))
			}
		}
	}
	return p
}

// channel is the value of channel k at a place from 0 to 1 across and down.
func (t thumb) channel(k int, x, y float64) float64 {
	whole := [4][2]float64{{63, 31}, {31.5, 63}, {31.5, 63}, {15, 15}}[k] // what 1 is as a mean, and as a scale
	v, scale := float64(t.Mean[k])/whole[0], float64(t.Scale[k])/whole[1]
	if k == 1 || k == 2 {
		v-- // these go from -1 to 1
		scale *= 1.25
	}
	for i, wave := range t.waves(k) {
		share := (float64(t.Varying[k][i])/7.5 - 1) * scale
		v += 2 * share * math.Cos(math.Pi*x*float64(wave[0])) * math.Cos(math.Pi*y*float64(wave[1]))
	}
	return v
}
