package preset

import "strconv"

var namedColors = map[string]Color{
	"white":       {255, 255, 255, 255},
	"black":       {0, 0, 0, 255},
	"transparent": {},
}

// parseColor reads what the file's pattern for colours lets through: a name, or # and 3, 6 or 8 hexadecimal digits.
func parseColor(s string) Color {
	if c, ok := namedColors[s]; ok || s == "" {
		return c
	}
	digits := s[1:]
	if len(digits) == 3 {
		digits = string([]byte{digits[0], digits[0], digits[1], digits[1], digits[2], digits[2]})
	}
	if len(digits) == 6 {
		digits += "ff"
	}
	n, err := strconv.ParseUint(digits, 16, 32)
	if err != nil {
		return Color{}
	}
	c := Color{uint8(n >> 24), uint8(n >> 16), uint8(n >> 8), uint8(n)}
	if c.A == 0 {
		return Color{} // invisible, whatever its red
	}
	return c
}

// OnWhite is the opaque colour that c looks like on white: the background for a format without transparency.
func (c Color) OnWhite() Color {
	over := func(v uint8) uint8 { return uint8((int(v)*int(c.A) + 255*(255-int(c.A)) + 127) / 255) }
	return Color{over(c.R), over(c.G), over(c.B), 255}
}
