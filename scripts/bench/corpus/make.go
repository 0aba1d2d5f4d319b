package corpus

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/preset"
)

// maker makes originals in a folder.
type maker struct {
	ctx    context.Context //nolint:containedctx // a maker lives for one call of Make
	folder string
	limits preset.Limits
}

// testdata is bimg's, of the version that Presize is built with.
func testdata(ctx context.Context) (string, error) {
	list := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", "github.com/h2non/bimg")
	var stderr bytes.Buffer
	list.Stderr = &stderr
	dir, err := list.Output()
	if err != nil {
		return "", fmt.Errorf("finding bimg's module: %w\n%s", err, stderr.String())
	}
	return filepath.Join(strings.TrimSpace(string(dir)), "testdata"), nil
}

// copied takes over one of bimg's files, which its module keeps read-only.
func copied(file string) func(maker, string) error {
	return func(m maker, name string) error {
		from, err := testdata(m.ctx)
		if err != nil {
			return err
		}
		data, err := os.ReadFile(filepath.Join(from, file))
		if err != nil {
			return err
		}
		return m.write(name, data)
	}
}

// rendered derives an original from another, which is made first when it is not there.
func rendered(from string, p preset.Preset) func(maker, string) error {
	return func(m maker, name string) error {
		data, err := m.render(from, p)
		if err != nil {
			return err
		}
		return m.write(name, data)
	}
}

func (m maker) render(from string, p preset.Preset) ([]byte, error) {
	file, err := m.ensure(from)
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(file.Path)
	if err != nil {
		return nil, err
	}
	header, err := imaging.Probe(data, m.limits, false)
	if err != nil {
		return nil, err
	}
	master, err := imaging.Decode(m.ctx, data, header, []preset.Preset{p})
	if err != nil {
		return nil, err
	}
	defer master.Close()
	variant, err := master.Render(m.ctx, p)
	return variant.Data, err
}

// cutOut keeps of a photo a circle in its middle; width and radius are in pixels.
func cutOut(from string, width, radius int) func(maker, string) error {
	return func(m maker, name string) error {
		p := plain(preset.PNG)
		p.Width = width
		data, err := m.render(from, p)
		if err != nil {
			return err
		}
		photo, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			return err
		}
		cut := image.NewNRGBA(photo.Bounds())
		draw.DrawMask(cut, cut.Bounds(), photo, image.Point{}, circle{cut.Bounds(), radius}, image.Point{}, draw.Src)
		var encoded bytes.Buffer
		if err := png.Encode(&encoded, cut); err != nil {
			return err
		}
		return m.write(name, encoded.Bytes())
	}
}

// circle is a mask: opaque within a radius around the middle, with an edge of one pixel.
type circle struct {
	bounds image.Rectangle
	radius int
}

// ColorModel is that of a mask.
func (c circle) ColorModel() color.Model { return color.AlphaModel }

// Bounds are the masked picture's.
func (c circle) Bounds() image.Rectangle { return c.bounds }

// At is opaque inside, clear outside, and in between as far as the edge is away.
func (c circle) At(x, y int) color.Color {
	dx, dy := float64(x-c.bounds.Dx()/2), float64(y-c.bounds.Dy()/2)
	edge := float64(c.radius) - math.Hypot(dx, dy) + 0.5
	return color.Alpha{uint8(255 * min(max(edge, 0), 1))}
}

// write puts a whole file in its place, never a part of one.
func (m maker) write(name string, data []byte) error {
	path := filepath.Join(m.folder, name)
	if err := os.WriteFile(path+".part", data, 0o644); err != nil {
		return err
	}
	return os.Rename(path+".part", path)
}
