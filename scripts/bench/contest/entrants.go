package contest

import (
	"path/filepath"

	"github.com/presize/presize/scripts/bench/result"
)

// Entrant is a contestant and how it is started.
type Entrant struct {
	result.Contestant

	Command []string
}

// Places are where the contestants' programs lie.
type Places struct {
	Programs string // folder of presize, bimg and floor
	Node     string // folder of worker.mjs and its node_modules
	Presets  string // presets.yaml
}

// Entrants are all who can take part.
func Entrants(at Places) []Entrant {
	presize := []string{filepath.Join(at.Programs, "presize"), "-presets", at.Presets}
	worker := filepath.Join(at.Node, "worker.mjs")
	entrant := func(name, about string, cores int, command ...string) Entrant {
		return Entrant{result.Contestant{Name: name, About: about, Cores: cores}, command}
	}
	return []Entrant{
		entrant("presize", "as it is shipped", 1, presize...),
		entrant("presize-2-cores", "as it is shipped, on two cores", 2, presize...),
		entrant("blog", "sharp, the original decoded once more for each size", 1, "node", worker, "blog"),
		entrant("blog-parallel", "the same, all sizes at once", 1, "node", worker, "blog-parallel"),
		entrant("sharp-once", "sharp, the original decoded once", 1, "node", worker, "sharp-once"),
		entrant("jimp", "no native code", 1, "node", worker, "jimp"),
		entrant("bimg", "the library alone, one call for each size", 1, filepath.Join(at.Programs, "bimg")),
		entrant("floor", "bare libvips in C, nothing checked", 1, filepath.Join(at.Programs, "floor")),
	}
}
