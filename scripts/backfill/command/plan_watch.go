package command

import (
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/presize/presize/scripts/backfill/survey"
)

// watch shows how far a survey is, on a terminal; elsewhere it shows nothing.
type watch struct {
	bar         *progressbar.ProgressBar
	originals   atomic.Int64
	lists       atomic.Int64
	heads       atomic.Int64
	quit, ended chan struct{}
}

// refresh is how often it is drawn.
const refresh = 200 * time.Millisecond

func startWatch(out io.Writer) *watch {
	w := &watch{quit: make(chan struct{}), ended: make(chan struct{})}
	file, ok := out.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		close(w.ended)
		return w
	}
	w.bar = progressbar.NewOptions64(-1, progressbar.OptionSetWriter(file), progressbar.OptionSpinnerType(14),
		progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionSetItsString("originals"),
		progressbar.OptionClearOnFinish(), progressbar.OptionSetElapsedTime(true))
	go w.draw()
	return w
}

func (w *watch) draw() {
	defer close(w.ended)
	tick := time.NewTicker(refresh)
	defer tick.Stop()
	for {
		select {
		case <-w.quit:
			_ = w.bar.Finish()
			return
		case <-tick.C:
			w.bar.Describe(fmt.Sprintf("%s LISTs, %s HEADs", count(w.lists.Load()), count(w.heads.Load())))
			_ = w.bar.Set64(w.originals.Load())
		}
	}
}

func (w *watch) found(originals int) { w.originals.Add(int64(originals)) }

func (w *watch) cost(c survey.Cost) {
	w.lists.Store(c.Lists)
	w.heads.Store(c.Heads)
}

// stop takes the line away.
func (w *watch) stop() {
	close(w.quit)
	<-w.ended
}
