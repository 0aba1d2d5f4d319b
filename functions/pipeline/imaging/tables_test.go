package imaging_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/imaging"
)

// row is an entry of testdata/originals.json, svg.json or bad.json; testdata/README.md says what the fields mean.
type row struct {
	File   string         `json:"file"`
	Type   imaging.Type   `json:"type"`
	Width  int            `json:"width"`
	Height int            `json:"height"`
	Frames int            `json:"frames"`
	Alpha  bool           `json:"alpha"`
	Delays []int          `json:"delays_ms"`
	Loop   int            `json:"loop"`
	Like   string         `json:"like"`
	Reason imaging.Reason `json:"reason"`
	folder string
}

// table reads testdata/<name>.json.
func table(t testing.TB, name string) []row {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(testdata, name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	if err := json.Unmarshal(data, &rows); err != nil {
		t.Fatalf("%s.json: %v", name, err)
	}
	for i := range rows {
		rows[i].folder = name
	}
	return rows
}

func (r row) read(t testing.TB) []byte {
	t.Helper()
	return read(t, filepath.Join(testdata, r.folder, filepath.FromSlash(r.File)))
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// rowOf finds the entry of one original.
func rowOf(t testing.TB, file string) row {
	t.Helper()
	for _, r := range table(t, "originals") {
		if r.File == file {
			return r
		}
	}
	t.Fatalf("originals.json has no entry %s", file)
	return row{}
}

// TestTables holds the tables against the folders: a file that no entry speaks of would be a file that no test reads.
func TestTables(t *testing.T) {
	for _, name := range []string{"originals", "svg", "bad"} {
		t.Run(name, func(t *testing.T) {
			var listed, found []string
			for _, r := range table(t, name) {
				listed = append(listed, r.File)
			}
			root := filepath.Join(testdata, name)
			err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
				if err != nil || entry.IsDir() {
					return err
				}
				file, err := filepath.Rel(root, path)
				found = append(found, filepath.ToSlash(file))
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			sort.Strings(listed)
			sort.Strings(found)
			if diff := cmp.Diff(listed, found); diff != "" {
				t.Errorf("%s.json (-) and the folder (+) differ:\n%s", name, diff)
			}
		})
	}
}
