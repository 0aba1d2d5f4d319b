package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/presize/presize/functions/pipeline/preset"
)

// runs are the run blocks of one of the module's test files, and all that stands before the first of them.
func runs(t *testing.T, file string) (head string, all []block) {
	t.Helper()
	text := read(t, filepath.Join(moduleDir, "tests", file+".tftest.hcl"))
	all = parseBlocks(text, "run")
	if len(all) == 0 {
		t.Fatalf("no runs in %s", file)
	}
	head, _, _ = strings.Cut(text, "\n"+`run "`+all[0].name+`" {`)
	return head, all
}

var (
	givenVariables = regexp.MustCompile(`(?s)\n  variables \{\n(.*?)\n  \}\n`)
	expectFailures = regexp.MustCompile(`\n\n?  expect_failures = \[(.*)\]\n`)
)

// sentence is what a run says that the user reads: its comment's "says:".
func sentence(t *testing.T, run block) string {
	t.Helper()
	_, says, ok := strings.Cut(run.comment, "says: ")
	if !ok {
		t.Fatalf("run %q has no comment \"says:\"", run.name)
	}
	return says
}

// A bad value of every variable is refused with a sentence that helps. Variables alone need no provider, so that each case
// takes a tenth of a second.
func TestVariables(t *testing.T) {
	t.Parallel()
	terraformPath(t)
	dir := t.TempDir()
	write(t, dir, "variables.tf", read(t, filepath.Join(moduleDir, "variables.tf")))
	write(t, dir, "presets.yaml", read(t, filepath.Join(moduleDir, "..", "presets.yaml")))
	if err := os.CopyFS(filepath.Join(dir, "tests", "fixtures"), os.DirFS(filepath.Join(moduleDir, "tests", "fixtures"))); err != nil {
		t.Fatal(err)
	}
	refused := func(name, values, variable, says string) {
		t.Run(name, func(t *testing.T) {
			file := name + ".tfvars"
			write(t, dir, file, overlaid(values))
			out, code := command(t, dir, nil, "terraform", "plan", "-json", "-input=false", "-lock=false", "-var-file="+file)
			message := diagnostics(t, out)
			if code == 0 || !strings.Contains(message, says) || !strings.Contains(message, variable) {
				t.Errorf("exit code %d, want a refusal of %s that says %q:\n%s", code, variable, says, message)
			}
		})
	}
	_, cases := runs(t, "variables")
	for _, run := range cases {
		values := givenVariables.FindStringSubmatch(run.text)
		failing := expectFailures.FindStringSubmatch(run.text)
		if values == nil || failing == nil {
			t.Fatalf("run %q has no variables or expects no failure", run.name)
		}
		refused(run.name, values[1], strings.TrimPrefix(failing[1], "var."), sentence(t, run))
	}
	for _, variable := range parseBlocks(read(t, filepath.Join(moduleDir, "variables.tf")), "variable") {
		switch {
		case variable.attributes["nullable"] != "false":
			t.Errorf("variable %q takes null", variable.name)
		case variable.attributes["type"] == "bool":
			refused("bool_"+variable.name, variable.name+` = "perhaps"`, variable.name, "a bool is required")
		case !everyMessageIsTested(variable, cases):
			t.Errorf("variable %q has a refusal that tests/variables.tftest.hcl does not meet", variable.name)
		}
	}
	t.Run("good", func(t *testing.T) {
		write(t, dir, "good.tfvars", overlaid(""))
		if out, code := command(t, dir, nil, "terraform", "plan", "-json", "-input=false", "-lock=false", "-var-file=good.tfvars"); code != 0 {
			t.Errorf("exit code %d of what all cases stand on:\n%s", code, out)
		}
	})
}

