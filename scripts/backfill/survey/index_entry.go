package survey

import (
	"encoding/binary"
	"encoding/hex"
	"strings"

	"github.com/presize/presize/functions/pipeline"
	"github.com/presize/presize/functions/pipeline/store"
)

// An entry is a version, the time in seconds, the size, and texts with their lengths in front: the variant's ETag, and the
// mark's original, ETag, preset and fingerprint; then width and height. Hexadecimal texts, which most are, take half.
const entryVersion = 1

func encode(v store.Info, m pipeline.Mark) []byte {
	b := []byte{entryVersion}
	b = binary.AppendVarint(b, v.LastModified.Unix())
	b = binary.AppendVarint(b, v.Size)
	for _, text := range []string{v.ETag, m.Original, m.ETag, m.Preset, m.Fingerprint} {
		packed := text
		kind := uint64(0)
		if raw, err := hex.DecodeString(text); err == nil && text == strings.ToLower(text) {
			packed, kind = string(raw), 1
		}
		b = binary.AppendUvarint(b, uint64(len(packed))<<1|kind)
		b = append(b, packed...)
	}
	b = binary.AppendVarint(b, int64(m.Width))
	return binary.AppendVarint(b, int64(m.Height))
}

// decode reads an entry, unless it is of another state of the variant, or cut.
func decode(b []byte, v store.Info) (m pipeline.Mark, ok bool) {
	if len(b) == 0 || b[0] != entryVersion {
		return m, false
	}
	r := reader{b[1:], true}
	seconds, size := r.number(), r.number()
	etag := r.text()
	m = pipeline.Mark{Original: r.text(), ETag: r.text(), Preset: r.text(), Fingerprint: r.text()}
	m.Width, m.Height = int(r.number()), int(r.number())
	if !r.ok || seconds != v.LastModified.Unix() || size != v.Size || etag != v.ETag {
		return pipeline.Mark{}, false
	}
	return m, true
}

type reader struct {
	left []byte
	ok   bool
}

func (r *reader) number() int64 {
	n, size := binary.Varint(r.left)
	if size <= 0 {
		r.left, r.ok = nil, false
		return 0
	}
	r.left = r.left[size:]
	return n
}

func (r *reader) text() string {
	n, size := binary.Uvarint(r.left)
	if size <= 0 || n>>1 > uint64(len(r.left)-size) {
		r.left, r.ok = nil, false
		return ""
	}
	packed := r.left[size : size+int(n>>1)]
	r.left = r.left[size+int(n>>1):]
	if n&1 == 1 {
		return hex.EncodeToString(packed)
	}
	return string(packed)
}
