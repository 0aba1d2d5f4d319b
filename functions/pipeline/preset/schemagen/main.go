// Command schemagen writes presets.schema.json, the JSON Schema that editors check and complete presets.yaml with, from
// the types that the loader reads the file into. Run it by "go generate" in the folder above.
package main

import (
	"fmt"
	"os"
)

func main() {
	schema, err := generate(".")
	if err == nil {
		err = os.WriteFile("presets.schema.json", schema, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "schemagen:", err)
		os.Exit(1)
	}
}
