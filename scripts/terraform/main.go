package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	dir := "terraform"
	if len(os.Args) > 1 {
		dir = os.Args[1]
	}
	if err := run(dir); err != nil {
		fmt.Fprintln(os.Stderr, "terraform:", err)
		os.Exit(1)
	}
}

// run brings the tables of the module in dir up to date.
func run(dir string) error {
	path := filepath.Join(dir, "README.md")
	now, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	want, err := document(dir, string(now))
	if err != nil {
		return err
	}
	return os.WriteFile(path, []byte(want), 0o644)
}
