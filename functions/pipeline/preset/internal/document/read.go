package document

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// MaxFileBytes is the size above which a file is refused unread. A thousand presets take a tenth of it.
const MaxFileBytes = 1 << 20

// parse gives the top mapping of the only document in data, or nil after noting why there is none.
func parse(data []byte, problems *Problems) *yaml.Node {
	if len(data) > MaxFileBytes {
		problems.Add(Position{}, "", "is larger than %d bytes (1 MiB), the most that is read; is this the right file?", MaxFileBytes)
		return nil
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var first, second yaml.Node
	if err := decoder.Decode(&first); errors.Is(err, io.EOF) {
		problems.Add(Position{}, "", "is empty; it needs at least %s", leastFile)
		return nil
	} else if err != nil {
		addSyntax(problems, data, err)
		return nil
	}
	switch err := decoder.Decode(&second); {
	case errors.Is(err, io.EOF):
	case err != nil:
		addSyntax(problems, data, err)
		return nil
	default:
		problems.Add(Position{second.Line, second.Column}, "", "a second document starts here; one file holds one: remove the \"---\"")
	}
	root := resolve(first.Content[0])
	if root.Kind == yaml.ScalarNode && root.ShortTag() == "!!null" {
		problems.Add(Position{}, "", "is empty; it needs at least %s", leastFile)
		return nil
	}
	return root
}

const leastFile = `one preset, such as "presets: {small: {width: 368}}"`

// yaml.v3 tells of syntax errors by their text alone. Its scanner counts lines from 1 and its parser, whose messages
// all begin "did not find", from 0; line 0 is left out.
var (
	syntaxLine    = regexp.MustCompile(`^yaml: line (\d+): (.*)$`)
	unknownAnchor = regexp.MustCompile(`^yaml: unknown anchor '(.*)' referenced$`)
)

func addSyntax(problems *Problems, data []byte, err error) {
	var at Position
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	if m := syntaxLine.FindStringSubmatch(err.Error()); m != nil {
		at.Line, _ = strconv.Atoi(m[1])
		message = m[2]
	}
	if strings.HasPrefix(message, "did not find") {
		at.Line = min(at.Line+1, bytes.Count(data, []byte("\n"))+1)
	}
	if odd, what := oddCharacter(data); what != "" {
		problems.Add(odd, "", "found %s here; save the file as UTF-8 text without control characters", what)
		return
	}
	if tab := tabIndent(data); tab != (Position{}) {
		problems.Add(tab, "", "a tab indents this line; YAML takes spaces only: replace it with two spaces")
		return
	}
	if m := unknownAnchor.FindStringSubmatch(err.Error()); m != nil {
		before, _, _ := bytes.Cut(data, []byte("*"+m[1]))
		at.Line = bytes.Count(before, []byte("\n")) + 1
		problems.Add(at, "", "*%s refers to an anchor that is not in the file; put &%s before the value it means, above this line", m[1], m[1])
		return
	}
	problems.Add(at, "", "is not YAML from here on: %s; check indentation, colons, quotes and brackets at and above this line", message)
}

// oddCharacter finds the first character that no YAML file holds.
func oddCharacter(data []byte) (at Position, what string) {
	at = Position{1, 1}
	for len(data) > 0 {
		c, size := utf8.DecodeRune(data)
		switch {
		case c == '\n':
			at = Position{at.Line, 0}
			at.Line++
		case c == utf8.RuneError && size == 1:
			return at, "a byte that is not UTF-8"
		case unicode.IsControl(c) && c != '\t' && c != '\r' && c != '\u0085':
			return at, fmt.Sprintf("the control character %U", c)
		}
		at.Column++
		data = data[size:]
	}
	return Position{}, ""
}

// tabIndent finds the first line that a tab indents, which YAML reports in words that do not say so.
func tabIndent(data []byte) Position {
	line := 0
	for text := range bytes.Lines(data) {
		line++
		indent := text[:len(text)-len(bytes.TrimLeft(text, " \t"))]
		if i := bytes.IndexByte(indent, '\t'); i >= 0 && len(bytes.TrimSpace(text)) > 0 {
			return Position{line, i + 1}
		}
	}
	return Position{}
}
