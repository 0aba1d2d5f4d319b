package imaging_test

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
)

// exifFacts are what a test asks of an EXIF block.
type exifFacts struct {
	Artist, Copyright string
	Orientation       int
	Camera            bool // Make, Model or anything else beside the credits and what every block has
	GPS, Thumbnail    bool
}

// readEXIF reads a TIFF structure, with or without "Exif\0\0" before it.
func readEXIF(t testing.TB, block []byte) exifFacts {
	t.Helper()
	tiff := bytes.TrimPrefix(block, []byte("Exif\x00\x00"))
	var order binary.ByteOrder = binary.LittleEndian
	if bytes.HasPrefix(tiff, []byte("MM\x00*")) {
		order = binary.BigEndian
	} else if !bytes.HasPrefix(tiff, []byte("II*\x00")) {
		t.Fatalf("no TIFF header in EXIF: %q", tiff[:min(len(tiff), 16)])
	}
	var found exifFacts
	at := order.Uint32(tiff[4:])
	count := uint32(order.Uint16(tiff[at:]))
	for i := range count {
		entry := tiff[at+2+12*i:][:12]
		length, value := order.Uint32(entry[4:]), entry[8:]
		if order.Uint16(entry[2:]) == 2 && length > 4 {
			value = tiff[order.Uint32(value):][:length]
		}
		switch order.Uint16(entry) {
		case 0x0112:
			found.Orientation = int(order.Uint16(value))
		case 0x013b:
			found.Artist = strings.TrimRight(string(value[:length]), "\x00")
		case 0x8298:
			found.Copyright = strings.TrimRight(string(value[:length]), "\x00")
		case 0x8825:
			found.GPS = true
		case 0x010f, 0x0110, 0x0132, 0x0131:
			found.Camera = true
		}
	}
	found.Thumbnail = order.Uint32(tiff[at+2+12*count:]) != 0
	return found
}

// carried is the metadata in a variant's bytes.
type carried struct {
	EXIF           *exifFacts
	ICC, XMP, IPTC bool
}

func carriedBy(t testing.TB, data []byte) carried {
	t.Helper()
	var found carried
	exif := func(block []byte) {
		facts := readEXIF(t, block)
		found.EXIF = &facts
	}
	for _, c := range chunks(t, data) {
		switch {
		case c.kind == "ffe1" && bytes.HasPrefix(c.body, []byte("Exif\x00\x00")), c.kind == "eXIf", c.kind == "EXIF":
			exif(c.body)
		case c.kind == "infe" && bytes.Contains(c.body, []byte("Exif")):
			exif(itemEXIF(t, data))
		case c.kind == "ffe2" && bytes.HasPrefix(c.body, []byte("ICC_PROFILE")), c.kind == "iCCP", c.kind == "ICCP",
			c.kind == "colr" && (bytes.HasPrefix(c.body, []byte("prof")) || bytes.HasPrefix(c.body, []byte("rICC"))):
			found.ICC = true
		case c.kind == "ffe1", c.kind == "XMP ", c.kind == "infe" && bytes.Contains(c.body, []byte("rdf+xml")),
			c.kind == "iTXt" && bytes.HasPrefix(c.body, []byte("XML:com.adobe.xmp")):
			found.XMP = true
		case c.kind == "ffed", c.kind == "zTXt", c.kind == "tEXt":
			found.IPTC = true
		}
	}
	return found
}

// itemEXIF is the EXIF block of an AVIF: the one place in it where a TIFF begins.
func itemEXIF(t testing.TB, data []byte) []byte {
	t.Helper()
	for _, header := range []string{"MM\x00*", "II*\x00"} {
		if at := bytes.Index(data, []byte(header)); at >= 0 {
			return data[at:]
		}
	}
	t.Fatal("an Exif item without a TIFF header")
	return nil
}
