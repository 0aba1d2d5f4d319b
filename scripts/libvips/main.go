package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
)

func main() {
	cache := flag.String("cache", ".cache/libvips", "folder to keep libvips in")
	system := flag.String("os", runtime.GOOS, "operating system: linux or darwin")
	cpu := flag.String("arch", runtime.GOARCH, "processor: amd64 or arm64")
	cc := flag.String("cc", envOr("CC", "cc"), "C compiler for the stand-ins")
	ar := flag.String("ar", envOr("AR", "ar"), "archiver for the stand-ins")
	flag.Parse()
	dir, err := install(context.Background(), *cache, *system, *cpu, *cc, *ar)
	if err != nil {
		fmt.Fprintln(os.Stderr, "libvips:", err)
		os.Exit(1)
	}
	_, _ = fmt.Fprintln(os.Stdout, dir)
}

func envOr(name, fallback string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return fallback
}
