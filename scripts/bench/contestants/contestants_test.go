package contestants_test

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/scripts/bench/contest"
	"github.com/presize/presize/scripts/bench/contest/protocol"
	"github.com/presize/presize/scripts/bench/corpus"
)

// entrants are the programs that `make contestants` built.
func entrants(t *testing.T) []contest.Entrant {
	t.Helper()
	at := func(parts ...string) string {
		path, err := filepath.Abs(filepath.Join(append([]string{"..", "..", ".."}, parts...)...))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(path); err != nil {
			t.Fatalf("%v: run make contestants", err)
		}
		return path
	}
	return contest.Entrants(contest.Places{
		Programs: at(".build", "bench"), Node: at(".cache", "bench", "node"), Presets: at("presets.yaml"),
	})
}

// talk hands lines to a contestant and reads its answers until it ends.
func talk(t *testing.T, e contest.Entrant, lines ...string) []protocol.Answer {
	t.Helper()
	command := exec.Command(e.Command[0], e.Command[1:]...)
	command.Stdin = strings.NewReader(strings.Join(lines, "\n") + "\n")
	command.Stderr = os.Stderr
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%s: %v", e.Name, err)
	}
	var answers []protocol.Answer
	for said := bufio.NewScanner(strings.NewReader(string(out))); said.Scan(); {
		var answer protocol.Answer
		if err := json.Unmarshal(said.Bytes(), &answer); err != nil {
			t.Fatalf("%s: %q: %v", e.Name, said.Text(), err)
		}
		answers = append(answers, answer)
	}
	if len(answers) != len(lines) {
		t.Fatalf("%s: %d answers to %d lines", e.Name, len(answers), len(lines))
	}
	return answers
}

func line(t *testing.T, file, out string) string {
	t.Helper()
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(protocol.Upload{File: file, Out: out}); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(text.String())
}

// facts are what a variant is, read from its bytes.
type facts struct {
	Type   string
	Width  int
	Height int
	Frames int
	Alpha  bool
}

func factsOf(t *testing.T, path string) facts {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	h, err := imaging.Probe(data, limits, false)
	if err != nil {
		t.Fatal(err)
	}
	// Whether a GIF has alpha depends on whether some frame leaves out what the one before has drawn.
	return facts{string(h.Type), h.Width, h.Height, h.Frames, h.Alpha && h.Type == imaging.PNG}
}

var limits = preset.Limits{MaxBytes: 1 << 30, MaxPixels: 1 << 30, MaxFrames: 1000}

// expected is what everyone was asked for.
var expected = map[string][]facts{ // small, medium, large, thumbnail
	"avatar.jpg":     {{"jpeg", 300, 300, 1, false}, {"jpeg", 300, 300, 1, false}, {"jpeg", 300, 300, 1, false}, {"webp", 150, 150, 1, false}},
	"phone-12mp.jpg": {{"jpeg", 368, 491, 1, false}, {"jpeg", 720, 960, 1, false}, {"jpeg", 1440, 1920, 1, false}, {"webp", 150, 150, 1, false}},
	"logo.png":       {{"png", 320, 240, 1, true}, {"png", 320, 240, 1, true}, {"png", 320, 240, 1, true}, {"webp", 150, 150, 1, false}},
	"animated.gif":   {{"gif", 320, 240, 6, false}, {"gif", 320, 240, 6, false}, {"gif", 320, 240, 6, false}, {"webp", 150, 150, 6, false}},
}

// still are those that know no animation.
var still = map[string]bool{"bimg": true, "jimp": true}

// TestOutputs: every contestant writes what was asked for, or says in short where it does not.
func TestOutputs(t *testing.T) {
	folder := t.TempDir()
	for _, e := range entrants(t) {
		t.Run(e.Name, func(t *testing.T) {
			for name, want := range expected {
				out := t.TempDir()
				answer := talk(t, e, line(t, original(t, folder, name), out))[0]
				if still[e.Name] && name == "animated.gif" {
					if !strings.Contains(answer.Error, "the first frame of an animation only") {
						t.Errorf("%s: %+v", name, answer)
					}
					continue
				}
				if answer.Error != "" || answer.CPU <= 0 || answer.Wall <= 0 {
					t.Fatalf("%s: %+v", name, answer)
				}
				var got []facts
				for _, v := range answer.Variants {
					one := factsOf(t, v.Path)
					if filepath.Dir(v.Path) != out || v.Width != one.Width || v.Height != one.Height || v.Bytes != size(t, v.Path) {
						t.Errorf("%s: it says %+v of %+v", name, v, one)
					}
					got = append(got, one)
				}
				if diff := cmp.Diff(excuse(want, answer.Short), got); diff != "" {
					t.Errorf("%s, short %q (-want +got):\n%s", name, answer.Short, diff)
				}
			}
		})
	}
}

