package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// srcset lists the variants in the original's shape by MIME type. Left out are cropped and padded ones, which show
// something else, blurred ones, which are placeholders, and of several with one width all but the first of the file.
func (r Rendering) srcset(original ManifestOriginal, variants []ManifestVariant) []Srcset {
	byType := map[string][]ManifestVariant{}
	var types []string
	for _, v := range variants {
		if !sameShape(original, v) || r.blurred(v.Preset) {
			continue
		}
		if byType[v.Type] == nil {
			types = append(types, v.Type)
		}
		byType[v.Type] = append(byType[v.Type], v)
	}
	slices.SortStableFunc(types, func(a, b string) int { return cmp.Compare(preference(a), preference(b)) })
	var out []Srcset
	for _, mime := range types {
		list := byType[mime]
		byWidth := func(a, b ManifestVariant) int { return cmp.Compare(a.Width, b.Width) }
		slices.SortStableFunc(list, byWidth)
		list = slices.CompactFunc(list, func(a, b ManifestVariant) bool { return a.Width == b.Width })
		candidates := make([]string, len(list))
		for i, v := range list {
			candidates[i] = fmt.Sprintf("%s %dw", v.URL, v.Width)
		}
		out = append(out, Srcset{Type: mime, Value: strings.Join(candidates, ", ")})
	}
	return out
}

// preference puts what compresses best first.
func preference(mime string) int {
	switch mime {
	case "image/avif":
		return 0
	case "image/webp":
		return 1
	default:
		return 2
	}
}

// sameShape says whether a variant has the original's aspect ratio: whether the height that its width asks for, or the
// width that its height asks for, is off by a pixel at most. The longer side tells, being the one that was not rounded
// to almost nothing.
func sameShape(original ManifestOriginal, v ManifestVariant) bool {
	width, height := int64(original.Width), int64(original.Height)
	off := int64(v.Width)*height - int64(v.Height)*width
	return width > 0 && height > 0 && max(off, -off) <= max(width, height)
}

func (r Rendering) blurred(name string) bool {
	for _, p := range r.Config.Presets {
		if p.Name == name {
			return p.Blur > 0
		}
	}
	return false
}
