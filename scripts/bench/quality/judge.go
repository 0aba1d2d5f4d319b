package quality

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/scripts/bench/result"
)

// Renderer has contestants render.
type Renderer interface {
	// Render has a contestant write its variants of a file into the folder out, which exists. A quality other than 0 takes
	// the place of every lossy preset's own; it is asked of presize only. Any error leaves that rendering out of the
	// judgement.
	Render(ctx context.Context, contestant, file, out string, quality int) ([]Output, error)
}

// Output is one variant that was written.
type Output struct {
	Preset string
	Path   string
	Width  int // pixels, of one frame
	Height int // pixels, of one frame
	Bytes  int64
}

// Judge looks at variants.
type Judge struct {
	Config   *preset.Config // what was asked of everyone
	Renderer Renderer
	Folder   string // gets the variants: contestant/file/preset.ext, and presize-q60/file/preset.ext

	Progress func(format string, arguments ...any) // may be nil
}

// presize is the contestant that the others are compared with.
const presize = "presize"

// Run fills in the SSIM of every variant of run, and Equal. What cannot be judged is said where it stands, in Short and in
// Cannot; the error is of the context, or of Folder.
func (j Judge) Run(ctx context.Context, run *result.Run) error {
	run.Equal = nil
	for i, file := range run.Files {
		if j.Progress != nil {
			j.Progress("quality: %s, %d of %d", file.Name, i+1, len(run.Files))
		}
		var cells []*result.Cell
		for k := range run.Cells {
			if run.Cells[k].File == file.Name && run.Cells[k].Cannot == "" {
				cells = append(cells, &run.Cells[k])
			}
		}
		equal, err := j.file(ctx, file, cells)
		if err != nil {
			return fmt.Errorf("judging the variants of %s: %w", file.Name, err)
		}
		run.Equal = append(run.Equal, equal...)
	}
	return nil
}

// file judges the cells of one file.
func (j Judge) file(ctx context.Context, file result.File, cells []*result.Cell) ([]result.Equal, error) {
	original, err := newReference(ctx, j.Config, file.Path)
	if err != nil {
		for _, cell := range cells {
			addShort(cell, fmt.Sprintf("no SSIM: the original cannot be read whole: %v", err))
		}
		return nil, ctx.Err()
	}
	s := sight{j, file, original, cells, map[string]map[string]judgement{}}
	for _, cell := range cells {
		all, short, err := s.rendering(ctx, cell.Contestant, 0)
		if err != nil {
			return nil, err
		}
		s.judged[cell.Contestant] = all
		for _, what := range short {
			addShort(cell, what)
		}
		for i := range cell.Variants {
			cell.Variants[i].SSIM = all[cell.Variants[i].Preset].ssim
		}
	}
	return s.equal(ctx)
}

// sight is one file under judgement.
type sight struct {
	Judge

	file     result.File
	original *reference
	cells    []*result.Cell
	judged   map[string]map[string]judgement // by contestant and preset
}

// judgement is of one variant.
type judgement struct {
	ssim   float64
	bytes  int64
	kind   imaging.Type
	frames int
}

// rendering has a contestant render a file and judges what it wrote, by preset. short says what could not be judged.
func (s sight) rendering(ctx context.Context, contestant string, quality int) (
	all map[string]judgement, short []string, err error,
) {
	folder := contestant
	if quality != 0 {
		folder = fmt.Sprintf("%s-q%d", contestant, quality)
	}
	out := filepath.Join(s.Folder, folder, filepath.Base(s.file.Name))
	if err := os.MkdirAll(out, 0o755); err != nil {
		return nil, nil, err
	}
	outputs, err := s.Renderer.Render(ctx, contestant, s.file.Path, out, quality)
	if err != nil {
		return nil, []string{fmt.Sprintf("no SSIM: rendering once more: %v", err)}, ctx.Err()
	}
	all = map[string]judgement{}
	for _, o := range outputs {
		one, err := s.original.judge(ctx, o)
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		if err != nil {
			short = append(short, fmt.Sprintf("no SSIM of %s: %v", o.Preset, err))
			continue
		}
		all[o.Preset] = one
	}
	return all, short, nil
}

func addShort(cell *result.Cell, what string) {
	cell.Short = strings.TrimPrefix(cell.Short+"; "+what, "; ")
}
