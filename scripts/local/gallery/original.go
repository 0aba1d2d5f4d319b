package gallery

import (
	"slices"
	"strings"
	"time"

	"github.com/presize/presize/functions/pipeline/report"
)

// State is where an original is on its way.
type State string

// The states. Queued, Running, Retrying and Removing pass; the others stay until the original is uploaded again. Incomplete
// is an original from an earlier start that lacks variants, for reasons that no record tells. Removing is one that is gone,
// and whose variants are on their way out.
const (
	Queued     State = "queued"
	Running    State = "running"
	Retrying   State = "retrying"
	Done       State = "done"
	Failed     State = "failed"
	Skipped    State = "skipped"
	Incomplete State = "incomplete"
	Removing   State = "removing"
)

// Settled says that nothing more will happen by itself.
func (s State) Settled() bool {
	return s != Queued && s != Running && s != Retrying && s != Removing
}

// Original is what is known of one original.
type Original struct {
	Key      string    `json:"key"`
	Bytes    int64     `json:"bytes"` // -1: unknown
	Uploaded time.Time `json:"uploaded"`
	ETag     string    `json:"etag"` // variants and records of another one do not count
	State    State     `json:"state"`
	Type     string    `json:"type,omitempty"`   // as the bytes say
	Width    int       `json:"width,omitempty"`  // pixels, upright
	Height   int       `json:"height,omitempty"` // pixels, upright
	Frames   int       `json:"frames,omitempty"`
	MS       float64   `json:"ms,omitempty"`      // from the function's start on it to its end
	Attempt  int       `json:"attempt,omitempty"` // from 1
	Reason   string    `json:"reason,omitempty"`  // a short word for why there are no variants, or not all
	Error    string    `json:"error,omitempty"`
	Variants []Variant `json:"variants"` // one for each preset that applies, in the file's order
	Log      []string  `json:"log"`      // of the last run

	Manifest       string                `json:"manifest,omitempty"`       // URL of the manifest as it is now
	Placeholder    *report.Placeholder   `json:"placeholder,omitempty"`    // what its manifest says
	PlaceholderOld bool                  `json:"placeholderOld,omitempty"` // it is that of what was overwritten
	Failure        *report.FailureRecord `json:"failure,omitempty"`        // the record of its failure
	FailureKey     string                `json:"failureKey,omitempty"`     // where it is kept
	Announced      *time.Time            `json:"announced,omitempty"`      // when its completion event came
}

// Variant is what is known of one variant.
type Variant struct {
	Preset string  `json:"preset"`
	Key    string  `json:"key,omitempty"`    // empty: not made, or not yet
	URL    string  `json:"url,omitempty"`    // of whatever version is there
	Source string  `json:"source,omitempty"` // URL of this version of it, as the manifest has it
	Type   string  `json:"type,omitempty"`   // MIME type
	Width  int     `json:"width,omitempty"`
	Height int     `json:"height,omitempty"`
	Bytes  int64   `json:"bytes,omitempty"`
	MS     float64 `json:"ms,omitempty"` // rendering and uploading; 0: unknown
	Reason string  `json:"reason,omitempty"`
	Error  string  `json:"error,omitempty"`
}

// Missing are the presets of which there is no variant.
func (o *Original) Missing() []Variant {
	return slices.DeleteFunc(slices.Clone(o.Variants), func(v Variant) bool { return v.Key != "" })
}

// Complete says whether every preset that applies has its variant.
func (o *Original) Complete() bool { return o.State == Done && len(o.Missing()) == 0 }

// Why says in words why the original is not complete; empty when it is.
func (o *Original) Why() string {
	if o.Complete() {
		return ""
	}
	missing := o.Missing()
	reasons := []string{explain(o.Reason, o.Error)}
	for _, v := range missing {
		if v.Reason != "" {
			reasons = append(reasons, v.Preset+": "+explain(v.Reason, v.Error))
		}
	}
	reasons = slices.DeleteFunc(reasons, func(r string) bool { return r == "" })
	if len(reasons) > 0 {
		return strings.Join(slices.Compact(reasons), "; ")
	}
	names := make([]string, len(missing))
	for i, v := range missing {
		names[i] = v.Preset
	}
	return "no variant of " + strings.Join(names, ", ")
}

func explain(reason, err string) string {
	if reason == "" || err == "" || strings.HasPrefix(err, reason) {
		return reason + strings.TrimPrefix(err, reason)
	}
	return reason + ": " + err
}

// set puts a variant in its preset's place, or at the end for a preset that is no longer in the file.
func (o *Original) set(v Variant) {
	if at := slices.IndexFunc(o.Variants, func(old Variant) bool { return old.Preset == v.Preset }); at >= 0 {
		o.Variants[at] = v
		return
	}
	o.Variants = append(o.Variants, v)
}

func (o *Original) variant(preset string) Variant {
	for _, v := range o.Variants {
		if v.Preset == preset {
			return v
		}
	}
	return Variant{Preset: preset}
}

// clone is a copy that shares nothing.
func (o *Original) clone() Original {
	c := *o
	c.Variants = slices.Clone(o.Variants)
	c.Log = slices.Clone(o.Log)
	return c
}
