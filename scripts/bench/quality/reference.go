package quality

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"image/color"
	"image/png"
	"os"
	"slices"

	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/imaging/likeness"
	"github.com/presize/presize/functions/pipeline/preset"
)

// reference is a whole original, and what variants are held against.
type reference struct {
	config  *preset.Config
	whole   likeness.Picture
	reduced map[shape][]likeness.Picture // see of
	judged  map[content]judgement        // some contestants write the same bytes
}

// shape is a variant's preset and size.
type shape struct {
	preset        string
	width, height int
}

// content is a variant's preset and the hash of its bytes.
type content struct {
	preset string
	hash   [sha256.Size]byte
}

func newReference(ctx context.Context, config *preset.Config, path string) (*reference, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	whole, _, err := read(ctx, config, data)
	if err != nil {
		return nil, err
	}
	return &reference{config, whole, map[shape][]likeness.Picture{}, map[content]judgement{}}, nil
}

// read decodes a picture, every pixel of it.
func read(ctx context.Context, config *preset.Config, data []byte) (likeness.Picture, imaging.Header, error) {
	header, err := imaging.Probe(data, config.Limits, config.SVG)
	if err != nil {
		return likeness.Picture{}, header, err
	}
	whole := preset.Preset{
		Name: "whole", Width: header.Width, Height: header.Height, Fit: preset.Inside, Gravity: preset.Centre,
		Format: preset.PNG, Effort: 1, Chroma: preset.ChromaAuto, Animated: preset.First, Metadata: preset.MetadataNone,
	}
	master, err := imaging.Decode(ctx, data, header, []preset.Preset{whole})
	if err != nil {
		return likeness.Picture{}, header, err
	}
	defer master.Close()
	variant, err := master.Render(ctx, whole)
	if err != nil {
		return likeness.Picture{}, header, err
	}
	decoded, err := png.Decode(bytes.NewReader(variant.Data))
	if err != nil {
		return likeness.Picture{}, header, err
	}
	picture := likeness.FromImage(decoded)
	if picture.Width != header.Width || picture.Height != header.Height {
		return picture, header, fmt.Errorf("decoded to %d x %d pixels, not to its own %d x %d",
			picture.Width, picture.Height, header.Width, header.Height)
	}
	return picture, header, nil
}

// judge reads a variant and compares it.
func (r *reference) judge(ctx context.Context, o Output) (judgement, error) {
	i := slices.IndexFunc(r.config.Presets, func(p preset.Preset) bool { return p.Name == o.Preset })
	if i < 0 {
		return judgement{}, fmt.Errorf("presets.yaml has no preset %q", o.Preset)
	}
	data, err := os.ReadFile(o.Path)
	if err != nil {
		return judgement{}, err
	}
	key := content{o.Preset, sha256.Sum256(data)}
	if known, ok := r.judged[key]; ok {
		return known, nil
	}
	got, header, err := read(ctx, r.config, data)
	if err != nil {
		return judgement{}, err
	}
	want, err := r.of(r.config.Presets[i], got.Width, got.Height)
	if err != nil {
		return judgement{}, err
	}
	one := judgement{best(got, want), int64(len(data)), header.Type, header.Frames}
	r.judged[key] = one
	return one, nil
}

// of is the original reduced as a preset asks for, to a variant's size: each picture is right. Contestants round a side that
// follows from the other each in its way, and an odd number of pixels to crop can lie either way: one pixel is none of
// their faults.
func (r *reference) of(p preset.Preset, width, height int) ([]likeness.Picture, error) {
	key := shape{p.Name, width, height}
	if known, ok := r.reduced[key]; ok {
		return known, nil
	}
	g := imaging.Plan(p, r.whole.Width, r.whole.Height)
	asked, high := g.Size()
	slack := 1
	if g.Crop.Width > 0 {
		slack = 0
	}
	switch {
	case g.Canvas.Width > 0 || g.Smart || g.Crop.Width > 0 && p.Gravity != preset.Centre:
		return nil, errors.New("only what is whole, or cropped at its centre, is compared")
	case max(width-asked, asked-width, height-high, high-height) > slack:
		return nil, fmt.Errorf("it is %d x %d pixels; %d x %d were asked for", width, height, asked, high)
	}
	all := []likeness.Picture{}
	if g.Crop.Width > 0 {
		reduced := r.whole.Lanczos(g.Width, g.Height)
		for _, left := range halves(g.Width - width) {
			for _, top := range halves(g.Height - height) {
				all = append(all, reduced.Crop(left, top, width, height))
			}
		}
	} else {
		all = append(all, r.whole.Lanczos(width, height))
	}
	r.reduced[key] = all
	return all, nil
}

// halves of a number of pixels: two if it is odd.
func halves(n int) []int {
	if n%2 == 0 {
		return []int{n / 2}
	}
	return []int{n / 2, n/2 + 1}
}

// best is the SSIM with that which is most alike.
func best(got likeness.Picture, wants []likeness.Picture) float64 {
	most := -1.0
	for _, want := range wants {
		most = max(most, ssim(got, want))
	}
	return most
}

// ssim compares on white and on black where something shows through.
func ssim(got, want likeness.Picture) float64 {
	if got.Opaque() && want.Opaque() {
		return likeness.SSIM(got, want)
	}
	white, black := color.NRGBA{255, 255, 255, 255}, color.NRGBA{0, 0, 0, 255}
	return (likeness.SSIM(got.On(white), want.On(white)) + likeness.SSIM(got.On(black), want.On(black))) / 2
}
