package main

import "strings"

// block is a block at the top of a .tf file, such as variable "name" { ... }.
type block struct {
	name       string
	text       string            // all of it
	comment    string            // the lines right above it, without their #
	attributes map[string]string // what stands behind "=", over as many lines as it takes; of the block itself only
}

// parseBlocks finds the blocks of a kind, by the layout that `terraform fmt` gives a file: a block begins at the line's
// start, its own lines are indented by two spaces, and a lone closing bracket ends what was opened.
func parseBlocks(text, kind string) []block {
	var blocks []block
	var comment []string
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		if note, ok := strings.CutPrefix(line, "#"); ok {
			comment = append(comment, strings.TrimSpace(note))
			continue
		}
		name, ok := header(line, kind)
		if !ok {
			comment = nil
			continue
		}
		last := i
		for last < len(lines)-1 && lines[last] != "}" {
			last++
		}
		blocks = append(blocks, block{
			name: name, comment: strings.Join(comment, "\n"),
			text:       strings.Join(lines[i:last+1], "\n"),
			attributes: parseAttributes(lines[i+1 : last]),
		})
		comment, i = nil, last
	}
	return blocks
}

// header reads the name in `kind "name" {`.
func header(line, kind string) (name string, ok bool) {
	rest, ok := strings.CutPrefix(line, kind+` "`)
	if !ok {
		return "", false
	}
	return strings.CutSuffix(rest, `" {`)
}

func parseAttributes(lines []string) map[string]string {
	attributes := map[string]string{}
	for i := 0; i < len(lines); i++ {
		name, value, ok := strings.Cut(strings.TrimPrefix(lines[i], "  "), " = ")
		name = strings.TrimRight(name, " ")
		if !ok || strings.ContainsAny(name, " \"#") || name == "" {
			continue
		}
		parts := []string{strings.TrimLeft(value, " ")}
		if strings.HasSuffix(value, "(") || strings.HasSuffix(value, "{") || strings.HasSuffix(value, "[") {
			first := i
			for i++; i < len(lines)-1 && strings.IndexAny(lines[i], ")}]") != 2; i++ {
			}
			for _, line := range lines[first+1 : i+1] {
				parts = append(parts, strings.TrimPrefix(line, "  "))
			}
		}
		attributes[name] = strings.Join(parts, "\n")
	}
	return attributes
}
