package imaging_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"testing"

	"github.com/presize/presize/functions/pipeline/imaging"
)

// TestHostileHEIC changes numbers in the tables of a sound file.
func TestHostileHEIC(t *testing.T) {
	sound := rowOf(t, "phones/plain.heic").read(t)
	limits := defaultConfig(t).Limits
	cases := map[string]struct {
		change func(data []byte)
		want   imaging.Reason
	}{
		"as it is": {func([]byte) {}, "no error"},
		"sides whose product wraps around": {func(data []byte) {
			setSize(data, math.MaxUint32, math.MaxUint32)
		}, imaging.TooManyPixels},
		"no width": {func(data []byte) { setSize(data, 0, 480) }, imaging.Corrupt},
		"a coded size that the container does not speak of": {func(data []byte) {
			limits.MaxPixels = 640*480 - 1 // what the parameter sets say
			setSize(data, 10, 10)
		}, imaging.TooManyPixels},
		"extents that take no bytes": {func(data []byte) {
			at := bytes.Index(data, []byte("iloc")) + 8
			data[at], data[at+1] = 0, 0
		}, imaging.Corrupt},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			limits = defaultConfig(t).Limits
			data := bytes.Clone(sound)
			c.change(data)
			_, err := imaging.Probe(data, limits, false)
			if got := reasonOf(err); got != c.want {
				t.Errorf("reason %s (%v), want %s", got, err, c.want)
			}
		})
	}
}

// setSize writes every ispe box anew.
func setSize(data []byte, width, height uint32) {
	for rest := data; ; {
		at := bytes.Index(rest, []byte("ispe"))
		if at < 0 {
			return
		}
		binary.BigEndian.PutUint32(rest[at+8:], width)
		binary.BigEndian.PutUint32(rest[at+12:], height)
		rest = rest[at+16:]
	}
}
