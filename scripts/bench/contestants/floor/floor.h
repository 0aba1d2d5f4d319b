/* The contestant floor: the least that bare libvips can spend on the same outputs. */
#include <stdio.h>
#include <vips/vips.h>

/* An original's frames, decoded once: upright, in sRGB, no wider than the widest preset, premultiplied where transparent. */
typedef struct {
	VipsImage **frames;
	int n;
	VipsImage *header;	   /* of the original: an animation's delays and loop */
	const char *extension; /* of the format that the original and its variants have */
} Master;

typedef struct {
	const char *preset, *extension;
	int width, height; /* pixels, of one frame */
	void *data;
	size_t length;
} Variant;

enum { VARIANTS = 4, WIDEST = 1440, THUMBNAIL = 150 };

/* All of these give 0, or -1 with the reason in libvips' error buffer. */
int decode(void *data, size_t length, Master *master);
void release(Master *master);
int render(Master *master, Variant variants[VARIANTS]);

/* One line of the protocol; file and out are the caller's to g_free. */
int read_upload(const char *line, char **file, char **out, int *quality);
void write_string(FILE *to, const char *text);
