package command

import (
	"context"
	"errors"
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

// CodeOf is the exit code that an error names; 0 when it names none.
func CodeOf(err error) int {
	if e, ok := errors.AsType[*exitError](err); ok {
		return e.code
	}
	return 0
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
