package document_test

import (
	"testing"

	"github.com/presize/presize/functions/pipeline/preset/internal/document"
)

func TestNearest(t *testing.T) {
	words := []string{"width", "height", "fit", "format", "gravity", "cache_control"}
	for _, tc := range []struct{ name, typed, want string }{
		{"swapped", "widht", "width"},
		{"left out", "heigt", "height"},
		{"put in", "widthh", "width"},
		{"mistaken", "wudth", "width"},
		{"another separator", "cache-control", "cache_control"},
		{"in camel case", "cacheControl", "cache_control"},
		{"far from any", "colour", ""},
		{"nothing", "", ""},
		{"very long", "widthwidthwidthwidthwidthwidthwidthwidthwidthwidthwidthwidthwidth", ""},
	} {
		if got := document.Nearest(tc.typed, words); got != tc.want {
			t.Errorf("%s: %q gives %q, want %q", tc.name, tc.typed, got, tc.want)
		}
	}
}
