// Command schemagen writes the JSON Schemas of the documents that Presize leaves about an original: its manifest, its
// failure record, and the event that is sent when it is through. Run it by "go generate" in the folder above.
package main

import (
	"fmt"
	"os"
)

func main() {
	schemas, err := generate(".")
	for name, schema := range schemas {
		if err == nil {
			err = os.WriteFile(name, schema, 0o644)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "schemagen:", err)
		os.Exit(1)
	}
}
