package imaging

import "fmt"

// Reason is the short word for why an original cannot be rendered. The same bytes give the same reason: a retry does
// not help.
type Reason string

// The reasons.
const (
	Empty           Reason = "empty"            // no bytes
	NotAnImage      Reason = "not-an-image"     // no format that is known
	UnsupportedType Reason = "unsupported-type" // a known format that is not rendered, or not allowed by presets.yaml
	Corrupt         Reason = "corrupt"          // truncated or broken
	TooManyPixels   Reason = "too-many-pixels"  // limits.max_pixels
	TooManyFrames   Reason = "too-many-frames"  // limits.max_frames
	TooLarge        Reason = "too-large"        // limits.max_bytes
	SVGExternal     Reason = "svg-external"     // an SVG that refers to something outside itself
	SVGUnsafe       Reason = "svg-unsafe"       // an SVG with a script, declarations, or a bomb
	EncodeFailed    Reason = "encode-failed"    // libvips would not encode the pixels it had decoded
)

// Error says why an original, or one variant of it, cannot be made.
type Error struct {
	Reason Reason
	Err    error
}

func (e *Error) Error() string { return fmt.Sprintf("%s: %v", e.Reason, e.Err) }

func (e *Error) Unwrap() error { return e.Err }

func failure(reason Reason, format string, args ...any) *Error {
	return &Error{Reason: reason, Err: fmt.Errorf(format, args...)}
}
