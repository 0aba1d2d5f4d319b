package engine

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"golang.org/x/sync/errgroup"
)

// receipt is a message that was received and not deleted.
type receipt struct {
	handle string             // of its last delivery
	stop   context.CancelFunc // of hiding it over and over; nil when it is kept
}

// take notes a message, and hides it for as long as it is in work. It is false for one that is noted already: SQS may
// deliver a message twice.
func (w *drain) take(ctx context.Context, l Letter) bool {
	w.mu.Lock()
	known := w.known[l.ID]
	if known != nil {
		known.handle = l.receipt
		kept := known.stop == nil
		w.mu.Unlock()
		if kept {
			w.hide(ctx, l.receipt, keepFor)
		}
		return false
	}
	defer w.mu.Unlock()
	hiding, stop := context.WithCancel(ctx)
	known = &receipt{l.receipt, stop}
	w.known[l.ID] = known
	go w.hideOn(hiding, known)
	return true
}

// hideOn hides a message anew before SQS shows it to others.
func (w *drain) hideOn(ctx context.Context, r *receipt) {
	hide := time.Duration(seconds(w.Hide, hideFor)) * time.Second
	tick := time.NewTicker(hide / hideAgain)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		w.mu.Lock()
		handle := r.handle
		w.mu.Unlock()
		w.hide(ctx, handle, hide)
	}
}

// hide sets for how long a message is hidden. What fails here only makes SQS deliver it twice.
func (w *drain) hide(ctx context.Context, handle string, d time.Duration) {
	_, _ = w.Queue.ChangeMessageVisibility(ctx, &sqs.ChangeMessageVisibilityInput{
		QueueUrl: &w.URL, ReceiptHandle: &handle, VisibilityTimeout: int32(d / time.Second),
	})
}

// forget is the end of a message's being hidden over and over.
func (w *drain) forget(l Letter) (handle string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	r := w.known[l.ID]
	r.stop()
	delete(w.known, l.ID)
	return r.handle
}

// keep hides a message until the run's end: it has had its try.
func (w *drain) keep(ctx context.Context, l Letter) {
	w.mu.Lock()
	r := w.known[l.ID]
	r.stop()
	r.stop = nil
	handle := r.handle
	w.mu.Unlock()
	w.hide(context.WithoutCancel(ctx), handle, keepFor)
}

// stay keeps a message, and says why.
func (w *drain) stay(ctx context.Context, l Letter, why Stay) {
	w.keep(ctx, l)
	w.mu.Lock()
	defer w.mu.Unlock()
	if why.Unreadable {
		w.letters.Unreadable++
	} else {
		w.letters.Kept++
	}
	if len(w.letters.Named) < maxNamed {
		w.letters.Named = append(w.letters.Named, why)
	}
}

// showing bounds how many messages are shown at the same time, and for how long that may take.
const (
	showing    = 16
	showWithin = time.Minute
)

// show makes what was kept visible again.
func (w *drain) show(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), showWithin)
	defer cancel()
	var group errgroup.Group
	group.SetLimit(showing)
	for _, r := range w.known {
		group.Go(func() error {
			w.hide(ctx, r.handle, 0)
			return nil
		})
	}
	_ = group.Wait()
}
