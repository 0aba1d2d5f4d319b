package protocol

// Upload asks for every variant of one file.
type Upload struct {
	File    string `json:"file"`    // absolute path of the original
	Out     string `json:"out"`     // absolute path of the folder that gets the variants; empty: they are thrown away
	Quality int    `json:"quality"` // in the place of every lossy preset's own; 0: the presets' own
}

// Answer is what became of an upload.
type Answer struct {
	CPU      float64   `json:"cpu"`  // ms, user and system, all threads of the process
	Wall     float64   `json:"wall"` // ms
	Variants []Variant `json:"variants"`
	Error    string    `json:"error"` // why there are no variants
	Short    string    `json:"short"` // what of the output is not as asked
}

// Variant is one output.
type Variant struct {
	Preset string `json:"preset"`
	Width  int    `json:"width"`  // pixels, of one frame
	Height int    `json:"height"` // pixels, of one frame
	Bytes  int64  `json:"bytes"`
	Path   string `json:"path,omitempty"` // where it was written
}
