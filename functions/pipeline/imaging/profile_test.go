package imaging_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"image"
	"image/color"
	"io"
	"math"
	"slices"
	"testing"

	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/preset"
)

// gridStep parts the values of a channel that a grid has.
const gridStep = 17

// grid holds every combination of 16 values of red, green and blue, each a pixel.
func grid() *image.NRGBA {
	const n = 255/gridStep + 1
	return synthetic(n*n, n, func(x, y int) color.NRGBA {
		return color.NRGBA{uint8(x / n * gridStep), uint8(x % n * gridStep), uint8(y * gridStep), 255}
	})
}

func gridColours() []imaging.Color {
	img := grid()
	colours := make([]imaging.Color, 0, len(img.Pix)/4)
	for i := 0; i < len(img.Pix); i += 4 {
		colours = append(colours, imaging.Color(img.Pix[i:i+3]))
	}
	return colours
}

// managed is a PNG of an image with a profile.
func managed(t testing.TB, img image.Image, profile []byte) []byte {
	t.Helper()
	var body bytes.Buffer
	body.WriteString("profile\x00\x00")
	packer := zlib.NewWriter(&body)
	packer.Write(profile)
	packer.Close()
	return withChunk(asPNG(t, img), "iCCP", body.Bytes())
}

// byLibvips leaves a picture to libvips, which has Little CMS, by a pixel that something shows through.
func byLibvips(img *image.NRGBA) *image.NRGBA {
	img = clone(img)
	img.Pix[3] = 254
	return img
}

// embedded is the profile that a JPEG or PNG carries.
func embedded(t testing.TB, data []byte) []byte {
	t.Helper()
	var profile []byte
	for _, c := range chunks(t, data) {
		if c.kind == "ffe2" && bytes.HasPrefix(c.body, []byte("ICC_PROFILE\x00")) {
			profile = append(profile, c.body[14:]...)
		}
		if c.kind == "iCCP" {
			packed, err := zlib.NewReader(bytes.NewReader(c.body[bytes.IndexByte(c.body, 0)+2:]))
			if err != nil {
				t.Fatal(err)
			}
			if profile, err = io.ReadAll(packed); err != nil {
				t.Fatal(err)
			}
		}
	}
	if profile == nil {
		t.Fatal("no profile")
	}
	return profile
}

type matrix [3][3]float64 // a column for each of red, green and blue, of D50 XYZ

// The primaries of three colour spaces, adapted to D50 by Bradford: www.brucelindbloom.com/index.html?Eqn_RGB_XYZ_Matrix.html.
var (
	srgbColumns     = matrix{{0.4360747, 0.2225045, 0.0139322}, {0.3850649, 0.7168786, 0.0971045}, {0.1430804, 0.0606169, 0.7141733}}
	adobeColumns    = matrix{{0.6097559, 0.3111242, 0.0194811}, {0.2052401, 0.6256560, 0.0608902}, {0.1492240, 0.0632197, 0.7448387}}
	prophotoColumns = matrix{{0.7976749, 0.2880402, 0}, {0.1351917, 0.7118741, 0}, {0.0313534, 0.0000857, 0.8252100}}
)

func fixedPoint(v float64) []byte {
	return binary.BigEndian.AppendUint32(nil, uint32(int32(math.Round(v*65536))))
}

func para(kind uint16, parameters ...float64) []byte {
	tag := append(binary.BigEndian.AppendUint16([]byte("para\x00\x00\x00\x00"), kind), 0, 0)
	for _, v := range parameters {
		tag = append(tag, fixedPoint(v)...)
	}
	return tag
}

func curv(entries ...uint16) []byte {
	tag := binary.BigEndian.AppendUint32([]byte("curv\x00\x00\x00\x00"), uint32(len(entries)))
	for _, v := range entries {
		tag = binary.BigEndian.AppendUint16(tag, v)
	}
	return tag
}

// tag is one entry of a profile.
type tag struct {
	name string
	body []byte
}

