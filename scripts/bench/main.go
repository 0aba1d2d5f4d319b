// Command bench measures Presize beside its peers in one run on the same files, and says for each target whether it was
// met. `make bench` builds what it needs and starts it; it is run in the project's folder.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// settings are the flags.
type settings struct {
	rounds      int
	files       string
	contestants string
	out         string
	from        string
	programs    string
	function    string
	node        string
	corpus      string
	presets     string
}

func main() {
	var s settings
	flag.IntVar(&s.rounds, "rounds", 7, "counted uploads of each file by each contestant")
	flag.StringVar(&s.files, "files", "*", "which originals, a glob")
	flag.StringVar(&s.contestants, "contestants", "", "which contestants, with commas between them (default all)")
	flag.StringVar(&s.out, "out", ".build/bench", "folder for results.json, table.txt, table.md, chart.png and the variants")
	flag.StringVar(&s.from, "from", "", "measure nothing: draw from this results.json")
	flag.StringVar(&s.programs, "programs", ".build/bench", "folder of the contestants presize, bimg and floor")
	flag.StringVar(&s.function, "function", ".build/resize", "folder of the function's bootstrap")
	flag.StringVar(&s.node, "node", ".cache/bench/node", "folder of worker.mjs, lambda.mjs and their node_modules")
	flag.StringVar(&s.corpus, "corpus", ".cache/bench/corpus", "folder of the originals, made when they are not there")
	flag.StringVar(&s.presets, "presets", "presets.yaml", "the presets to render")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := s.run(ctx); err != nil {
		stop()
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1) //nolint:gocritic // stop has been called
	}
}
