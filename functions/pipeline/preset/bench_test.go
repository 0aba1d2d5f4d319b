package preset_test

import (
	"os"
	"testing"

	"github.com/presize/presize/functions/pipeline/preset"
)

func BenchmarkLoad(b *testing.B) {
	data, err := os.ReadFile(projectFile)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := preset.Load("presets.yaml", data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVariantKey(b *testing.B) {
	c := layout(defaultTemplate)
	for b.Loop() {
		if _, err := c.VariantKey(c.Presets[0], "originals/users/42/cat.jpg", preset.WebP); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseVariantKey(b *testing.B) {
	c := layout("{dir}{preset}-{name}.{ext}", "large", "medium", "small", "thumbnail")
	for b.Loop() {
		if _, _, _, _, ok := c.ParseVariantKey("resized/users/42/small-cat.webp"); !ok {
			b.Fatal("not read")
		}
	}
}
