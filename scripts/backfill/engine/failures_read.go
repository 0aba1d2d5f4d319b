package engine

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"os"
)

// maxLine bounds a line of a failures file, in bytes: a key of 1,024, escaped, and an error's text.
const maxLine = 1 << 20

// ReadFailures yields what a failures file lists. A line that is no JSON object is a key by itself.
func ReadFailures(path string) iter.Seq2[Failure, error] {
	return func(yield func(Failure, error) bool) {
		file, err := os.Open(path)
		if err != nil {
			yield(Failure{}, err)
			return
		}
		defer func() { _ = file.Close() }() // nothing was written
		lines := bufio.NewScanner(file)
		lines.Buffer(nil, maxLine)
		for number := 1; lines.Scan(); number++ {
			text := bytes.TrimSpace(lines.Bytes())
			if len(text) == 0 {
				continue
			}
			failure := Failure{Original: string(text)}
			if text[0] == '{' {
				failure = Failure{}
				if err := json.Unmarshal(text, &failure); err != nil || failure.Original == "" {
					yield(Failure{}, fmt.Errorf(`%s:%d: found %.60q; {"original": KEY, ...} or a key alone is right`, path, number, text))
					return
				}
			}
			if !yield(failure, nil) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield(Failure{}, fmt.Errorf("%s: %w", path, err))
		}
	}
}

// FromFailures are the items that a failures file lists, each once. Nobody has looked at them: they may have been mended
// since, so that what stands there is not rendered again unless all is.
func FromFailures(path string, presets []string, all bool) Items {
	return func(context.Context) iter.Seq2[Item, error] {
		return func(yield func(Item, error) bool) {
			seen := map[string]bool{}
			for failure, err := range ReadFailures(path) {
				if seen[failure.Original] {
					continue
				}
				seen[failure.Original] = true
				item := Item{Key: failure.Original, Size: -1, Presets: presets, Look: !all}
				if !yield(item, err) {
					return
				}
			}
		}
	}
}
