package imaging_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/preset"
)

// credit is what the originals with credits say.
type credit struct{ artist, copyright string }

// TestMetadata: none carries nothing, copyright the two credits, icc an sRGB profile, all everything; GPS goes unless
// all; pixels are upright, so no orientation other than 1 may be left.
func TestMetadata(t *testing.T) {
	originals := map[string]struct {
		credit
		exif, gps bool
	}{
		"phones/gps-artist-copyright.jpg": {creditsOf(t, "phones/gps-artist-copyright.jpg"), true, true},
		"phones/display-p3.jpg":           {},
		"phones/iphone.heic":              {exif: true, gps: true},
		"formats/webp-orientation-6.webp": {exif: true},
		"formats/tiff-rgb.tif":            {},
		"photos/cat.jpg":                  {},
	}
	for file, original := range originals {
		data := rowOf(t, file).read(t)
		for _, format := range []preset.Format{preset.JPEG, preset.PNG, preset.WebP, preset.AVIF, preset.GIF} {
			for _, metadata := range []preset.Metadata{
				preset.MetadataNone, preset.MetadataCopyright, preset.MetadataICC, preset.MetadataAll,
			} {
				t.Run(fmt.Sprintf("%s to %s %s", file, format, metadata), func(t *testing.T) {
					t.Parallel()
					p := box(100, 100, preset.Inside)
					p.Format, p.Metadata, p.Effort = format, metadata, 0
					variant := once(t, data, p).Data
					if format == preset.GIF { // it has no place for any of it
						if bytes.Contains(variant, []byte("ICCRGBG1")) || bytes.Contains(variant, []byte("XMP Data")) {
							t.Error("a profile or XMP in a GIF")
						}
						return
					}
					got := carriedBy(t, variant)
					want := carried{ICC: metadata == preset.MetadataICC || metadata == preset.MetadataAll}
					if metadata == preset.MetadataCopyright && original.artist != "" {
						want.EXIF = &exifFacts{Artist: original.artist, Copyright: original.copyright}
					}
					if metadata == preset.MetadataAll && original.exif {
						want.EXIF = &exifFacts{
							Artist: original.artist, Copyright: original.copyright, GPS: original.gps, Orientation: 1,
						}
					}
					compare(t, want, got, metadata)
				})
			}
		}
	}
}

// compare leaves out what no promise is made of: whether a block says orientation 1 or nothing, which other fields it
// holds when all are kept, and an empty block.
func compare(t *testing.T, want, got carried, metadata preset.Metadata) {
	t.Helper()
	if got.EXIF != nil {
		if got.EXIF.Orientation > 1 {
			t.Errorf("orientation %d", got.EXIF.Orientation)
		}
		got.EXIF.Orientation = 0
		if metadata == preset.MetadataAll {
			got.EXIF.Camera = false
			if want.EXIF == nil && *got.EXIF == (exifFacts{}) {
				got.EXIF = nil
			}
		}
	}
	if want.EXIF != nil {
		want.EXIF.Orientation = 0
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func creditsOf(t testing.TB, file string) credit {
	t.Helper()
	found := carriedBy(t, rowOf(t, file).read(t))
	if found.EXIF == nil || found.EXIF.Artist == "" || found.EXIF.Copyright == "" || !found.EXIF.GPS {
		t.Fatalf("%s should have credits and GPS: %+v", file, found)
	}
	return credit{found.EXIF.Artist, found.EXIF.Copyright}
}

// TestProfileChangesNothing: the profile that a variant carries is sRGB's own, so its pixels are those without.
func TestProfileChangesNothing(t *testing.T) {
	data := rowOf(t, "phones/display-p3.jpg").read(t)
	with, without := wholeImage(), wholeImage()
	with.Metadata = preset.MetadataICC
	mean, largest := difference(pixelsOf(t, once(t, data, with).Data), pixelsOf(t, once(t, data, without).Data))
	if mean > 0.3 || largest > 3 {
		t.Errorf("mean difference %.2f, largest %.0f", mean, largest)
	}
}

// TestNothingHidden: scripts in comments and behind the end, and thumbnails within EXIF, reach no variant.
func TestNothingHidden(t *testing.T) {
	for _, file := range []string{"formats/odd-comment-script.jpg", "formats/odd-trailing-script.jpg"} {
		for _, metadata := range []preset.Metadata{preset.MetadataNone, preset.MetadataAll} {
			t.Run(fmt.Sprintf("%s %s", file, metadata), func(t *testing.T) {
				data := rowOf(t, file).read(t)
				if !bytes.Contains(data, []byte("<script")) {
					t.Fatal("the original holds no script")
				}
				p := wholeImage()
				p.Format, p.Metadata = preset.Original, metadata
				if bytes.Contains(once(t, data, p).Data, []byte("<script")) {
					t.Error("the script is in the variant")
				}
			})
		}
	}
	t.Run("thumbnail", func(t *testing.T) {
		data := read(t, bimgFile(t, "test_exif_canon.jpg"))
		if found := carriedBy(t, data); found.EXIF == nil || !found.EXIF.Thumbnail {
			t.Fatalf("the original should have a thumbnail: %+v", found.EXIF)
		}
		p := box(50, 50, preset.Inside)
		p.Format, p.Metadata = preset.Original, preset.MetadataAll
		found := carriedBy(t, once(t, data, p).Data)
		if found.EXIF == nil || found.EXIF.Thumbnail || !found.EXIF.Camera {
			t.Errorf("EXIF %+v, want the camera's fields and no thumbnail", found.EXIF)
		}
	})
}

// TestHeaderOfHEIC: the container's own rotation counts, and the size is that of the picture.
func TestHeaderOfHEIC(t *testing.T) {
	for name, want := range map[string]facts{
		"test.heic": {"heic", 3024, 4032, 1}, "test2.heic": {"heic", 1440, 960, 1}, "test3.heic": {"heic", 1280, 720, 1},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(want, factsOf(probe(t, read(t, bimgFile(t, name))))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
