package protocol_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/presize/presize/scripts/bench/contest/protocol"
)

// upper is a renderer whose one variant is the original in capitals.
type upper struct{}

func (upper) Render(_ context.Context, data []byte, quality int) ([]protocol.Output, error) {
	if len(data) == 0 {
		return nil, errors.New("0 bytes")
	}
	return []protocol.Output{{Preset: "small", Extension: "txt", Width: quality, Data: []byte(strings.ToUpper(string(data)))}}, nil
}

func (upper) Inspect(_ []byte, outputs []protocol.Output) (string, error) {
	outputs[0].Height = len(outputs[0].Data)
	return "capitals", nil
}

func TestServe(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{"a": "photo", "empty": ""} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	written := filepath.Join(folder, "small.txt")
	cases := map[string]struct {
		line string
		want protocol.Answer
	}{
		"thrown away": {
			`{"file":"` + folder + `/a","out":"","quality":60}`,
			protocol.Answer{Short: "capitals", Variants: []protocol.Variant{{Preset: "small", Width: 60, Height: 5, Bytes: 5}}},
		},
		"written": {
			`{"file":"` + folder + `/a","out":"` + folder + `","quality":0}`,
			protocol.Answer{Short: "capitals", Variants: []protocol.Variant{{Preset: "small", Height: 5, Bytes: 5, Path: written}}},
		},
		"refused":    {`{"file":"` + folder + `/empty"}`, protocol.Answer{Error: "0 bytes"}},
		"no file":    {`{"file":"` + folder + `/b"}`, protocol.Answer{Error: "open " + folder + "/b: no such file or directory"}},
		"no folder":  {`{"file":"` + folder + `/a","out":"` + folder + `/b"}`, protocol.Answer{Error: "open " + folder + "/b/small.txt: no such file or directory"}},
		"not a line": {`{`, protocol.Answer{Error: `not an upload: "{": unexpected end of JSON input`}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			// Twice: whatever an upload was, the next is answered.
			var out strings.Builder
			if err := protocol.Serve(t.Context(), strings.NewReader(c.line+"\n"+c.line+"\n"), &out, upper{}); err != nil {
				t.Fatal(err)
			}
			answers := json.NewDecoder(strings.NewReader(out.String()))
			for range 2 {
				var got protocol.Answer
				if err := answers.Decode(&got); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(c.want, got, cmpopts.IgnoreFields(got, "CPU", "Wall")); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			}
		})
	}
	if got, err := os.ReadFile(written); err != nil || string(got) != "PHOTO" {
		t.Errorf("%q, %v", got, err)
	}
}
