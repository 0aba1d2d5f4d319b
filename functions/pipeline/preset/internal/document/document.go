package document

// Document is presets.yaml: which sizes and formats every upload is rendered in, and where originals and variants live.
type Document struct {
	// The version of this file's format.
	Version int `yaml:"version" jsonschema:"enum=1,default=1" note:"(this Presize reads version 1 only)"`

	// Prefix of the originals: where uploads go. Ends in "/".
	Originals string `yaml:"originals" jsonschema:"default=originals/,maxLength=512,pattern=^([A-Za-z0-9!_.'()-]+/)+$" note:"a prefix such as originals/ is right: segments of letters, digits and ! - _ . ' ( ) that each end in \"/\", none at the start (the prefix also stands in IAM policies and in the bucket's notification filter)"`

	// Prefix of the variants: what CloudFront serves. Ends in "/", and neither contains the originals nor lies within them.
	Resized string `yaml:"resized" jsonschema:"default=resized/,maxLength=512,pattern=^([A-Za-z0-9!_.'()-]+/)+$" note:"a prefix such as resized/ is right: segments of letters, digits and ! - _ . ' ( ) that each end in \"/\", none at the start (the prefix also stands in IAM policies and in the bucket's notification filter)"`

	// Template of a variant's key below the prefix of the variants. {preset}, {dir}, {ext} and one of {name} and {file}
	// stand in it once each. {dir} is the original's folder with its "/" and {name} its file name without the extension;
	// {file} is the whole file name, which keeps cat.jpg and cat.png apart; .{ext} comes last.
	Key string `yaml:"key" jsonschema:"default={preset}/{dir}{name}.{ext},minLength=1,maxLength=512"`

	// Whether SVG originals are rasterised; they are refused otherwise.
	SVG bool `yaml:"svg" jsonschema:"default=false"`

	// Whether every original gets a manifest below manifest/ in the prefix of the variants: its variants with their sizes
	// and URLs, a srcset, and a placeholder to show while they load.
	Manifest bool `yaml:"manifest" jsonschema:"default=true"`

	// Values for every preset that does not give its own. Width, height and match belong to a single preset.
	Defaults Settings `yaml:"defaults"`

	// What an original may be at most; a larger one is refused before a pixel of it is decoded.
	Limits Limits `yaml:"limits"`

	// The presets by name, in the order in which they are rendered.
	Presets Presets `yaml:"presets" jsonschema:"required"`
}

// Limits bound what one original may cost.
type Limits struct {
	// Bytes of the original: a number, or text such as 50MB or 100MiB.
	MaxBytes Size `yaml:"max_bytes" jsonschema:"minimum=1,maximum=10737418240,default=104857600" note:"(a Lambda function has no more than 10 GiB of memory)"`

	// Pixels of the original: width x height x frames.
	MaxPixels int `yaml:"max_pixels" jsonschema:"minimum=1,maximum=2500000000,default=100000000" note:"(at 4 bytes a pixel, more does not fit into a Lambda function's memory)"`

	// Frames of an animation.
	MaxFrames int `yaml:"max_frames" jsonschema:"minimum=1,maximum=100000,default=1000"`
}

// Size is a number of bytes, written as a number or with a unit.
type Size int64

// Presets are the named presets in the file's order.
type Presets []Preset

// Preset is how one variant of every original looks. It needs a width, a height or both.
type Preset struct {
	Name string `yaml:"-"`

	// Width in pixels; left out, it follows from the height and the original's shape.
	Width int `yaml:"width" jsonschema:"minimum=1,maximum=16383" note:"(WebP holds no more than 16383 pixels a side)"`

	// Height in pixels; left out, it follows from the width and the original's shape.
	Height int `yaml:"height" jsonschema:"minimum=1,maximum=16383" note:"(WebP holds no more than 16383 pixels a side)"`

	// Glob that says which originals get this preset, relative to the prefix of the originals and case-sensitive, such as
	// users/** or **/*.{jpg,jpeg}. Left out: all of them.
	Match string `yaml:"match" jsonschema:"minLength=1,maxLength=1024" note:"a glob such as users/** is right; leave it out for every original"`

	Settings
}