// profileOf is a display profile of RGB with the tags given.
func profileOf(tags ...tag) []byte {
	be := binary.BigEndian
	head := make([]byte, 128)
	copy(head[8:], "\x04\x30\x00\x00mntrRGB XYZ ")
	copy(head[24:], "\x07\xe8\x00\x01\x00\x01") // a date
	copy(head[36:], "acsp")
	copy(head[68:], "\x00\x00\xf6\xd6\x00\x01\x00\x00\x00\x00\xd3\x2d") // D50
	list, bodies := be.AppendUint32(nil, uint32(len(tags))), []byte{}
	for _, one := range tags {
		at := len(head) + 4 + 12*len(tags) + len(bodies)
		list = be.AppendUint32(be.AppendUint32(append(list, one.name...), uint32(at)), uint32(len(one.body)))
		bodies = append(bodies, one.body...)
		bodies = append(bodies, make([]byte, (4-len(bodies)%4)%4)...)
	}
	out := slices.Concat(head, list, bodies)
	be.PutUint32(out, uint32(len(out)))
	return out
}

func xyz(column [3]float64) []byte {
	tag := []byte("XYZ \x00\x00\x00\x00")
	for _, v := range column {
		tag = append(tag, fixedPoint(v)...)
	}
	return tag
}

// matrixTags are those of a matrix profile with one curve for all channels.
func matrixTags(columns matrix, curve []byte) []tag {
	return []tag{
		{"wtpt", xyz([3]float64{0.9642, 1, 0.8249})},
		{"rXYZ", xyz(columns[0])}, {"gXYZ", xyz(columns[1])}, {"bXYZ", xyz(columns[2])},
		{"rTRC", curve}, {"gTRC", curve}, {"bTRC", curve},
	}
}

// solve gives what of the columns adds up to a colour, by Cramer's rule.
func solve(columns matrix, xyz [3]float64) (out [3]float64) {
	determinant := func(m matrix) float64 {
		return m[0][0]*(m[1][1]*m[2][2]-m[2][1]*m[1][2]) - m[1][0]*(m[0][1]*m[2][2]-m[2][1]*m[0][2]) +
			m[2][0]*(m[0][1]*m[1][2]-m[1][1]*m[0][2])
	}
	for k := range out {
		replaced := columns
		replaced[k] = xyz
		out[k] = determinant(replaced) / determinant(columns)
	}
	return out
}

// exactly is a colour in sRGB, in double precision and by the definitions.
func exactly(c imaging.Color, columns matrix, curve func(float64) float64) (out [3]float64) {
	var xyz [3]float64
	for k, v := range c {
		light := min(1, max(0, curve(float64(v)/255)))
		for axis := range xyz {
			xyz[axis] += columns[k][axis] * light
		}
	}
	for k, v := range solve(srgbColumns, xyz) {
		if v = min(1, max(0, v)); v <= 0.0031308 {
			v *= 12.92
		} else {
			v = 1.055*math.Pow(v, 1/2.4) - 0.055
		}
		out[k] = 255 * v
	}
	return out
}

// power gives a table of a curve.
func power(gamma float64, entries int) []uint16 {
	table := make([]uint16, entries)
	for i := range table {
		table[i] = uint16(math.Round(65535 * math.Pow(float64(i)/float64(entries-1), gamma)))
	}
	return table
}

// formula is a parametric curve, or a table's, as ICC.1:2022, 10.6 and 10.18, define it.
func formula(from, slope, offset, g, a, b, c float64) func(float64) float64 {
	return func(x float64) float64 {
		if x < from {
			return slope*x + offset
		}
		return math.Pow(a*x+b, g) + c
	}
}

