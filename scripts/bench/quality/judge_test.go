package quality_test

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/scripts/bench/quality"
	"github.com/presize/presize/scripts/bench/result"
)

const repository = "../../.."

func config(t *testing.T) *preset.Config {
	t.Helper()
	config, err := preset.LoadFile(filepath.Join(repository, "presets.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return config
}

// field renders as contestants do, with imaging; change makes of Presize's presets what a contestant does instead.
type field struct {
	config *preset.Config
	change map[string]func(p *preset.Preset)
	asked  []string // contestants that were asked for another quality
	cpu    float64  // ms of every sample
}

func (f *field) Render(ctx context.Context, contestant, file, out string, asked int) ([]output, error) {
	if asked != 0 {
		f.asked = append(f.asked, contestant)
	}
	if contestant == "out-of-paper" {
		return nil, errors.New("out of paper")
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	header, err := imaging.Probe(data, f.config.Limits, false)
	if err != nil {
		return nil, err
	}
	presets := slices.Clone(f.config.Presets)
	for i := range presets {
		if asked != 0 {
			presets[i].Quality = asked
		}
		if change := f.change[contestant]; change != nil {
			change(&presets[i])
		}
	}
	master, err := imaging.Decode(ctx, data, header, presets)
	if err != nil {
		return nil, err
	}
	defer master.Close()
	var outputs []output
	for _, p := range presets {
		variant, err := master.Render(ctx, p)
		if err != nil {
			return nil, err
		}
		o := output{Preset: p.Name, Path: filepath.Join(out, p.Name), Width: variant.Width, Height: variant.Height, Bytes: int64(len(variant.Data))}
		if err := os.WriteFile(o.Path, variant.Data, 0o644); err != nil {
			return nil, err
		}
		outputs = append(outputs, o)
	}
	return outputs, nil
}

type output = quality.Output

// judged is a run over files of testdata that every contestant took part in.
func judged(t *testing.T, f *field, files, contestants []string) *result.Run {
	t.Helper()
	run := &result.Run{}
	for _, name := range files {
		run.Files = append(run.Files, result.File{Name: filepath.Base(name), Path: filepath.Join(repository, "testdata/originals", name)})
		for _, contestant := range contestants {
			c := result.Cell{File: filepath.Base(name), Contestant: contestant, Samples: []result.Sample{{CPU: f.cpu, Wall: f.cpu}}}
			for _, p := range f.config.Presets {
				c.Variants = append(c.Variants, result.Variant{Preset: p.Name})
			}
			run.Cells = append(run.Cells, c)
		}
	}
	judge := quality.Judge{Config: f.config, Renderer: f, Folder: t.TempDir(), Progress: t.Logf}
	if err := judge.Run(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	return run
}

// TestJudge: a peer that is the same encoder at another quality has another SSIM, and about as many bytes at the same one.
func TestJudge(t *testing.T) {
	f := &field{config: config(t), change: map[string]func(*preset.Preset){
		"blog":       func(p *preset.Preset) { p.Quality = 72 },
		"sharp-once": func(p *preset.Preset) { p.Quality, p.Effort = 40, 0 },
		"jimp": func(p *preset.Preset) {
			if p.Name == "small" {
				p.Width = 300
			}
		},
	}}
	run := judged(t, f, []string{"photos/coffee.jpg"}, []string{"presize", "presize-2-cores", "blog", "sharp-once", "jimp", "out-of-paper"})
	ssim := map[string]float64{}
	for _, c := range run.Cells {
		for _, v := range c.Variants {
			ssim[c.Contestant+" "+v.Preset] = v.SSIM
		}
		switch {
		case c.Contestant == "jimp" && !strings.Contains(c.Short, "no SSIM of small: it is 300 x"):
			t.Errorf("jimp's small has another size: %q", c.Short)
		case c.Contestant == "out-of-paper" && c.Short != "no SSIM: rendering once more: out of paper":
			t.Errorf("out of paper: %q", c.Short)
		case c.Contestant != "jimp" && c.Contestant != "out-of-paper" && c.Short != "":
			t.Errorf("%s: %q", c.Contestant, c.Short)
		}
	}
	for _, name := range []string{"small", "medium", "large", "thumbnail"} {
		own, lower, least := ssim["presize "+name], ssim["blog "+name], ssim["sharp-once "+name]
		t.Logf("%s: %.4f, %.4f, %.4f", name, own, lower, least)
		if own <= lower || lower <= least || own > 0.9999 || least < 0.8 {
			t.Errorf("%s: SSIM %v at the preset's quality, %v at 72, %v at 40", name, own, lower, least)
		}
		if ssim["presize-2-cores "+name] != own {
			t.Errorf("%s: the same bytes have SSIM %v and %v", name, own, ssim["presize-2-cores "+name])
		}
	}
	if ssim["jimp small"] != 0 || ssim["jimp medium"] == 0 || ssim["out-of-paper medium"] != 0 {
		t.Errorf("%v", ssim)
	}
	seen := map[string]int{}
	for _, e := range run.Equal {
		seen[e.Contestant]++
		switch e.Contestant {
		case "blog":
			if e.Cannot != "" || math.Abs(e.Ratio-1) > 0.03 {
				t.Errorf("the same encoder: %+v", e)
			}
		case "sharp-once":
			if !strings.Contains(e.Cannot, "outside of Presize's") {
				t.Errorf("quality 40 is below 60: %+v", e)
			}
		}
	}
	if seen["blog"] != 4 || seen["sharp-once"] != 4 || seen["jimp"] != 3 || len(seen) != 3 {
		t.Errorf("compared %v", seen)
	}
	if len(f.asked) != 7 || slices.ContainsFunc(f.asked, func(name string) bool { return name != "presize" }) {
		t.Errorf("rendered at other qualities by %v, want presize 7 times", f.asked)
	}
}

// TestJudgeLossless: PNG is compared as it is where it looks the same, and otherwise both figures are told. Few qualities
// are rendered where that takes long.
func TestJudgeLossless(t *testing.T) {
	f := &field{config: config(t), cpu: 2000, change: map[string]func(*preset.Preset){
		"blog": func(p *preset.Preset) { p.Effort = 1 },
		"jimp": func(p *preset.Preset) { p.Blur = 3 },
	}}
	run := judged(t, f, []string{"logos/dark.png"}, []string{"presize", "blog", "jimp"})
	for _, c := range run.Cells {
		for _, v := range c.Variants {
			if v.SSIM == 0 || c.Contestant == "presize" && v.Preset != "thumbnail" && v.SSIM < 0.98 {
				t.Errorf("%s %s: SSIM %v", c.Contestant, v.Preset, v.SSIM)
			}
		}
	}
	for _, e := range run.Equal {
		switch {
		case e.Preset == "thumbnail":
		case e.Contestant == "blog" && (e.Cannot != "" || e.Ratio >= 1):
			t.Errorf("more effort makes more bytes: %+v", e)
		case e.Contestant == "jimp" && !strings.HasPrefix(e.Cannot, "lossless: Presize "):
			t.Errorf("what is blurred looks the same: %+v", e)
		}
	}
	if len(f.asked) != 2 {
		t.Errorf("rendered at %d other qualities, want 2", len(f.asked))
	}
	if len(run.Equal) != 8 {
		t.Errorf("%d comparisons, want 8", len(run.Equal))
	}
}

// TestJudgeFrames: what lost its frames is smaller for no merit.
func TestJudgeFrames(t *testing.T) {
	f := &field{config: config(t), change: map[string]func(*preset.Preset){
		"blog": func(p *preset.Preset) { p.Effort = 1 },
		"bimg": func(p *preset.Preset) { p.Animated = preset.First },
	}}
	run := judged(t, f, []string{"formats/gif-disposal.gif"}, []string{"presize", "blog", "bimg"})
	for _, e := range run.Equal {
		if lost := strings.HasSuffix(e.Cannot, "frames, the peer 1"); lost != (e.Contestant == "bimg") {
			t.Errorf("%+v", e)
		}
	}
	if len(run.Equal) != 8 {
		t.Errorf("%d comparisons, want 8", len(run.Equal))
	}
}

// TestJudgeSkips: a cell that cannot is left alone, an original that cannot be read is said, and a context ends it.
func TestJudgeSkips(t *testing.T) {
	f := &field{config: config(t)}
	broken := filepath.Join(t.TempDir(), "broken.jpg")
	if err := os.WriteFile(broken, []byte("no image"), 0o644); err != nil {
		t.Fatal(err)
	}
	run := &result.Run{
		Files: []result.File{{Name: "broken.jpg", Path: broken}},
		Cells: []result.Cell{{File: "broken.jpg", Contestant: "presize", Cannot: "it is broken"}, {File: "broken.jpg", Contestant: "blog", Short: "was short"}},
	}
	judge := quality.Judge{Config: f.config, Renderer: f, Folder: t.TempDir()}
	if err := judge.Run(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	if run.Cells[0].Short != "" || !strings.HasPrefix(run.Cells[1].Short, "was short; no SSIM: the original cannot be read whole") {
		t.Errorf("%+v", run.Cells)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	run.Files[0].Path = filepath.Join(repository, "testdata/originals/photos/cat.jpg")
	if err := judge.Run(ctx, run); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
