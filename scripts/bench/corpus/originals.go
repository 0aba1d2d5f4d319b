package corpus

import (
	"path/filepath"

	"github.com/presize/presize/functions/pipeline/preset"
)

// original is how one file comes about: copied from bimg's testdata, or derived from such a copy.
type original struct {
	name          string
	width, height int // pixels, upright
	about         string
	make          func(m maker, name string) error
}

// originals are in the order of the table: photos, large and small, then what else people upload.
func originals() []original {
	return []original{
		{"phone-12mp.jpg", 3024, 4032, "iPhone; Display P3, EXIF orientation 6", copied("test_exif_full.jpg")},
		{"phone-12mp.heic", 3024, 4032, "iPhone; HEVC in tiles", copied("test.heic")},
		{"camera-24mp.jpg", 4000, 6000, "camera; upright", copied("vertical.jpg")},
		{"camera-24mp.webp", 4000, 6000, "the same as WebP", copied("vertical.webp")},
		{"photo-14mp.jpg", 3055, 4583, "the same reduced; baseline, quality 90", rendered("camera-24mp.jpg", medium(preset.JPEG, false))},
		{"photo-14mp-progressive.jpg", 3055, 4583, "the same, progressive", rendered("camera-24mp.jpg", medium(preset.JPEG, true))},
		{"photo-14mp.png", 3055, 4583, "the same as PNG", rendered("camera-24mp.jpg", medium(preset.PNG, false))},
		{"web-6mp.jpg", 2725, 2225, "the phone's photo cropped; quality 85", rendered("phone-12mp.jpg", cover(2725, 2225))},
		{"photo-6mp.avif", 3082, 2048, "8 bits, 4:2:0", copied("test.avif")},
		{"avatar.jpg", 300, 300, "the phone's photo cropped", rendered("phone-12mp.jpg", cover(300, 300))},
		{"cutout-6mp.png", 2000, 3000, "a photo within a circle, transparent around it", cutOut("camera-24mp.jpg", 2000, 900)},
		{"logo.png", 320, 240, "a small transparent drawing", copied("transparent.png")},
		{"animation.gif", 703, 681, "24 frames", copied("test.gif")},
	}
}

// medium is a photo of 14 megapixels in a format.
func medium(format preset.Format, progressive bool) preset.Preset {
	p := plain(format)
	p.Width, p.Quality, p.Progressive = 3055, 90, progressive
	return p
}

// cover is a JPEG as the web has it, cropped to a box.
func cover(width, height int) preset.Preset {
	p := plain(preset.JPEG)
	p.Width, p.Height, p.Fit, p.Quality = width, height, preset.Cover, 85
	return p
}

func plain(format preset.Format) preset.Preset {
	return preset.Preset{
		Name: "corpus", Fit: preset.Inside, Gravity: preset.Centre, Format: format, Effort: preset.NoEffort,
		Chroma: preset.ChromaAuto, Animated: preset.Keep, Metadata: preset.MetadataNone,
	}
}

// Names are the originals' names that match a glob, in the table's order.
func Names(glob string) ([]string, error) {
	var names []string
	for _, o := range originals() {
		match, err := filepath.Match(glob, o.name)
		if err != nil {
			return nil, err
		}
		if match {
			names = append(names, o.name)
		}
	}
	return names, nil
}