// original is the path of one of the corpus, or of an animation smaller than the corpus's.
func original(t *testing.T, folder, name string) string {
	t.Helper()
	if name == "animated.gif" {
		return filepath.Join("..", "..", "..", "testdata", "originals", "formats", "gif-animated.gif")
	}
	files, err := corpus.Make(t.Context(), folder, []string{name}, limits)
	if err != nil {
		t.Fatal(err)
	}
	return files[0].Path
}

func size(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

// excuse is what was asked for but for what a contestant says that it falls short of.
func excuse(want []facts, short string) []facts {
	excused := append([]facts(nil), want...)
	for i := range excused {
		f := &excused[i]
		if strings.Contains(short, "thumbnail as JPEG") && f.Type == "webp" {
			f.Type = "jpeg"
		}
	}
	return excused
}

// TestRefusals: what a contestant cannot do it says, and goes on to the next upload.
func TestRefusals(t *testing.T) {
	folder := t.TempDir()
	files, err := corpus.Make(t.Context(), folder, []string{"avatar.jpg", "phone-12mp.heic"}, limits)
	if err != nil {
		t.Fatal(err)
	}
	broken := filepath.Join(folder, "broken.jpg")
	if err := os.WriteFile(broken, []byte("\xff\xd8\xff\xe0 no photo"), 0o600); err != nil {
		t.Fatal(err)
	}
	avatar := line(t, files[0].Path, "")
	for _, e := range entrants(t) {
		answers := talk(t, e, line(t, broken, ""), avatar, line(t, filepath.Join(folder, "nothing"), ""), avatar, "no JSON", avatar,
			line(t, files[1].Path, ""), avatar)
		for i, answer := range answers {
			reads := i%2 == 1 || i == 6 && strings.HasPrefix(e.Name, "presize")
			if reads != (answer.Error == "") || reads != (len(answer.Variants) == 4) {
				t.Errorf("%s, line %d: error %q, %d variants", e.Name, i, answer.Error, len(answer.Variants))
			}
		}
	}
}

// TestFloorReadsStrictly: the floor's own reader of JSON takes what the driver writes, and nothing that is not an upload.
func TestFloorReadsStrictly(t *testing.T) {
	folder := t.TempDir()
	files, err := corpus.Make(t.Context(), folder, []string{"avatar.jpg"}, limits)
	if err != nil {
		t.Fatal(err)
	}
	odd := filepath.Join(folder, `a "b" \ c <d> & é.jpg`)
	copyFile(t, files[0].Path, odd)
	path := files[0].Path
	good := []string{
		line(t, odd, ""),
		` { "quality" : 0 , "out" : "" , "file" : "` + path + `" } `,
		`{"file":"` + strings.ReplaceAll(path, "/", `\/`) + `","out":""}`,
	}
	bad := []string{
		`{"file":"` + path + `"}`, `{"out":""}`, `{}`, `[]`, `{"file":"` + path + `","out":"","quality":0} {}`,
		`{"file":"` + path + `","out":"","quality":-1}`, `{"file":"` + path + `","out":"","quality":}`, `{"file":"` + path + `","out":"",}`,
		`{"file":"` + path + `","out":"","more":""}`, `{"file":"` + path + `" "out":""}`, `{"file":"` + path + `","out":""`,
		`{"file":"` + path + `","out":"\u0041"}`, `{"file":1,"out":""}`, `{"file" "` + path + `","out":""}`,
	}
	for _, e := range entrants(t) {
		if e.Name != "floor" {
			continue
		}
		for i, answer := range talk(t, e, append(good, bad...)...) {
			if i < len(good) && answer.Error != "" {
				t.Errorf("%s: %s", good[i], answer.Error)
			}
			if i >= len(good) && !strings.HasPrefix(answer.Error, "floor: not an upload") {
				t.Errorf("%s: %q", bad[i-len(good)], answer.Error)
			}
		}
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestModes: an unknown mode of the Node.js worker is an error, not a default.
func TestModes(t *testing.T) {
	for _, e := range entrants(t) {
		if e.Name != "blog" {
			continue
		}
		command := exec.Command(e.Command[0], e.Command[1], "blogg")
		command.Stderr = io.Discard
		if err := command.Run(); err == nil {
			t.Error("it started")
		}
	}
}