// curves that profiles have, and what they mean.
var curves = map[string]struct {
	tag   []byte
	curve func(float64) float64
}{
	"gamma 2.2":           {para(0, 2.2), formula(-1, 0, 0, 2.2, 1, 0, 0)},
	"gamma 1.8":           {para(0, 1.8), formula(-1, 0, 0, 1.8, 1, 0, 0)},
	"clear below":         {para(1, 2.4, 1.1, -0.1), formula(0.1/1.1, 0, 0, 2.4, 1.1, -0.1, 0)},
	"constant below":      {para(2, 2.4, 1.05, -0.1, 0.03), formula(0.1/1.05, 0, 0.03, 2.4, 1.05, -0.1, 0.03)},
	"sRGB's":              {para(3, 2.4, 1/1.055, 0.055/1.055, 1/12.92, 0.04045), formula(0.04045, 1/12.92, 0, 2.4, 1/1.055, 0.055/1.055, 0)},
	"ProPhoto's":          {para(3, 1.8, 1, 0, 1.0/16, 1.0/32), formula(1.0/32, 1.0/16, 0, 1.8, 1, 0, 0)},
	"all seven":           {para(4, 2.2, 0.9, 0.05, 0.2, 0.1, 0.04, 0.01), formula(0.1, 0.2, 0.01, 2.2, 0.9, 0.05, 0.04)},
	"no entries":          {curv(), formula(-1, 0, 0, 1, 1, 0, 0)},
	"one entry: 2.2":      {curv(563), formula(-1, 0, 0, 563.0/256, 1, 0, 0)},
	"one entry: 1.8":      {curv(461), formula(-1, 0, 0, 461.0/256, 1, 0, 0)},
	"two entries":         {curv(0, 65535), formula(-1, 0, 0, 1, 1, 0, 0)},
	"two within":          {curv(1000, 60000), formula(2, 59000.0/65535, 1000.0/65535, 1, 1, 0, 0)},
	"a table of 1024":     {curv(power(2.2, 1024)...), formula(-1, 0, 0, 2.2, 1, 0, 0)},
	"a table of 256":      {curv(power(1.8, 256)...), formula(-1, 0, 0, 1.8, 1, 0, 0)},
	"a table of 4096":     {curv(power(2.6, 4096)...), formula(-1, 0, 0, 2.6, 1, 0, 0)},
	"an odd table of 333": {curv(power(2, 333)...), formula(-1, 0, 0, 2, 1, 0, 0)},
}

// TestProfile holds colours through every kind of curve and several primaries against the definitions, and pictures of them
// against libvips' own transform.
func TestProfile(t *testing.T) {
	colours, img := gridColours(), grid()
	for name, c := range curves {
		for space, columns := range map[string]matrix{"sRGB": srgbColumns, "Adobe RGB": adobeColumns, "ProPhoto": prophotoColumns} {
			t.Run(name+" in "+space, func(t *testing.T) {
				profile := profileOf(matrixTags(columns, c.tag)...)
				got, ok := imaging.Convert(profile, colours)
				if !ok {
					t.Fatal("not read")
				}
				largest := 0.0
				for i, out := range got {
					want := exactly(colours[i], columns, c.curve)
					for k, v := range out {
						largest = max(largest, math.Abs(float64(v)-want[k]))
					}
				}
				if largest > 1 {
					t.Errorf("%.2f away from the definitions", largest)
				}
				asLibvipsDoes(t, img, profile, 2)
			})
		}
	}
}

// attempt reads a picture back, or gives the reason why not.
func attempt(t testing.TB, data []byte) (picture, imaging.Reason) {
	t.Helper()
	master, err := imaging.Decode(context.Background(), data, probe(t, data), []preset.Preset{wholeImage()})
	if err != nil {
		t.Log(err)
		return picture{}, reasonOf(err)
	}
	t.Cleanup(master.Close)
	return fromPNG(t, render(t, master, wholeImage()).Data), ""
}

// asLibvipsDoes fails unless a picture with a profile becomes what libvips' own transform makes of it.
func asLibvipsDoes(t *testing.T, img *image.NRGBA, profile []byte, tolerance float64) {
	t.Helper()
	got, reason := attempt(t, managed(t, img, profile))
	want, wantReason := attempt(t, managed(t, byLibvips(img), profile))
	if reason != "" || wantReason != "" {
		if reason != wantReason {
			t.Errorf("reason %q, want %q", reason, wantReason)
		}
		return
	}
	copy(want.pix[:4], got.pix[:4]) // the pixel that something shows through
	if _, largest := difference(got, want); largest > tolerance {
		t.Errorf("%.0f away from libvips' own", largest)
	}
}

