package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const moduleDir = "../../terraform"

// The tables of terraform/README.md are those of the .tf files.
func TestREADMEIsUpToDate(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join(moduleDir, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	want, err := document(moduleDir, string(readme))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(readme)); diff != "" {
		t.Errorf("terraform/README.md is out of date; run `go run ./scripts/terraform` (-want +got):\n%s", diff)
	}
}

func TestDocument(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "variables.tf", `# A comment.
variable "name" {
  description = "Say \"hello\" | or not."
  type        = string
  default     = "presize"
}

variable "queue" {
  description = "The queue."
  type = object({
    size = optional(number, 5) # of a batch
  })
  default = {}

  validation {
    condition     = var.queue.size > 0
    error_message = "description = wrong"
  }
}

variable "bucket" {
  description = "The bucket."
  type        = string
}
`)
	write(t, dir, "outputs.tf", `output "url" {
  description = "Where it is."
  value = join("", [
    "a",
  ])
}
`)
	got, err := document(dir, "Before\n"+begin+"\nold\n"+end+"\nAfter\n")
	if err != nil {
		t.Fatal(err)
	}
	want := "Before\n" + begin + `

## Inputs

| name | | type | default |
|---|---|---|---|
| ` + "`name`" + ` | Say "hello" \| or not. | string | ` + "`\"presize\"`" + ` |
| ` + "`queue`" + ` | The queue. | object | [below](#queue) |
| ` + "`bucket`" + ` | The bucket. | string | **required** |

### queue

` + "```hcl" + `
object({
  size = optional(number, 5) # of a batch
})
` + "```" + `


## Outputs

| name | |
|---|---|
| ` + "`url`" + ` | Where it is. |

` + end + "\nAfter\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestDocumentRefuses(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "outputs.tf", "")
	write(t, dir, "variables.tf", "variable \"silent\" {\n  type = string\n}\n")
	for name, readme := range map[string]string{"has no two lines": "nothing to write between", `variable "silent" has no description`: begin + end} {
		if _, err := document(dir, readme); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%v; want %q", err, name)
		}
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
