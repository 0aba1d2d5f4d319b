package preset

import "strings"

// extensions are the image extensions, in lower case, and the format each names; "" for those that browsers do not
// show. What is not in here is no extension but part of the name.
var extensions = map[string]Format{
	"jpg": JPEG, "jpeg": JPEG, "jpe": JPEG, "jfif": JPEG,
	"png": PNG, "webp": WebP, "avif": AVIF, "gif": GIF,
	"heic": "", "heif": "", "tif": "", "tiff": "", "svg": "",
}

// concrete are the formats a variant can be rendered in, the likeliest of an unknown original first.
var concrete = []Format{JPEG, WebP, PNG, GIF, AVIF}

// Extension is the extension of files of this format, without the dot; empty for Original, which has none of its own.
func (f Format) Extension() string {
	switch f {
	case JPEG:
		return "jpg"
	case PNG, WebP, AVIF, GIF:
		return string(f)
	}
	return ""
}

// splitExtension parts a file name before the dot of its extension. A dot at the start begins a hidden file's name, not
// an extension.
func splitExtension(file string) (name, ext string) {
	dot := strings.LastIndexByte(file, '.')
	if dot <= 0 {
		return file, ""
	}
	if _, ok := extensions[strings.ToLower(file[dot+1:])]; !ok {
		return file, ""
	}
	return file[:dot], file[dot+1:]
}

// namedFormat is the format that an extension, in any case, names; empty for none.
func namedFormat(ext string) Format { return extensions[strings.ToLower(ext)] }

// EffortRange is the encoder's scale of effort for a format: least and most. ok is false for JPEG, which has none, and
// for Original, which has not been decided yet.
func (f Format) EffortRange() (least, most int, ok bool) {
	switch f {
	case WebP:
		return 0, 6, true
	case AVIF, PNG:
		return 0, 9, true
	case GIF:
		return 1, 10, true
	}
	return 0, 0, false
}

// EffortFor is the effort to encode a variant of the format out with: the preset's, brought into the encoder's range, or
// NoEffort when the preset leaves the choice to the encoder or the encoder has none.
func (p Preset) EffortFor(out Format) int {
	least, most, ok := out.EffortRange()
	if !ok || p.Effort == NoEffort {
		return NoEffort
	}
	return min(max(p.Effort, least), most)
}