// TestProfilesFound: those that cameras, phones and programs embed.
func TestProfilesFound(t *testing.T) {
	for name, path := range map[string]string{
		"display p3": original("phones/display-p3.jpg"), "adobe rgb": original("formats/jpeg-adobe-rgb.jpg"),
		"prophoto": original("formats/jpeg-prophoto.jpg"), "bimg's prophoto": bimgFile(t, "test_icc_prophoto.jpg"),
		"bimg's photo": bimgFile(t, "vertical.jpg"), "bimg's canon": bimgFile(t, "test_exif_canon.jpg"),
		"bimg's full": bimgFile(t, "test_exif_full.jpg"),
	} {
		t.Run(name, func(t *testing.T) {
			profile := embedded(t, read(t, path))
			if _, ok := imaging.Convert(profile, nil); !ok {
				t.Error("left to libvips")
			}
			asLibvipsDoes(t, grid(), profile, 2)
		})
	}
}

// TestProfileOfSRGB: sRGB under whatever name changes nothing, while one that is a little off does.
func TestProfileOfSRGB(t *testing.T) {
	p := wholeImage()
	p.Metadata = preset.MetadataICC
	gamma := curves["sRGB's"].tag
	profiles := map[string][]byte{
		"what variants carry": embedded(t, once(t, asPNG(t, grid()), p).Data),
		"by its definition":   profileOf(matrixTags(srgbColumns, gamma)...),
	}
	want := fromImage(grid())
	for name, profile := range profiles {
		t.Run(name, func(t *testing.T) {
			same(t, pixelsOf(t, managed(t, grid(), profile)), want)
		})
	}
	t.Run("another gamma", func(t *testing.T) {
		got := pixelsOf(t, managed(t, grid(), profileOf(matrixTags(srgbColumns, para(0, 2.3))...)))
		if _, largest := difference(got, want); largest < 2 {
			t.Error("nothing changed")
		}
	})
}

// without leaves out a tag, with puts one in or replaces it.
func without(tags []tag, name string) []tag {
	return slices.DeleteFunc(slices.Clone(tags), func(one tag) bool { return one.name == name })
}

func with(tags []tag, name string, body []byte) []tag {
	return append(without(tags, name), tag{name, body})
}

// brokenProfiles are not what they should be, each in one way.
func brokenProfiles() map[string][]byte {
	be := binary.BigEndian
	good := matrixTags(adobeColumns, para(0, 2.2))
	patched := func(at int, by ...byte) []byte {
		profile := profileOf(good...)
		copy(profile[at:], by)
		return profile
	}
	huge := []byte{255, 255, 255, 255}
	return map[string][]byte{
		"nothing":                    {},
		"no signature":               patched(36, 'x'),
		"another space":              patched(16, []byte("CMYK")...),
		"another connection space":   patched(20, []byte("Lab ")...),
		"4,294,967,295 tags":         patched(128, huge...),
		"a tag behind the end":       patched(128+4+12+4, huge...),
		"a tag longer than the file": patched(128+4+12+8, huge...),
		"both at once":               patched(128+4+12+4, slices.Concat(huge, huge)...),
		"no red":                     profileOf(without(good, "rXYZ")...),
		"no curve":                   profileOf(without(good, "gTRC")...),
		"a column cut off":           profileOf(with(good, "bXYZ", xyz(adobeColumns[2])[:19])...),
		"a column that is none":      profileOf(with(good, "bXYZ", append([]byte("text"), make([]byte, 16)...))...),
		"a curve that is none":       profileOf(with(good, "rTRC", append([]byte("text"), make([]byte, 16)...))...),
		"an empty curve":             profileOf(with(good, "rTRC", nil)...),
		"4,294,967,295 entries":      profileOf(with(good, "rTRC", be.AppendUint32([]byte("curv\x00\x00\x00\x00"), math.MaxUint32))...),
		"2,147,483,648 entries":      profileOf(with(good, "rTRC", be.AppendUint32([]byte("curv\x00\x00\x00\x00"), 1<<31))...),
		"a table cut off":            profileOf(with(good, "rTRC", curv(1, 2, 3)[:16])...),
		"a formula of no kind":       profileOf(with(good, "rTRC", para(5, 1, 1, 1, 1, 1, 1, 1))...),
		"a formula cut off":          profileOf(with(good, "rTRC", para(4, 1, 1, 1, 1, 1, 1))...),
		"nothing times x":            profileOf(with(good, "rTRC", para(1, 2.2, 0, 0))...),
		"a root of what is negative": profileOf(with(good, "rTRC", para(3, 2.5, 1, -0.5, 1, 0))...),
		"tables beside the matrix":   profileOf(with(good, "A2B0", []byte("mft1"))...),
	}
}

