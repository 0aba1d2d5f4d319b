package engine

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	humanize "github.com/dustin/go-humanize"
	"github.com/schollz/progressbar/v3"
)

// Progress shows how far a run is.
type Progress struct {
	Out      io.Writer
	Tally    *Tally
	Terminal bool          // a bar instead of lines
	Every    time.Duration // 0: 10 s, or 0.2 s for the bar
}

// How often progress is shown.
const (
	barEvery  = 200 * time.Millisecond
	lineEvery = 10 * time.Second
)

// Show shows progress until the function that it returns is called.
func (p *Progress) Show() (stop func()) {
	every := p.Every
	if every == 0 {
		every = lineEvery
		if p.Terminal {
			every = barEvery
		}
	}
	show, end := p.line, func() {}
	if p.Terminal {
		show, end = p.bar()
	}
	done := make(chan struct{})
	var showing sync.WaitGroup
	showing.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				show(p.Tally.Now())
			case <-done:
				end()
				return
			}
		}
	})
	return sync.OnceFunc(func() {
		close(done)
		showing.Wait()
	})
}

func (p *Progress) line(now Counts) {
	_, _ = fmt.Fprintln(p.Out, p.Tally.Line(now))
}

// bar is schollz/progressbar's, which knows rate and time left; what it does not know stands behind it.
func (p *Progress) bar() (show func(Counts), end func()) {
	total := p.Tally.Total
	if total <= 0 {
		total = -1 // it turns instead of growing
	}
	bar := progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(p.Out),
		progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionSetItsString("originals"),
		progressbar.OptionSetPredictTime(true), progressbar.OptionFullWidth(),
		progressbar.OptionShowDescriptionAtLineEnd(), progressbar.OptionThrottle(0),
	)
	show = func(now Counts) {
		bar.Describe(strings.Join(p.Tally.asides(now), ", "))
		ended := now.Ended()
		if total > 0 {
			ended = min(ended, total) // originals that came meanwhile
		}
		_ = bar.Set64(ended)
	}
	return show, func() {
		show(p.Tally.Now())
		_ = bar.Exit()
	}
}

// Line is progress as one line of text.
func (t *Tally) Line(now Counts) string {
	line := humanize.Comma(now.Ended())
	if t.Total > 0 {
		line += fmt.Sprintf(" of %s originals (%d%%)", humanize.Comma(t.Total), min(100, 100*now.Ended()/t.Total))
	} else {
		line += " originals"
	}
	rate := now.PerSecond()
	line += fmt.Sprintf(", %.1f/s", rate)
	if left := t.Total - now.Ended(); left > 0 && rate > 0 {
		line += ", " + time.Duration(float64(left)/rate*float64(time.Second)).Round(time.Second).String() + " left"
	}
	return line + "; " + strings.Join(t.asides(now), ", ")
}

// asides are what else there is to say.
func (t *Tally) asides(now Counts) []string {
	asides := []string{humanize.Comma(now.Failed) + " failed", humanize.Comma(now.Retries) + " retries"}
	if t.InFlight != nil {
		inFlight, allowed := t.InFlight()
		asides = append(asides, fmt.Sprintf("%d of %d in flight", inFlight, allowed))
	}
	if t.Dollars != nil {
		asides = append(asides, fmt.Sprintf("$%.4f so far", now.Dollars))
	}
	return asides
}
