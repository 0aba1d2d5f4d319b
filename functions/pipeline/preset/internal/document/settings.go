package document

// Settings are the fields of a preset that defaults may give, too.
type Settings struct {
	// How the original fills the box. inside: keeps its shape and stays within; cover: fills the box, crops what hangs
	// over; contain: stays within and is padded with the background; fill: takes the box's shape. All but inside need both
	// sides.
	Fit string `yaml:"fit" jsonschema:"enum=inside,enum=cover,enum=contain,enum=fill,default=inside"`

	// What cover keeps and where contain puts it. smart, for cover only, keeps what stands out.
	Gravity string `yaml:"gravity" jsonschema:"enum=centre,enum=center,enum=north,enum=northeast,enum=east,enum=southeast,enum=south,enum=southwest,enum=west,enum=northwest,enum=smart,default=centre"`

	// Format of the variant. original keeps JPEG, PNG, WebP, AVIF and GIF; the rest becomes JPEG, or WebP when transparent.
	Format string `yaml:"format" jsonschema:"enum=original,enum=jpeg,enum=jpg,enum=png,enum=webp,enum=avif,enum=gif,default=original"`

	// Quality of JPEG, WebP and AVIF.
	Quality int `yaml:"quality" jsonschema:"minimum=1,maximum=100,default=80"`

	// Time the encoder takes to make the file smaller: WebP 0 to 6, AVIF 0 to 9, GIF 1 to 10, PNG 0 to 9; JPEG has none.
	// Where the format is original, or the value comes from defaults, 0 to 10 brought into the encoder's range. Left out:
	// the encoder's own default.
	Effort int `yaml:"effort" jsonschema:"minimum=0,maximum=10"`

	// Lossless WebP or AVIF; PNG always is.
	Lossless bool `yaml:"lossless" jsonschema:"default=false"`

	// Progressive JPEG or interlaced PNG.
	Progressive bool `yaml:"progressive" jsonschema:"default=false"`

	// Subsampling of colour in JPEG, AVIF and WebP. auto halves colour below quality 90.
	Chroma string `yaml:"chroma" jsonschema:"enum=auto,enum=4:2:0,enum=4:4:4,default=auto"`

	// Whether an original smaller than the box is enlarged.
	Enlarge bool `yaml:"enlarge" jsonschema:"default=false"`

	// Colour behind transparency and in the padding of contain: #rgb, #rrggbb, #rrggbbaa, white, black or transparent. Left
	// out: transparent where the format can be, white in JPEG.
	Background string `yaml:"background" jsonschema:"pattern=^(#[0-9A-Fa-f]{3}|#[0-9A-Fa-f]{6}|#[0-9A-Fa-f]{8}|white|black|transparent)$" note:"#rgb, #rrggbb, #rrggbbaa, white, black or transparent is right; put one that starts with # in quotes"`

	// Strength of the unsharp mask; 0: none.
	Sharpen float64 `yaml:"sharpen" jsonschema:"minimum=0,maximum=10,default=0"`

	// Sigma of the Gaussian blur in pixels of the variant; 0: none.
	Blur float64 `yaml:"blur" jsonschema:"minimum=0,maximum=100,default=0"`

	// keep: every frame of an animation where the format can (WebP and GIF); first: its first frame.
	Animated string `yaml:"animated" jsonschema:"enum=keep,enum=first,default=keep"`

	// What variants keep of the original's metadata. copyright: EXIF artist and copyright; icc: an sRGB profile; all: EXIF
	// (GPS with it), XMP, IPTC and an sRGB profile.
	Metadata string `yaml:"metadata" jsonschema:"enum=none,enum=copyright,enum=icc,enum=all,default=none"`

	// Cache-Control header of the variants; left out: none.
	CacheControl string `yaml:"cache_control" jsonschema:"minLength=1,maxLength=1024,pattern=^[ -~]*$" note:"the text of an HTTP header is right: printable ASCII in one line"`
}
