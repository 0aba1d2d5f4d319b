package command

import (
	"context"
	"io"

	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/preset"
)

// Asked runs doctor as if answers came from a terminal.
func Asked(ctx context.Context, answers io.Reader, out io.Writer, args ...string) error {
	p := &place{}
	d, c := newDoctor(p)
	d.terminal = func(any) bool { return true }
	p.flags(c)
	c.SetIn(answers)
	c.SetOut(out)
	c.SetErr(out)
	c.SetArgs(args)
	return c.ExecuteContext(ctx)
}

// Allows is allows without the size that the preset would make.
func Allows(p preset.Preset, width, height int) bool {
	_, _, ok := allows(p, width, height)
	return ok
}

// Makes is the size that a preset makes of an original.
func Makes(p preset.Preset, width, height int) (int, int) {
	return imaging.Plan(p, width, height).Size()
}
