package pipeline

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/report"
	"github.com/presize/presize/functions/pipeline/store"
)

// variants renders every preset, as many at a time as there are processors, and uploads each as soon as it is ready. A
// preset that fails does not keep the others from being written: what is written once need not be again.
func variants(ctx context.Context, w *work) error {
	w.report.Variants = make([]report.Variant, len(w.presets))
	for i, p := range w.presets {
		w.report.Variants[i].Preset = p.Name
	}
	failures := make([]error, len(w.presets))
	var running sync.WaitGroup
	for _, i := range imaging.Order(w.presets, w.header, w.pipeline.Workers) {
		if err := w.pipeline.acquire(ctx); err != nil {
			failures[i] = err
			break
		}
		running.Go(func() {
			free := sync.OnceFunc(w.pipeline.release)
			defer free()
			failures[i] = w.variant(ctx, w.presets[i], &w.report.Variants[i], free)
		})
	}
	running.Wait()
	for _, v := range w.report.Variants {
		w.report.Stages.Render += v.Render
		w.report.Stages.Upload += v.Upload
	}
	return worst(failures)
}

// variant renders one preset, gives its processor back by calling rendered, and uploads it.
func (w *work) variant(ctx context.Context, p preset.Preset, account *report.Variant, rendered func()) error {
	start := time.Now()
	made, err := w.master.Render(ctx, p)
	account.Render = time.Since(start)
	if err != nil {
		return refuse(account, permanent(err))
	}
	rendered()
	account.Width, account.Height, account.Bytes = made.Width, made.Height, int64(len(made.Data))
	account.Type = made.ContentType()
	account.Key, err = w.pipeline.Config.VariantKey(p, w.change.Key, made.Format)
	if err != nil {
		return refuse(account, &Permanent{KeyTooLong, err})
	}
	mark := Mark{
		Original: w.change.Key, ETag: w.info.ETag, Preset: p.Name, Fingerprint: p.Fingerprint(imaging.Renderer),
		Width: made.Width, Height: made.Height,
	}
	start = time.Now()
	account.Written, err = w.write(ctx, account.Key, store.Object{
		Body: made.Data, ContentType: account.Type, CacheControl: p.CacheControl,
		Metadata: mark.metadata(),
	})
	account.Upload = time.Since(start)
	if err != nil {
		return refuse(account, permanent(fmt.Errorf("variant %q: %w", account.Key, err)))
	}
	w.stand(p.Name, standing{account.Key, mark, account.Bytes, account.Type})
	return nil
}

// refuse writes a permanent failure into a variant's account, and hands every error on.
func refuse(account *report.Variant, err error) error {
	if p, ok := errors.AsType[*Permanent](err); ok {
		account.Reason, account.Err = p.Reason, p.Err
	}
	return err
}

// worst picks the error that decides an original's fate: what a retry may mend goes before what it may not.
func worst(failures []error) error {
	var lasting error
	for _, err := range failures {
		var p *Permanent
		switch {
		case err == nil:
		case errors.As(err, &p):
			if lasting == nil {
				lasting = err
			}
		default:
			return err
		}
	}
	return lasting
}
