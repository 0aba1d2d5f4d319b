package preset

// Config is presets.yaml, checked and with every default filled in.
type Config struct {
	Version   int
	Originals string   // prefix of originals, ends in "/"
	Resized   string   // prefix of variants, ends in "/"
	Key       string   // template of a variant's key below Resized
	SVG       bool     // whether SVG originals are rasterised; they are refused otherwise
	Manifest  bool     // whether every original gets a manifest
	Limits    Limits   // what an original may be at most
	Presets   []Preset // in the file's order
}

// Limits bound what one original may cost before a pixel of it is decoded.
type Limits struct {
	MaxBytes  int64 // of the original object
	MaxPixels int64 // width x height x frames
	MaxFrames int   // of an animation
}

// Preset is one named entry of presets.yaml: how a variant looks.
type Preset struct {
	Name          string
	Width         int // pixels; 0: follows from Height and the original's shape
	Height        int // pixels; 0: follows from Width and the original's shape
	Fit           Fit
	Gravity       Gravity
	Format        Format
	Quality       int // 1 to 100
	Effort        int // as the file says it; encoders take EffortFor; NoEffort leaves the encoder's default
	Lossless      bool
	Progressive   bool
	Chroma        Chroma
	Enlarge       bool
	Background    Color
	HasBackground bool    // Background was given; without it JPEG stands on white and the others stay transparent
	Sharpen       float64 // strength of the unsharp mask, 0 to 10; 0: none
	Blur          float64 // sigma of the Gaussian blur in pixels of the variant, 0 to 100; 0: none
	Animated      Animated
	Metadata      Metadata
	CacheControl  string
	Match         string // glob below Originals; empty: every original
}

// NoEffort is the Effort of a preset that leaves the choice to the encoder.
const NoEffort = -1

// Fit says how an original fills a preset's box when both sides are given.
type Fit string

// The fits. Inside keeps the shape and stays within the box; Cover fills the box and crops what hangs over; Contain
// stays within the box and pads it with the background; Fill takes the box's shape.
const (
	Inside  Fit = "inside"
	Cover   Fit = "cover"
	Contain Fit = "contain"
	Fill    Fit = "fill"
)

// Gravity says which part of the original Cover keeps, and where Contain puts it.
type Gravity string

// The gravities: the centre, the eight compass points, and Smart, which keeps what stands out.
const (
	Centre    Gravity = "centre"
	North     Gravity = "north"
	NorthEast Gravity = "northeast"
	East      Gravity = "east"
	SouthEast Gravity = "southeast"
	South     Gravity = "south"
	SouthWest Gravity = "southwest"
	West      Gravity = "west"
	NorthWest Gravity = "northwest"
	Smart     Gravity = "smart"
)

// Format is the format of a variant.
type Format string

// The formats. Original keeps what browsers show (JPEG, PNG, WebP, AVIF, GIF) and turns the rest into JPEG, or into
// WebP when it is transparent.
const (
	Original Format = "original"
	JPEG     Format = "jpeg"
	PNG      Format = "png"
	WebP     Format = "webp"
	AVIF     Format = "avif"
	GIF      Format = "gif"
)

// Chroma is the subsampling of colour in JPEG and AVIF, and in WebP the sharper conversion for ChromaFull.
type Chroma string

// The subsamplings. ChromaAuto halves colour below quality 90, as libvips does.
const (
	ChromaAuto Chroma = "auto"
	ChromaHalf Chroma = "4:2:0"
	ChromaFull Chroma = "4:4:4"
)

// Animated says what becomes of an animation's frames.
type Animated string

// Keep keeps every frame where the variant's format can; First takes the first.
const (
	Keep  Animated = "keep"
	First Animated = "first"
)

// Metadata says what of the original's metadata a variant carries.
type Metadata string

// None carries nothing. Copyright carries the EXIF fields Artist and Copyright. ICC carries an sRGB profile. All
// carries EXIF (GPS with it), XMP, IPTC and an sRGB profile. Whatever it is, pixels are upright and in sRGB.
const (
	MetadataNone      Metadata = "none"
	MetadataCopyright Metadata = "copyright"
	MetadataICC       Metadata = "icc"
	MetadataAll       Metadata = "all"
)

// Color is straight (not premultiplied) 8-bit RGBA; A 0 is transparent, 255 opaque.
//
// As a background the zero Color means the same as none: a transparent logo stays transparent, and so does the padding
// of Contain, wherever the format has transparency; JPEG, which has none, stands on white. A translucent background in
// JPEG is what it looks like on white, see [Color.OnWhite].
type Color struct{ R, G, B, A uint8 }