// overlaid are the values that a case gives, and for the others what is right.
func overlaid(values string) string {
	lines := []string{values}
	for name, value := range map[string]string{"bucket": "photos", "package": "tests/fixtures/resize.zip", "presets": "presets.yaml"} {
		if !regexp.MustCompile(`(?m)^\s*` + name + `\s*=`).MatchString(values) {
			lines = append(lines, fmt.Sprintf("%s = %q", name, value))
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

var errorMessages = regexp.MustCompile(`error_message\s*= (?:"(.*)"\n|<<-EOT\n((?s:.*?))\n\s*EOT)`)

// everyMessageIsTested says whether each error message in a block is what some run waits for.
func everyMessageIsTested(b block, cases []block) bool {
	found := errorMessages.FindAllStringSubmatch(b.text, -1)
	for _, match := range found {
		text, tested := unquote(match[1]+match[2]), false
		for _, run := range cases {
			_, says, _ := strings.Cut(run.comment, "says: ")
			tested = tested || strings.Contains(text, says)
		}
		if !tested {
			return false
		}
	}
	return len(found) > 0
}

// diagnostics are the errors in what terraform prints as JSON.
func diagnostics(t *testing.T, output string) string {
	t.Helper()
	var all strings.Builder
	for name, message := range byFile(t, output) {
		all.WriteString(name + message + "\n")
	}
	return all.String()
}

// byFile are the errors in what terraform prints as JSON, by the test file that they are of; the key of other errors is empty.
func byFile(t *testing.T, output string) map[string]string {
	t.Helper()
	found := map[string]string{}
	lines := bufio.NewScanner(strings.NewReader(output))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var line struct {
			TestFile   string `json:"@testfile"`
			Diagnostic struct{ Severity, Summary, Detail, Address string }
		}
		if json.Unmarshal(lines.Bytes(), &line) != nil || line.Diagnostic.Severity != "error" {
			continue
		}
		found[line.TestFile] += line.Diagnostic.Summary + ": " + line.Diagnostic.Detail + " (" + line.Diagnostic.Address + ")\n" + lines.Text() + "\n"
	}
	return found
}

// What would cost money or leak data is refused with a sentence that helps: each run, without its expect_failures, fails
// and says it.
func TestRefusals(t *testing.T) {
	t.Parallel()
	c := copyModule(t, "terraform")
	head, cases := runs(t, "refusals")
	for _, run := range cases {
		write(t, c.root, "terraform/says/"+run.name+".tftest.hcl", head+"\n"+expectFailures.ReplaceAllString(run.text, "\n")+"\n")
	}
	out, _ := c.terraform(t, "terraform", "test", "-json", "-test-directory=says")
	found := byFile(t, out)
	for _, run := range cases {
		target := expectFailures.FindStringSubmatch(run.text)[1]
		kind, name, _ := strings.Cut(target, ".")
		message := found["says/"+run.name+".tftest.hcl"]
		if !strings.Contains(message, sentence(t, run)) || !strings.Contains(message, fmt.Sprintf(`resource \"%s\" \"%s\"`, kind, name)) {
			t.Errorf("%s: want a refusal of %s that says %q; got:\n%s", run.name, target, sentence(t, run), message)
		}
	}
	for _, file := range []string{"presets.tf", "s3.tf", "lambda.tf", "cloudfront.tf", "backfill.tf"} {
		for _, resource := range parseBlocks(strings.ReplaceAll(read(t, filepath.Join(moduleDir, file)), `" "`, "."), "resource") {
			if strings.Contains(resource.text, "precondition {") && !everyMessageIsTested(resource, cases) {
				t.Errorf("%s in %s has a precondition that tests/refusals.tftest.hcl does not meet", resource.name, file)
			}
		}
	}
}

// What the module refuses in presets.yaml the function's loader refuses too, and the other way round for the layouts that
// the module's tests take.
func TestLoaderAgrees(t *testing.T) {
	fixtures := filepath.Join(moduleDir, "tests", "fixtures")
	_, cases := runs(t, "refusals")
	for _, run := range cases {
		name, ok := strings.CutPrefix(run.name, "presets_")
		if !ok || name == "own_folder" { // the bucket's layout is the module's business
			continue
		}
		if _, err := preset.LoadFile(filepath.Join(fixtures, strings.ReplaceAll(name, "_", "-")+".yaml")); err == nil {
			t.Errorf("the loader takes %s", name)
		}
	}
	config, err := preset.LoadFile(filepath.Join(fixtures, "other-layout.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	urls := read(t, filepath.Join(moduleDir, "tests", "cdn.tftest.hcl"))
	for _, p := range config.Presets {
		key := config.PredictKeys(p, config.Originals+"photos/cat.jpg")[0]
		if !strings.Contains(urls, `["`+p.Name+`"] == "https://d111111abcdef8.cloudfront.net/`+key+`"`) {
			t.Errorf("the loader's key of preset %s is %s; the module's example is another", p.Name, key)
		}
	}
	if failure, err := config.FailureKey(config.Originals + "photos/cat.jpg"); err != nil || failure != "thumbs/v1/failed/photos/cat.jpg.json" {
		t.Errorf("the loader's failure record is %s (%v), which the CDN is not kept from", failure, err)
	}
}
