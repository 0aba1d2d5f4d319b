package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
	"golang.org/x/term"

	"github.com/presize/presize/scripts/local/gallery"
	"github.com/presize/presize/scripts/local/machine"
)

// uploadsAtOnce is how many files are read and stored at the same time.
const uploadsAtOnce = 8

// process uploads the files and waits until the pipeline is done with each. A file that cannot be uploaded has a failed
// account like any other.
func process(ctx context.Context, m *machine.Machine, uploads []upload, messages io.Writer) ([]gallery.Original, error) {
	settle(m, uploads, messages)
	progress := newProgress(messages, len(uploads))
	defer progress.end()
	failures := make([]error, len(uploads))
	var group errgroup.Group
	group.SetLimit(uploadsAtOnce)
	for i, u := range uploads {
		group.Go(func() error {
			failures[i] = store(ctx, m, u)
			progress.uploaded()
			return ctx.Err()
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	var keys []string
	for i, u := range uploads {
		if failures[i] == nil {
			keys = append(keys, m.Config.Originals+u.name)
		}
	}
	settled, err := m.Gallery.Await(ctx, keys, progress.settled)
	if err != nil {
		return nil, err
	}
	accounts := make([]gallery.Original, len(uploads))
	for i, u := range uploads {
		if failures[i] != nil {
			accounts[i] = gallery.Original{
				Key: m.Config.Originals + u.name, State: gallery.Failed, Reason: "not uploaded", Error: failures[i].Error(),
			}
			continue
		}
		accounts[i], settled = settled[0], settled[1:]
	}
	return accounts, nil
}

// settle gives each file the name that it will have in the bucket, in their order, and says where that is another one.
func settle(m *machine.Machine, uploads []upload, messages io.Writer) {
	for i, u := range uploads {
		name := m.Place(u.name)
		if name == u.name {
			continue
		}
		_, _ = fmt.Fprintf(messages, "%s becomes %s%s: beside another original of that name one of its variants would have the other's key\n",
			u.name, m.Config.Originals, name)
		uploads[i].name = name
	}
}

func store(ctx context.Context, m *machine.Machine, u upload) error {
	file, err := os.Open(u.path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	_, err = m.Upload(ctx, u.name, "", file)
	return err
}

// verify names every original that lacks a variant, and asks the bucket itself for the others.
func verify(ctx context.Context, m *machine.Machine, accounts []gallery.Original, messages io.Writer) error {
	failed := 0
	for _, account := range accounts {
		why := account.Why()
		for _, variant := range account.Variants {
			if why != "" {
				break
			}
			if _, err := m.Objects.Head(ctx, variant.Key); err != nil {
				why = fmt.Sprintf("%s: %v", variant.Preset, err)
			}
		}
		if why == "" && len(account.Variants) == 0 {
			why = "no preset applies to it"
		}
		if why != "" {
			failed++
			_, _ = fmt.Fprintf(messages, "failed: %s: %s\n", account.Key, why)
		}
	}
	if failed > 0 {
		_, _ = fmt.Fprintf(messages, "%d of %d originals failed\n", failed, len(accounts))
		return errors.Join(errIncomplete, ctx.Err())
	}
	return nil
}

// progress is a line that changes in place on a terminal, and nothing elsewhere.
type progress struct {
	out   io.Writer
	total int
	sent  atomic.Int64
}

func newProgress(messages io.Writer, total int) *progress {
	if file, ok := messages.(*os.File); !ok || !term.IsTerminal(int(file.Fd())) {
		messages = io.Discard
	}
	return &progress{out: messages, total: total}
}

func (p *progress) uploaded() {
	_, _ = fmt.Fprintf(p.out, "\r\x1b[K%d of %d uploaded", p.sent.Add(1), p.total)
}

func (p *progress) settled(n int) {
	_, _ = fmt.Fprintf(p.out, "\r\x1b[K%d of %d originals done", n, p.total)
}

func (p *progress) end() { _, _ = fmt.Fprint(p.out, "\r\x1b[K") }
