package gallery

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
)

// Load reads what is in the bucket already. It may run while changes come in.
func (g *Gallery) Load(ctx context.Context) error {
	standing, err := g.readStanding(ctx)
	if err != nil {
		return err
	}
	for info, err := range g.objects.List(ctx, g.config.Originals, "") {
		if err != nil {
			return err
		}
		if _, reason := g.config.Classify(info.Key); reason == "" {
			g.found(info, standing[info.Key])
		}
	}
	return nil
}

// standing is what stands below the resized prefix of one original.
type standing struct {
	variants []store.Info
	records  []record
}

// readStanding reads every variant and record in the bucket, by the key of its original.
func (g *Gallery) readStanding(ctx context.Context) (map[string]*standing, error) {
	var mu sync.Mutex
	all := map[string]*standing{}
	of := func(original string) *standing {
		if all[original] == nil {
			all[original] = &standing{}
		}
		return all[original]
	}
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(lookups)
	for listed, err := range g.objects.List(inner, g.config.Resized, "") {
		if err != nil {
			return nil, errors.Join(err, group.Wait())
		}
		group.Go(func() error {
			if original, kind, ok := g.config.OriginalOfRecord(listed.Key); ok {
				read, err := g.readRecord(inner, listed.Key, kind)
				if err != nil {
					return passing(err)
				}
				mu.Lock()
				defer mu.Unlock()
				of(original).records = append(of(original).records, read)
				return nil
			}
			info, err := g.objects.Head(inner, listed.Key)
			if err != nil {
				return passing(err)
			}
			mu.Lock()
			defer mu.Unlock()
			one := of(info.Metadata[report.MetaOriginal])
			one.variants = append(one.variants, info)
			return nil
		})
	}
	return all, group.Wait()
}

// passing is an error, unless it says that the object was removed meanwhile, or is none of ours.
func passing(err error) error {
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, errForeign) {
		return nil
	}
	return err
}

// found shows an original of an earlier start, unless it was uploaded again since.
func (g *Gallery) found(info store.Info, there *standing) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.originals[info.Key] != nil {
		return
	}
	e := &entry{Original: g.blank(info.Key, info.Size, info.LastModified, Done)}
	e.ETag = info.ETag
	if there != nil {
		for _, variant := range there.variants {
			g.show(e, variant)
		}
		for _, read := range there.records {
			g.showRecord(e, read)
		}
	}
	switch {
	case e.Failure != nil:
		e.State, e.Reason, e.Error = Failed, e.Failure.Reason, e.Failure.Message
	case len(e.Missing()) > 0:
		e.State = Incomplete
	}
	g.originals[info.Key] = e
	g.mark(info.Key)
}
