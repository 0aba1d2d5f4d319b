package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// The comments between which README.md has what is generated.
const (
	begin = "<!-- BEGIN inputs and outputs, written by `go run ./scripts/terraform` -->"
	end   = "<!-- END inputs and outputs -->"
)

// document is the README with the tables of the module in dir between its two comments.
func document(dir, readme string) (string, error) {
	before, rest, ok := strings.Cut(readme, begin)
	_, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		return "", fmt.Errorf("README.md has no two lines %q and %q to write between", begin, end)
	}
	inputs, err := readBlocks(filepath.Join(dir, "variables.tf"), "variable")
	if err != nil {
		return "", err
	}
	outputs, err := readBlocks(filepath.Join(dir, "outputs.tf"), "output")
	if err != nil {
		return "", err
	}
	return before + begin + "\n" + inputTable(inputs) + "\n" + outputTable(outputs) + end + after, nil
}

func readBlocks(path, kind string) ([]block, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	blocks := parseBlocks(string(text), kind)
	for _, b := range blocks {
		if b.attributes["description"] == "" {
			return nil, fmt.Errorf("%s: %s %q has no description", path, kind, b.name)
		}
	}
	return blocks, nil
}

func inputTable(inputs []block) string {
	var table, objects strings.Builder
	table.WriteString("\n## Inputs\n\n| name | | type | default |\n|---|---|---|---|\n")
	for _, in := range inputs {
		fallback, given := in.attributes["default"]
		switch {
		case !given:
			fallback = "**required**"
		case fallback == "{}" && isObject(in):
			fallback = "[below](#" + in.name + ")"
		default:
			fallback = "`" + fallback + "`"
		}
		kind := in.attributes["type"]
		if isObject(in) {
			kind = "object"
			fmt.Fprintf(&objects, "\n### %s\n\n```hcl\n%s\n```\n", in.name, in.attributes["type"])
		}
		fmt.Fprintf(&table, "| `%s` | %s | %s | %s |\n", in.name, cell(unquote(in.attributes["description"])), kind, fallback)
	}
	return table.String() + objects.String()
}

func isObject(b block) bool { return strings.HasPrefix(b.attributes["type"], "object(") }

func outputTable(outputs []block) string {
	var table strings.Builder
	table.WriteString("\n## Outputs\n\n| name | |\n|---|---|\n")
	for _, out := range outputs {
		fmt.Fprintf(&table, "| `%s` | %s |\n", out.name, cell(unquote(out.attributes["description"])))
	}
	return table.String() + "\n"
}

// cell keeps a text from ending its cell.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

// unquote is the text of an HCL string without interpolation.
func unquote(quoted string) string {
	return strings.NewReplacer(`\"`, `"`, `\\`, `\`, `$${`, `${`).Replace(strings.Trim(quoted, `"`))
}
