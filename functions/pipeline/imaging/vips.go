package imaging

/*
#cgo pkg-config: vips
#cgo CFLAGS: -O3
#cgo LDFLAGS: -lm
#include "vips.h"
*/
import "C"

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"unsafe"

	// bimg starts libvips in its package init; Go runs that before this package's.
	_ "github.com/h2non/bimg"
)

// Version is libvips' own.
const Version = string(C.VIPS_VERSION)

func init() {
	C.presize_start()
}

// vipsError takes what libvips left in its error buffer. The buffer is the process's: with renders side by side it
// may hold lines of another one as well.
func vipsError(doing string) error {
	text := C.vips_error_buffer_copy()
	defer C.g_free(C.gpointer(text))
	message := strings.Join(strings.Split(strings.TrimSpace(C.GoString(text)), "\n"), "; ")
	if message == "" {
		return fmt.Errorf("%s: libvips gave no reason", doing)
	}
	return fmt.Errorf("%s: %s", doing, message)
}

// types are the loaders' numbers for what libvips decodes.
var types = map[Type]C.int{
	JPEG: C.PRESIZE_JPEG, PNG: C.PRESIZE_PNG, WebP: C.PRESIZE_WEBP, GIF: C.PRESIZE_GIF,
	AVIF: C.PRESIZE_AVIF, TIFF: C.PRESIZE_TIFF, SVG: C.PRESIZE_SVG,
}

// calls is read-locked by everything that libvips does, and locked where an error's text decides: the text is the
// process's, not the call's, and while one call tries out what it may fail at, libvips keeps no other's either.
var calls sync.RWMutex

var errNoBytes = errors.New("0 bytes")

// pointer is the address of b's first byte, for a call that does not keep it.
func pointer(b []byte) unsafe.Pointer {
	return unsafe.Pointer(unsafe.SliceData(b))
}

// Usage is what libvips holds at the moment: its own count of pixel memory in bytes, of allocations, and of files.
type Usage struct {
	Memory      int64
	Allocations int
	Files       int
}

// InUse reads libvips' counters. They return to their start when every Master is closed.
func InUse() Usage {
	return Usage{
		Memory:      int64(C.vips_tracked_get_mem()),
		Allocations: int(C.vips_tracked_get_allocs()),
		Files:       int(C.vips_tracked_get_files()),
	}
}

// Renderer is part of every fingerprint. It is counted up by hand when a change of this package, or of libvips, makes
// variants look different enough that those which stand should be rendered again.
const Renderer = "1"
