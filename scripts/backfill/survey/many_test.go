package survey_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/scripts/backfill/survey"
)

// TestTwentyThousand plants 20,000 originals with variants for a random half, some stale, some orphaned, and wants exactly
// that back, listed in ranges, and a second time from the index with next to no HEAD.
func TestTwentyThousand(t *testing.T) {
	random := rand.New(rand.NewPCG(20, 26))
	p := plant(config(t, presets))
	extensions := []string{".jpg", ".JPG", ".png", ".heic", ""}
	for i := range 20_000 {
		key := fmt.Sprintf("originals/users/%03d/photo-%d%s", random.IntN(400), i, extensions[random.IntN(len(extensions))])
		orphan := random.IntN(50) == 0
		o := p.original(key)
		if orphan {
			delete(p.info, key)
			if err := p.bucket.Delete(t.Context(), key); err != nil {
				t.Fatal(err)
			}
		} else if random.IntN(2) == 0 {
			continue
		}
		for _, by := range p.config.Presets {
			etag, fingerprint := o.ETag, by.Fingerprint(imaging.Renderer)
			switch random.IntN(10) {
			case 0:
				etag = "0123"
			case 1:
				fingerprint = "4567"
			case 2:
				etag, fingerprint = "0123", "4567"
			}
			variant, err := p.config.VariantKey(by, key, map[preset.Format]preset.Format{preset.Original: preset.JPEG, preset.WebP: preset.WebP}[by.Format])
			if err != nil {
				t.Fatal(err)
			}
			p.put(variant, "variant", mark(key, etag, by.Name, fingerprint))
		}
	}
	path := filepath.Join(t.TempDir(), "index")
	index, err := survey.OpenIndex(path, "here")
	if err != nil {
		t.Fatal(err)
	}
	defer index.Close()
	index.TrustAtOnce()
	s := &survey.Survey{Config: p.config, Originals: p.bucket, Variants: p.bucket, Index: index, Parallel: 2}
	s.SplitAbove(2000)
	want := p.expected()
	for _, how := range []string{"first", "second"} {
		got, order, cost := found(t, s)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s: (-want +got)\n%s", how, diff)
		}
		file, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d originals, %d lines, %+v, index of %d bytes", how, len(order), len(got), cost, file.Size())
		if how == "second" && (cost.Saved < 20_000 || cost.Heads > 600) {
			t.Errorf("the index saved %d HEADs, and %d were sent: one for each orphan's original is 400", cost.Saved, cost.Heads)
		}
	}
}
