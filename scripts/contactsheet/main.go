package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"

	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"

	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/preset"
)

// cases are what the sheet shows, row by row: an original below the folder, and what is hard about it.
var cases = []struct{ file, caption string }{
	{"photos/dandelion.jpg", "JPEG, 3200 px"},
	{"photos/astronaut.jpg", "JPEG"},
	{"photos/cat.jpg", "JPEG"},
	{"photos/coffee.jpg", "JPEG"},
	{"photos/rocket.jpg", "JPEG"},
	{"phones/iphone.heic", "HEIC, P3, turned"},
	{"phones/orientation-3.jpg", "EXIF upside down"},
	{"phones/orientation-5.jpg", "EXIF mirrored"},
	{"phones/orientation-6.jpg", "EXIF on its side"},
	{"phones/display-p3.jpg", "Display P3"},
	{"formats/jpeg-adobe-rgb.jpg", "Adobe RGB"},
	{"formats/jpeg-prophoto.jpg", "ProPhoto RGB"},
	{"formats/jpeg-cmyk-profile.jpg", "CMYK JPEG"},
	{"formats/tiff-16-bit.tif", "TIFF, 16 bit"},
	{"formats/avif-10-bit.avif", "AVIF, 10 bit"},
	{"formats/gif-disposal.gif", "GIF, animated"},
	{"formats/png-palette-trns.png", "PNG, palette"},
	{"formats/webp-lossy-alpha.webp", "WebP, alpha"},
	{"logos/dark.png", "no ring: dark"},
	{"logos/white.png", "no ring: white"},
}

// The sheet's measures, in pixels.
const (
	columns = 5
	side    = 150
	gap     = 14
	label   = 18
)

func main() {
	root := flag.String("root", ".", "the project's folder")
	flag.Parse()
	if err := run(*root); err != nil {
		fmt.Fprintln(os.Stderr, "contactsheet:", err)
		os.Exit(1)
	}
}

func run(root string) error {
	config, err := preset.LoadFile(filepath.Join(root, "presets.yaml"))
	if err != nil {
		return err
	}
	rows := (len(cases) + columns - 1) / columns
	sheet := image.NewRGBA(image.Rect(0, 0, columns*(side+gap)+gap, rows*(side+label+gap)+gap))
	draw.Draw(sheet, sheet.Bounds(), image.White, image.Point{}, draw.Src)
	for i, c := range cases {
		thumbnail, err := render(filepath.Join(root, "testdata", "originals", filepath.FromSlash(c.file)), config)
		if err != nil {
			return fmt.Errorf("%s: %w", c.file, err)
		}
		at := image.Pt(gap+i%columns*(side+gap), gap+i/columns*(side+label+gap))
		place(sheet, thumbnail, at, c.caption)
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, sheet, &jpeg.Options{Quality: 88}); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(root, "testdata", "contact-sheet.jpg"), out.Bytes(), 0o644)
}

// render makes an original's thumbnail as presets.yaml has it, but without loss and without the animation.
func render(path string, config *preset.Config) (image.Image, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	p := preset.Preset{
		Name: "sheet", Width: side, Height: side, Fit: preset.Cover, Gravity: preset.Centre, Format: preset.PNG,
		Effort: preset.NoEffort, Chroma: preset.ChromaAuto, Animated: preset.First, Metadata: preset.MetadataNone,
	}
	header, err := imaging.Probe(data, config.Limits, config.SVG)
	if err != nil {
		return nil, err
	}
	master, err := imaging.Decode(context.Background(), data, header, []preset.Preset{p})
	if err != nil {
		return nil, err
	}
	defer master.Close()
	variant, err := master.Render(context.Background(), p)
	if err != nil {
		return nil, err
	}
	return png.Decode(bytes.NewReader(variant.Data))
}

// place draws a thumbnail on the chequered ground that shows what is transparent, and its caption below.
func place(sheet *image.RGBA, thumbnail image.Image, at image.Point, caption string) {
	frame := image.Rectangle{at, at.Add(image.Pt(side, side))}
	for y := range side {
		for x := range side {
			grey := color.Gray{200}
			if (x/10+y/10)%2 == 0 {
				grey.Y = 140
			}
			sheet.Set(at.X+x, at.Y+y, grey)
		}
	}
	size := thumbnail.Bounds().Size()
	offset := image.Pt((side-size.X)/2, (side-size.Y)/2)
	draw.Draw(sheet, frame.Intersect(image.Rectangle{at.Add(offset), at.Add(offset).Add(size)}), thumbnail, thumbnail.Bounds().Min, draw.Over)
	pen := font.Drawer{
		Dst: sheet, Src: image.NewUniform(color.Gray{40}), Face: basicfont.Face7x13,
		Dot: fixed.P(at.X+(side-font.MeasureString(basicfont.Face7x13, caption).Round())/2, at.Y+side+label-4),
	}
	pen.DrawString(caption)
}
