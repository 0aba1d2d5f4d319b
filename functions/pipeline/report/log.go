package report

import (
	"context"
	"log/slog"
	"math"
	"time"
)

// Log writes the account as one line: done, skipped and gone at info, failed at warn, retry at error. What is not known
// is left out.
func (o Original) Log(ctx context.Context, log *slog.Logger) {
	log.LogAttrs(ctx, o.level(), "original "+string(o.Outcome), o.attributes()...)
}

func (o Original) level() slog.Level {
	switch o.Outcome {
	case Done, Skipped, Gone, Removed:
		return slog.LevelInfo
	case Failed:
		return slog.LevelWarn
	default:
		return slog.LevelError
	}
}

func (o Original) attributes() []slog.Attr {
	attributes := []slog.Attr{
		slog.String("original", o.Key),
		slog.String("bucket", o.Bucket),
		slog.String("etag", o.ETag),
		slog.String("type", o.Type),
		slog.Int("width", o.Width),
		slog.Int("height", o.Height),
		slog.Int("frames", o.Frames),
		slog.Int64("bytes", o.BytesIn),
		slog.Int("deleted", o.Deleted),
		slog.String("outcome", string(o.Outcome)),
		slog.String("reason", o.Reason),
		slog.String("error", message(o.Err)),
	}
	if o.Rounds > 1 {
		attributes = append(attributes, slog.Int("rounds", o.Rounds))
	}
	known := attributes[:0]
	for _, a := range attributes {
		if !a.Value.Equal(slog.StringValue("")) && !a.Value.Equal(slog.Int64Value(0)) {
			known = append(known, a)
		}
	}
	known = append(known, slog.Float64("ms", milliseconds(o.Total)))
	if stages := o.Stages.attributes(); len(stages) > 0 {
		known = append(known, slog.Attr{Key: "stage_ms", Value: slog.GroupValue(stages...)})
	}
	if variants := o.variants(); len(variants) > 0 {
		known = append(known, slog.Any("variants", variants))
	}
	return known
}

// variantLine is one element of the list "variants". Key and Reason are named as the line's own fields are.
type variantLine struct {
	Preset  string  `json:"preset"`
	Variant string  `json:"variant,omitempty"`
	Type    string  `json:"type,omitempty"`
	Width   int     `json:"width,omitempty"`
	Height  int     `json:"height,omitempty"`
	Bytes   int64   `json:"bytes,omitempty"`
	Ms      float64 `json:"ms"` // rendered and uploaded
	Written bool    `json:"written"`
	Reason  string  `json:"reason,omitempty"`
	Error   string  `json:"error,omitempty"`
}

// variants leaves out those that the work did not come to.
func (o Original) variants() []variantLine {
	lines := make([]variantLine, 0, len(o.Variants))
	for _, v := range o.Variants {
		if v.Preset == "" {
			continue
		}
		lines = append(lines, variantLine{
			Preset: v.Preset, Variant: v.Key, Type: v.Type, Width: v.Width, Height: v.Height, Bytes: v.Bytes,
			Ms: milliseconds(v.Render + v.Upload), Written: v.Written, Reason: v.Reason, Error: message(v.Err),
		})
	}
	return lines
}

// stage is one of the Stages with its name as fields and metrics start.
type stage struct {
	field, metric string
	took          time.Duration
}

// reached are the stages that an original came to, in the order of the way.
func (s Stages) reached() []stage {
	var reached []stage
	for _, one := range []stage{
		{"fetch", "FetchMs", s.Fetch},
		{"probe", "ProbeMs", s.Probe},
		{"master", "MasterMs", s.Master},
		{"render", "RenderMs", s.Render},
		{"upload", "UploadMs", s.Upload},
		{"verify", "VerifyMs", s.Verify},
	} {
		if one.took > 0 {
			reached = append(reached, one)
		}
	}
	return reached
}

func (s Stages) attributes() []slog.Attr {
	var attributes []slog.Attr
	for _, one := range s.reached() {
		attributes = append(attributes, slog.Float64(one.field, milliseconds(one.took)))
	}
	return attributes
}

// milliseconds keeps microseconds: a probe takes a few of them.
func milliseconds(d time.Duration) float64 {
	return math.Round(float64(d)/float64(time.Microsecond)) / 1000
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
