package contest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/presize/presize/scripts/bench/result"
)

// compareSizes notes which variants of a file have not the size that they have with Presize: what lies on its side, say.
// One pixel is a matter of rounding.
func compareSizes(cells []result.Cell) {
	presize := slices.IndexFunc(cells, func(c result.Cell) bool { return c.Contestant == "presize" && c.Cannot == "" })
	if presize < 0 {
		return
	}
	for i := range cells {
		if cells[i].Cannot != "" {
			continue
		}
		var wrong []string
		for _, want := range cells[presize].Variants {
			if text := compareSize(want, cells[i].Variants); text != "" {
				wrong = append(wrong, text)
			}
		}
		if cells[i].Short != "" {
			wrong = append(wrong, cells[i].Short)
		}
		cells[i].Short = strings.Join(wrong, "; ")
	}
}

func compareSize(want result.Variant, variants []result.Variant) string {
	i := slices.IndexFunc(variants, func(v result.Variant) bool { return v.Preset == want.Preset })
	if i < 0 {
		return "no " + want.Preset
	}
	got := variants[i]
	if near(got.Width, want.Width) && near(got.Height, want.Height) {
		return ""
	}
	return fmt.Sprintf("%s is %d x %d, not %d x %d", want.Preset, got.Width, got.Height, want.Width, want.Height)
}

func near(a, b int) bool { return a-b <= 1 && b-a <= 1 }
