package imaging

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
)

// maxInflated bounds what the compressed text and profile chunks of one PNG may inflate to, in bytes. A profile of a
// printing press takes 2 MiB.
const maxInflated = 8 << 20

// checkPNG refuses a PNG whose text or profile chunks are bombs (PNG third edition, 11.3): libpng would pass over one
// in silence, after inflating it as far as its own limit.
func checkPNG(data []byte) error {
	inflated := int64(0)
	for rest := data[8:]; len(rest) >= 12; {
		length, kind := uint64(binary.BigEndian.Uint32(rest)), string(rest[4:8])
		if length+12 > uint64(len(rest)) {
			break // truncated: the decoder says so
		}
		body := rest[8 : 8+length]
		rest = rest[12+length:]
		if kind != "zTXt" && kind != "iTXt" && kind != "iCCP" {
			continue
		}
		reader, err := zlib.NewReader(bytes.NewReader(compressed(kind, body)))
		if err != nil {
			continue // not compressed, or broken in a way that no pixel depends on
		}
		n, _ := io.Copy(io.Discard, io.LimitReader(reader, maxInflated-inflated+1))
		if inflated += n; inflated > maxInflated {
			return failure(TooLarge, "its %s chunk inflates to more than %d bytes", kind, maxInflated)
		}
	}
	return nil
}

// compressed is the part of a chunk behind its names: name\0 method in zTXt and iCCP, and name\0 flag method
// language\0 translation\0 in iTXt.
func compressed(kind string, body []byte) []byte {
	skip := func(n int) { body = body[min(n, len(body)):] }
	text := func() {
		if end := bytes.IndexByte(body, 0); end >= 0 {
			skip(end + 1)
		} else {
			body = nil
		}
	}
	text()
	if kind != "iTXt" {
		skip(1)
		return body
	}
	skip(2)
	text()
	text()
	return body
}

// checkGIF walks a GIF's blocks (GIF89a specification, appendix A). libvips shows the frames there are of a file that
// ends early; such a file is refused, as a truncated photo is.
func checkGIF(data []byte, maxFrames int) error {
	frames := 0
	r := &gifReader{data: data}
	r.skip(10)
	flags := r.byte()
	r.skip(2)
	r.table(flags)
	for !r.short {
		switch r.byte() {
		case 0x3b: // trailer
			return nil
		case 0x21: // extension
			r.skip(1)
			r.blocks()
		case 0x2c: // image
			if frames++; frames > maxFrames {
				return failure(TooManyFrames, "more than %d frames, which is limits.max_frames", maxFrames)
			}
			r.skip(8)
			r.table(r.byte())
			r.skip(1)
			r.blocks()
		case 0: // padding between blocks, which some encoders leave
		default:
			return nil // garbage between blocks: what it means is the decoder's to say
		}
	}
	return failure(Corrupt, "GIF: the file ends in or behind frame %d, without the trailer", frames)
}

type gifReader struct {
	data  []byte
	short bool
}

func (r *gifReader) skip(n int) {
	if n > len(r.data) {
		r.short, n = true, len(r.data)
	}
	r.data = r.data[n:]
}

func (r *gifReader) byte() byte {
	if len(r.data) == 0 {
		r.short = true
		return 0
	}
	b := r.data[0]
	r.data = r.data[1:]
	return b
}

// table passes over the colour table that the flags announce.
func (r *gifReader) table(flags byte) {
	if flags&0x80 != 0 {
		r.skip(3 << (flags&7 + 1))
	}
}

// blocks passes over a chain of sub-blocks and the empty one that ends it.
func (r *gifReader) blocks() {
	for !r.short {
		size := r.byte()
		if size == 0 {
			return
		}
		r.skip(int(size))
	}
}
