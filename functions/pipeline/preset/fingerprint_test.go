package preset_test

import (
	"reflect"
	"regexp"
	"slices"
	"testing"

	"github.com/presize/presize/functions/pipeline/preset"
)

// everything is a preset to which every field but the ones for other formats matters.
func everything(format preset.Format) preset.Preset {
	return plain("a", func(p *preset.Preset) {
		p.Width, p.Height, p.Fit, p.Gravity, p.Format, p.Effort = 100, 50, preset.Contain, preset.North, format, 3
		p.Background, p.HasBackground = preset.Color{R: 1, A: 255}, true
	})
}

// TestFingerprintOfEachField changes one field at a time. A field of Preset that is not in the table fails the test: say
// whether a variant's bytes depend on it, and if so encode it.
func TestFingerprintOfEachField(t *testing.T) {
	fields := map[string]struct {
		change func(*preset.Preset)
		tells  []preset.Format // the formats of the preset for which the change must be seen
	}{
		"Name":          {func(p *preset.Preset) { p.Name = "b" }, nil},
		"Match":         {func(p *preset.Preset) { p.Match = "x/**" }, nil},
		"CacheControl":  {func(p *preset.Preset) { p.CacheControl = "no-store" }, nil},
		"Width":         {func(p *preset.Preset) { p.Width++ }, all},
		"Height":        {func(p *preset.Preset) { p.Height++ }, all},
		"Fit":           {func(p *preset.Preset) { p.Fit = preset.Cover }, all},
		"Gravity":       {func(p *preset.Preset) { p.Gravity = preset.South }, all},
		"Format":        {func(p *preset.Preset) { p.Format = another(p.Format) }, all},
		"Quality":       {func(p *preset.Preset) { p.Quality++ }, only(preset.Original, preset.JPEG, preset.WebP, preset.AVIF)},
		"Effort":        {func(p *preset.Preset) { p.Effort++ }, only(preset.Original, preset.PNG, preset.WebP, preset.AVIF, preset.GIF)},
		"Lossless":      {func(p *preset.Preset) { p.Lossless = true }, only(preset.Original, preset.WebP, preset.AVIF)},
		"Progressive":   {func(p *preset.Preset) { p.Progressive = true }, only(preset.Original, preset.JPEG, preset.PNG)},
		"Chroma":        {func(p *preset.Preset) { p.Chroma = preset.ChromaFull }, only(preset.Original, preset.JPEG, preset.WebP, preset.AVIF)},
		"Enlarge":       {func(p *preset.Preset) { p.Enlarge = true }, all},
		"Background":    {func(p *preset.Preset) { p.Background.G = 9 }, all},
		"HasBackground": {func(p *preset.Preset) { p.HasBackground = false }, all},
		"Sharpen":       {func(p *preset.Preset) { p.Sharpen = 0.5 }, all},
		"Blur":          {func(p *preset.Preset) { p.Blur = 0.5 }, all},
		"Animated":      {func(p *preset.Preset) { p.Animated = preset.First }, only(preset.Original, preset.WebP, preset.GIF)},
		"Metadata":      {func(p *preset.Preset) { p.Metadata = preset.MetadataICC }, all},
	}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[preset.Preset]()) {
		field, ok := fields[f.Name]
		if !ok {
			t.Errorf("nothing says whether %s tells in the fingerprint", f.Name)
			continue
		}
		for _, format := range all {
			before := everything(format)
			after := before
			field.change(&after)
			if reflect.DeepEqual(before, after) {
				t.Errorf("%s is not changed", f.Name)
			}
			want := slices.Contains(field.tells, format)
			if got := before.Fingerprint("1") != after.Fingerprint("1"); got != want {
				t.Errorf("%s of a preset in %s changes the fingerprint: %v, want %v", f.Name, format, got, want)
			}
		}
	}
}