// TestProfileBroken: what is broken is left to libvips, and then it does no more harm than with a picture that is left to it
// anyway.
func TestProfileBroken(t *testing.T) {
	for name, profile := range brokenProfiles() {
		t.Run(name, func(t *testing.T) {
			if _, ok := imaging.Convert(profile, gridColours()); ok {
				t.Error("it was read")
			}
			asLibvipsDoes(t, grid(), profile, 2)
		})
	}
}

// TestProfileCutOff cuts profiles at every byte.
func TestProfileCutOff(t *testing.T) {
	for name, profile := range map[string][]byte{
		"formula": profileOf(matrixTags(adobeColumns, curves["all seven"].tag)...),
		"table":   profileOf(matrixTags(adobeColumns, curv(power(2, 20)...))...),
	} {
		t.Run(name, func(t *testing.T) {
			padding := 3
			for end := range profile {
				if _, ok := imaging.Convert(profile[:end], nil); ok && end < len(profile)-padding {
					t.Fatalf("the first %d of %d bytes were read", end, len(profile))
				}
			}
		})
	}
}

// TestProfileExtreme: numbers as large as a profile can say are cut to what a pixel can show, the same in a picture as in a
// colour.
func TestProfileExtreme(t *testing.T) {
	const most = 32767
	for name, columns := range map[string]matrix{
		"bright":           {{most, 0, 0}, {0, most, 0}, {0, 0, most}},
		"dark":             {{-most, 0, 0}, {0, -most, 0}, {0, 0, -most}},
		"brighter":         {{most, -most, -most}, {-most, most, most}, {most, -most, most}},
		"a little of each": {{most, 0, 0}, {most, 0, 0}, {most, 0, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			profile := profileOf(matrixTags(columns, para(0, 1))...)
			want, ok := imaging.Convert(profile, gridColours())
			if !ok {
				t.Fatal("not read")
			}
			got := pixelsOf(t, managed(t, grid(), profile))
			for i, c := range want {
				pixel := imaging.Color{uint8(got.pix[4*i]), uint8(got.pix[4*i+1]), uint8(got.pix[4*i+2])}
				if pixel != c {
					t.Fatalf("%v became %v in a picture, and %v alone", gridColours()[i], pixel, c)
				}
			}
		})
	}
}

// FuzzProfile reads profiles, and renders a picture with each.
func FuzzProfile(f *testing.F) {
	for _, c := range curves {
		f.Add(profileOf(matrixTags(prophotoColumns, c.tag)...))
	}
	for _, profile := range brokenProfiles() {
		f.Add(profile)
	}
	f.Add(embedded(f, read(f, original("phones/display-p3.jpg"))))
	colours := []imaging.Color{{}, {255, 255, 255}, {1, 128, 254}}
	f.Fuzz(func(t *testing.T, profile []byte) {
		if out, ok := imaging.Convert(profile, colours); ok != (len(out) == len(colours)) {
			t.Fatalf("%d colours, read: %v", len(out), ok)
		}
		header, err := imaging.Probe(managed(t, synthetic(3, 1, zonePlate), profile), tight, false)
		if within(t, header, err) {
			master, err := imaging.Decode(context.Background(), managed(t, synthetic(3, 1, zonePlate), profile), header, []preset.Preset{wholeImage()})
			if within(t, header, err) {
				master.Close()
			}
		}
	})
}
