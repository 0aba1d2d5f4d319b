package store

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// body is an object's body that tells a cut connection from its end.
type body struct {
	io.ReadCloser
	ctx  context.Context //nolint:containedctx // the body belongs to the call that opened it
	key  string
	left int64 // bytes
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.left -= int64(n)
	switch {
	case err == nil || errors.Is(err, io.EOF) && b.left <= 0:
		return n, err
	case b.ctx.Err() != nil:
		return n, b.ctx.Err()
	case errors.Is(err, io.EOF):
		return n, fmt.Errorf("reading %q: %d bytes are missing: %w", b.key, b.left, io.ErrUnexpectedEOF)
	case b.left > 0:
		return n, fmt.Errorf("reading %q: %d bytes are missing: %w: %w", b.key, b.left, io.ErrUnexpectedEOF, err)
	default:
		return n, fmt.Errorf("reading %q: %w", b.key, err)
	}
}
