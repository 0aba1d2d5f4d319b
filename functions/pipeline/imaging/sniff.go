package imaging

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"io"
)

// Type is the format of an original, as its bytes tell.
type Type string

// The types that are rendered.
const (
	JPEG Type = "jpeg"
	PNG  Type = "png"
	WebP Type = "webp"
	GIF  Type = "gif"
	AVIF Type = "avif"
	TIFF Type = "tiff"
	SVG  Type = "svg"
	HEIC Type = "heic"
)

// others are signatures of formats that people upload and that are not rendered, so that the reason can name them.
var others = []struct{ signature, name string }{
	{"%PDF-", "PDF"}, {"BM", "BMP"}, {"8BPS", "Photoshop"}, {"\x00\x00\x01\x00", "ICO"}, {"%!PS", "PostScript"},
	{"\xff\x0a", "JPEG XL"}, {"\x00\x00\x00\x0cJXL ", "JPEG XL"}, {"\x00\x00\x00\x0cjP  ", "JPEG 2000"},
	{"\xff\x4f\xff\x51", "JPEG 2000"}, {"PK\x03\x04", "ZIP"}, {"\x1f\x8b", "gzip"}, {"\x1aE\xdf\xa3", "Matroska"},
	{"v/1\x01", "OpenEXR"}, {"#?RADIANCE", "Radiance"}, {"FUJIFILMCCD-RAW", "Fujifilm raw"},
}

// sniff tells the type from the first bytes, never from a name or a Content-Type. The second result names a format
// that is known but not rendered.
func sniff(data []byte) (Type, string) {
	has := func(signature string) bool { return bytes.HasPrefix(data, []byte(signature)) }
	switch {
	case has("\xff\xd8\xff"):
		return JPEG, ""
	case has("\x89PNG\r\n\x1a\n"):
		return PNG, ""
	case has("GIF87a"), has("GIF89a"):
		return GIF, ""
	case has("RIFF") && len(data) >= 12 && string(data[8:12]) == "WEBP":
		return WebP, ""
	case has("II*\x00"), has("MM\x00*"), has("II+\x00\x08\x00"), has("MM\x00+\x00\x08"):
		return TIFF, ""
	case len(data) >= 12 && string(data[4:8]) == "ftyp":
		return sniffISO(data)
	case looksLikeSVG(data):
		return SVG, ""
	}
	for _, other := range others {
		if has(other.signature) {
			return "", other.name
		}
	}
	return "", ""
}

// sniffISO reads the brands of an ISO base media file (ISO/IEC 14496-12, 4.3): what an image of the MIAF brands is
// coded with, its items tell.
func sniffISO(data []byte) (Type, string) {
	size := min(int(binary.BigEndian.Uint32(data)), len(data), 256)
	brands := map[string]bool{string(data[8:12]): true}
	for at := 16; at+4 <= size; at += 4 {
		brands[string(data[at:at+4])] = true
	}
	switch {
	case brands["avif"] || brands["avis"]:
		return AVIF, ""
	case brands["heic"] || brands["heix"] || brands["heim"] || brands["heis"] || brands["hevc"] || brands["hevx"]:
		return HEIC, ""
	case brands["mif1"] || brands["msf1"]:
		if file, err := readISO(data); err == nil && file.codec() == "av01" {
			return AVIF, ""
		}
		return HEIC, ""
	}
	return "", "ISO media (" + string(data[8:12]) + ")"
}

// looksLikeSVG says whether the first element, behind any comments and declarations, is an <svg>. An HTML page that
// holds a drawing is no drawing.
func looksLikeSVG(data []byte) bool {
	head := bytes.TrimPrefix(data[:min(len(data), 4096)], []byte("\xef\xbb\xbf"))
	if !bytes.HasPrefix(bytes.TrimLeft(head, " \t\r\n"), []byte("<")) {
		return false
	}
	decoder := xml.NewDecoder(bytes.NewReader(head))
	decoder.Strict = false
	decoder.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) { return input, nil }
	for {
		token, err := decoder.RawToken()
		if err != nil {
			return false
		}
		if start, ok := token.(xml.StartElement); ok {
			return start.Name.Local == "svg"
		}
	}
}
