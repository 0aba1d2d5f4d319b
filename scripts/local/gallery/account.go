package gallery

import (
	"encoding/json"
	"strings"
)

// account is the function's log line about one original, as JSON: the fields that are of use here.
type account struct {
	Original string  `json:"original"`
	Type     string  `json:"type"`
	Width    int     `json:"width"`
	Height   int     `json:"height"`
	Frames   int     `json:"frames"`
	Bytes    int64   `json:"bytes"`
	Outcome  string  `json:"outcome"`
	Reason   string  `json:"reason"`
	Error    string  `json:"error"`
	MS       float64 `json:"ms"`
	Variants []struct {
		Preset  string  `json:"preset"`
		Variant string  `json:"variant"`
		Type    string  `json:"type"`
		Width   int     `json:"width"`
		Height  int     `json:"height"`
		Bytes   int64   `json:"bytes"`
		MS      float64 `json:"ms"`
		Written bool    `json:"written"`
		Reason  string  `json:"reason"`
		Error   string  `json:"error"`
	} `json:"variants"`
}

// readAccount reads a log line; ok is false for any other line.
func readAccount(line string) (a account, ok bool) {
	if !strings.HasPrefix(line, "{") || json.Unmarshal([]byte(line), &a) != nil {
		return account{}, false
	}
	return a, a.Original != "" && a.Outcome != ""
}

// isMetrics says whether a line is CloudWatch metrics in the Embedded Metric Format, which nobody reads here.
func isMetrics(line string) bool {
	return strings.HasPrefix(line, "{") && strings.Contains(line, `"_aws":`)
}

// apply writes the function's account into the original.
func (g *Gallery) apply(o *Original, a account) {
	o.Type, o.Width, o.Height, o.Frames, o.MS = a.Type, a.Width, a.Height, a.Frames, a.MS
	o.Reason, o.Error = a.Reason, a.Error
	if a.Bytes > 0 {
		o.Bytes = a.Bytes
	}
	for _, made := range a.Variants {
		v := o.variant(made.Preset)
		v.MS, v.Reason, v.Error = made.MS, made.Reason, made.Error
		// Not written and no reason: the same variant stood there, unless a retry is to come.
		stands := made.Written || a.Outcome == "done" || a.Outcome == "failed"
		if made.Reason == "" && made.Variant != "" && stands {
			v.Key, v.URL, v.Type = made.Variant, g.url(made.Variant), made.Type
			v.Width, v.Height, v.Bytes = made.Width, made.Height, made.Bytes
		}
		o.set(v)
	}
}
