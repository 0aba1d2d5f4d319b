package imaging

// colourLevels is how many steps of red, green and blue colours are sorted by: 16 of 255 each. With 8 steps the mean of
// neighbours is a colour that is not in the picture.
const colourLevels = 16

// tally adds up pixels that look alike, each by how much of it shows: its alpha.
type tally struct {
	weight  uint64
	channel [3]uint64
}

// add counts what is in other, times over.
func (s *tally) add(other tally, times uint64) {
	s.weight += times * other.weight
	for k := range s.channel {
		s.channel[k] += times * other.channel[k]
	}
}

// mean is the colour in the middle.
func (s *tally) mean() Color {
	var c Color
	for k, v := range s.channel {
		c[k] = uint8((v + s.weight/2) / s.weight)
	}
	return c
}

// dominant is the colour that most of what shows is near. Unlike the mean of everything, which is mud, it is one that
// can be seen: the mean of the fullest of 4096 boxes of like colours, and of its neighbours, so that a colour on the
// border of two boxes does not count as two. Of several that are as full it is the first.
//
// Of a picture in which nothing shows it is white, which is also what Presize lays under transparency in a JPEG.
func (m miniature) dominant() Color {
	boxes := make([]tally, colourLevels*colourLevels*colourLevels)
	for i := 0; i < len(m.rgba); i += 4 {
		pixel := m.rgba[i:][:4]
		box := 0
		one := tally{weight: uint64(pixel[3])}
		for k, v := range pixel[:3] {
			box = box*colourLevels + int(v)*colourLevels/256
			one.channel[k] = uint64(v) * one.weight
		}
		boxes[box].add(one, 1)
	}
	var fullest tally
	for box := range boxes {
		if boxes[box].weight == 0 {
			continue
		}
		if s := around(boxes, box); s.weight > fullest.weight {
			fullest = s
		}
	}
	if fullest.weight == 0 {
		return Color{255, 255, 255}
	}
	return fullest.mean()
}

// around adds up a box and its neighbours, which count half for each of red, green and blue that is another step.
func around(boxes []tally, box int) tally {
	var s tally
	r, g, b := box/colourLevels/colourLevels, box/colourLevels%colourLevels, box%colourLevels
	for i := max(0, r-1); i <= min(colourLevels-1, r+1); i++ {
		for j := max(0, g-1); j <= min(colourLevels-1, g+1); j++ {
			for k := max(0, b-1); k <= min(colourLevels-1, b+1); k++ {
				near := uint64(8)
				for _, steps := range [3]int{i - r, j - g, k - b} {
					if steps != 0 {
						near /= 2
					}
				}
				s.add(boxes[(i*colourLevels+j)*colourLevels+k], near)
			}
		}
	}
	return s
}
