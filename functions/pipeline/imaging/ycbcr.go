package imaging

import "image"

// conversion holds the factors from Y'CbCr to R'G'B' in 16.16 fixed point.
type conversion struct{ luma, redCr, greenCb, greenCr, blueCb, black int }

// conversionOf follows ITU-T H.273: matrix 1 is BT.709, 9 is BT.2020, everything else that phones write is BT.601.
// Limited range puts black at 16 and white at 235, with colour in 16 to 240.
func conversionOf(c colour) conversion {
	red, blue := 0.299, 0.114
	switch c.matrix {
	case 1:
		red, blue = 0.2126, 0.0722
	case 9:
		red, blue = 0.2627, 0.0593
	}
	green := 1 - red - blue
	luma, chroma, black := 1.0, 1.0, 0
	if c.limited {
		luma, chroma, black = 255.0/219, 255.0/224, 16
	}
	fixed := func(f float64) int { return int(f*65536 + 0.5) }
	return conversion{
		luma: fixed(luma), black: black,
		redCr: fixed(2 * (1 - red) * chroma), blueCb: fixed(2 * (1 - blue) * chroma),
		greenCb: fixed(2 * (1 - blue) * blue / green * chroma), greenCr: fixed(2 * (1 - red) * red / green * chroma),
	}
}

// fromYCbCr writes interleaved RGB, lines of width pixels, as many as there is room for; upside down from the last corner on.
func fromYCbCr(p *image.YCbCr, c colour, upsideDown bool, rgb []byte, width int) {
	k := conversionOf(c)
	shiftX, shiftY := 0, 0
	switch p.SubsampleRatio {
	case image.YCbCrSubsampleRatio420:
		shiftX, shiftY = 1, 1
	case image.YCbCrSubsampleRatio422:
		shiftX = 1
	}
	left, top, step := 0, 0, 1
	if upsideDown {
		left, top, step = p.Rect.Dx()-1, p.Rect.Dy()-1, -1
	}
	for y := top; len(rgb) > 0; y, rgb = y+step, rgb[3*width:] {
		lumas, chroma := p.Y[y*p.YStride:], (y>>shiftY)*p.CStride
		for i, x := 0, left; i < 3*width; i, x = i+3, x+step {
			at := chroma + x>>shiftX
			base := (int(lumas[x])-k.black)*k.luma + 1<<15
			cb, cr := int(p.Cb[at])-128, int(p.Cr[at])-128
			rgb[i] = clamp((base + k.redCr*cr) >> 16)
			rgb[i+1] = clamp((base - k.greenCb*cb - k.greenCr*cr) >> 16)
			rgb[i+2] = clamp((base + k.blueCb*cb) >> 16)
		}
	}
}

func clamp(v int) byte {
	return byte(min(max(v, 0), 255))
}
