// Package result is what a benchmark measured: plain data, written to a JSON file, from which table, targets and chart are
// drawn. Nothing in it is computed from anything but what was measured in the same run.
package result

// Run is everything that one `make bench` measured.
type Run struct {
	Machine     Machine      `json:"machine"`
	Versions    []Version    `json:"versions"`
	Rounds      int          `json:"rounds"` // counted samples of each cell, at most: what takes seconds has fewer
	Files       []File       `json:"files"`
	Contestants []Contestant `json:"contestants"`
	Cells       []Cell       `json:"cells"`
	Invocations []Invocation `json:"invocations"`
	Cold        []Cold       `json:"cold"`
	Equal       []Equal      `json:"equal"`
}

// Machine is where it was measured.
type Machine struct {
	CPU    string `json:"cpu"`
	Cores  int    `json:"cores"`
	Memory int64  `json:"memory"` // bytes
	System string `json:"system"`
	Pinned bool   `json:"pinned"` // contestants were held to one core
	Date   string `json:"date"`   // 2026-11-21
}

// Version is that of a library or a program that took part.
type Version struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// File is one original of the corpus.
type File struct {
	Name   string `json:"name"`
	Path   string `json:"path"`
	Width  int    `json:"width"`  // pixels, upright
	Height int    `json:"height"` // pixels, upright
	Bytes  int64  `json:"bytes"`
	About  string `json:"about"`
}

// Contestant is who renders.
type Contestant struct {
	Name  string `json:"name"` // presize, presize-2-cores, blog, blog-parallel, sharp-once, jimp, bimg, floor
	About string `json:"about"`
	Cores int    `json:"cores"` // that it was held to
}

// Cell is what a contestant did with a file.
type Cell struct {
	File       string    `json:"file"`
	Contestant string    `json:"contestant"`
	Cannot     string    `json:"cannot,omitempty"` // why there are no samples, or none that count
	Short      string    `json:"short,omitempty"`  // what of the output asked for is not as asked, though it counts
	Samples    []Sample  `json:"samples,omitempty"`
	Variants   []Variant `json:"variants,omitempty"`
	Peaks      []int64   `json:"peaks,omitempty"` // bytes: peak RSS of processes that render this file alone, once
}

// Sample is one upload: from the original's bytes in memory to every variant's bytes in memory.
type Sample struct {
	CPU  float64 `json:"cpu"`  // ms, user and system, all threads
	Wall float64 `json:"wall"` // ms
}

// Variant is one output of a cell.
type Variant struct {
	Preset string  `json:"preset"`
	Width  int     `json:"width"`
	Height int     `json:"height"`
	Bytes  int64   `json:"bytes"`
	SSIM   float64 `json:"ssim,omitempty"` // against a full-precision reduction of the whole original
}

// Equal compares bytes at equal SSIM: of what Presize writes at the quality at which its SSIM is the peer's, by what the
// peer writes.
type Equal struct {
	File       string  `json:"file"`
	Preset     string  `json:"preset"`
	Contestant string  `json:"contestant"` // the peer
	Ratio      float64 `json:"ratio"`      // below 1: Presize writes fewer bytes
	Cannot     string  `json:"cannot,omitempty"`
}

// Invocation is a whole one: event in through the Runtime API, original from S3, variants to S3.
type Invocation struct {
	File       string         `json:"file"`
	Contestant string         `json:"contestant"` // presize, blog
	Cannot     string         `json:"cannot,omitempty"`
	Samples    []Sample       `json:"samples,omitempty"`
	Requests   map[string]int `json:"requests,omitempty"` // S3 requests of one invocation, by operation: GET, PUT, HEAD, LIST, DELETE
}

// Cold is a cold start: from the process's start to the first thumbnail stored in S3.
type Cold struct {
	File       string    `json:"file"`
	Contestant string    `json:"contestant"` // presize, node-sharp
	Cache      string    `json:"cache"`      // warm: its files are in the page cache; cold: they were dropped from it
	Samples    []float64 `json:"samples"`    // ms
	Peak       int64     `json:"peak"`       // bytes: peak RSS
}
