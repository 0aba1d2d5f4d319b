package imaging_test

import "testing"

// TestLike holds originals that show the same against each other, frame by frame, upright and in sRGB: colour profiles,
// orientation, depth, compression and disposal must not show. A reader that ignores a profile is off by 6 and more.
func TestLike(t *testing.T) {
	for _, r := range table(t, "originals") {
		if r.Like == "" {
			continue
		}
		t.Run(r.File, func(t *testing.T) {
			t.Parallel()
			one, other := decodeFrames(t, r.read(t)), decodeFrames(t, rowOf(t, r.Like).read(t))
			for i := range r.Frames {
				got, want := frameOf(t, one, i), frameOf(t, other, i)
				if got.width != want.width || got.height != want.height {
					t.Fatalf("%d x %d pixels, %s has %d x %d", got.width, got.height, r.Like, want.width, want.height)
				}
				for name, ground := range grounds {
					mean, _ := difference(got.on(ground), want.on(ground))
					t.Logf("frame %d on %s: mean difference %.2f", i, name, mean)
					if mean >= 3 {
						t.Errorf("frame %d on %s: mean difference %.2f of 255 from %s, want below 3", i, name, mean, r.Like)
					}
				}
			}
		})
	}
}