// TestFingerprintLeavesOutWhatCannotMatter compares presets that look alike in every variant.
func TestFingerprintLeavesOutWhatCannotMatter(t *testing.T) {
	for _, tc := range []struct {
		name string
		a, b func(*preset.Preset)
		same bool
	}{
		{"gravity of inside", func(p *preset.Preset) {}, func(p *preset.Preset) { p.Gravity = preset.North }, true},
		{"gravity of fill", func(p *preset.Preset) { p.Height, p.Fit = 5, preset.Fill }, func(p *preset.Preset) { p.Height, p.Fit, p.Gravity = 5, preset.Fill, preset.North }, true},
		{"gravity of cover", func(p *preset.Preset) { p.Height, p.Fit = 5, preset.Cover }, func(p *preset.Preset) { p.Height, p.Fit, p.Gravity = 5, preset.Cover, preset.North }, false},
		{"smart padding", func(p *preset.Preset) { p.Height, p.Fit = 5, preset.Contain }, func(p *preset.Preset) { p.Height, p.Fit, p.Gravity = 5, preset.Contain, preset.Smart }, true},
		{"fit of one side", func(p *preset.Preset) {}, func(p *preset.Preset) { p.Fit = preset.Cover }, true},
		{"no background and a transparent one", func(p *preset.Preset) {}, func(p *preset.Preset) { p.HasBackground = true }, true},
		{"a background that is not given", func(p *preset.Preset) {}, func(p *preset.Preset) { p.Background.A = 255 }, true},
		{"white in JPEG", func(p *preset.Preset) { p.Format = preset.JPEG }, func(p *preset.Preset) {
			p.Format, p.Background, p.HasBackground = preset.JPEG, preset.Color{R: 255, G: 255, B: 255, A: 255}, true
		}, true},
		{"white in PNG", func(p *preset.Preset) { p.Format = preset.PNG }, func(p *preset.Preset) {
			p.Format, p.Background, p.HasBackground = preset.PNG, preset.Color{R: 255, G: 255, B: 255, A: 255}, true
		}, false},
		{"effort above the encoder's", func(p *preset.Preset) { p.Format, p.Effort = preset.WebP, 6 }, func(p *preset.Preset) { p.Format, p.Effort = preset.WebP, 10 }, true},
		{"effort 0 and none", func(p *preset.Preset) { p.Format, p.Effort = preset.WebP, 0 }, func(p *preset.Preset) { p.Format = preset.WebP }, false},
	} {
		a, b := plain("a", func(p *preset.Preset) { p.Width = 9 }), plain("b", func(p *preset.Preset) { p.Width = 9 })
		tc.a(&a)
		tc.b(&b)
		if got := a.Fingerprint("1") == b.Fingerprint("1"); got != tc.same {
			t.Errorf("%s: alike %v, want %v", tc.name, got, tc.same)
		}
	}
}

// TestFingerprintIsPinned notices a change of the encoding, which would make every variant in every bucket stale.
func TestFingerprintIsPinned(t *testing.T) {
	for _, tc := range []struct {
		name, renderer string
		p              preset.Preset
		want           string
	}{
		{"a plain one", "1", plain("small", func(p *preset.Preset) { p.Width = 368 }), "8fcd57df97f64ec9"},
		{"another renderer", "2", plain("small", func(p *preset.Preset) { p.Width = 368 }), "3d8f35e7bd23eeea"},
		{"everything", "1", everything(preset.AVIF), "a76bf5cc77633603"},
	} {
		got := tc.p.Fingerprint(tc.renderer)
		if got != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
		if !regexp.MustCompile(`^[0-9a-f]{16}$`).MatchString(got) {
			t.Errorf("%s: %q is not 16 lower-case hexadecimal digits", tc.name, got)
		}
	}
}

var all = append([]preset.Format{preset.Original}, formats...)

func only(f ...preset.Format) []preset.Format { return f }

func another(f preset.Format) preset.Format {
	if f == preset.WebP {
		return preset.AVIF
	}
	return preset.WebP
}
