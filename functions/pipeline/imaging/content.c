#include <string.h>
#include "encode.h"

/* Rows that are looked at, at least, where the whole picture need not be. */
#define SAMPLE 256

/* One bit for each of 65,536 kinds of pixels, by Knuth's multiplicative hash: of fewer than 1,000 colours, few share one. */
typedef struct {
	guint32 bits[65536 / 32];
	int count;
} Colours;

static void
count_colour(Colours *seen, const unsigned char *p, int bands)
{
	guint32 pixel = 0, slot;

	memcpy(&pixel, p, bands);
	slot = (pixel * 2654435761u) >> 16;
	if (!(seen->bits[slot / 32] & 1u << slot % 32)) {
		seen->bits[slot / 32] |= 1u << slot % 32;
		seen->count++;
	}
}

int
presize_look_at(VipsImage *in, int all, Content *found)
{
	VipsRegion *region = vips_region_new(in);
	gboolean alphas[256] = { FALSE };
	size_t equal = 0, pairs = 0;
	int step = all ? 1 : VIPS_MAX(1, in->Ysize / SAMPLE), y, x, result = 0;
	Colours *seen = g_new0(Colours, 1);

	for (y = 0; y < in->Ysize && !result; y += step) {
		VipsRect row = { 0, y, in->Xsize, 1 };
		const unsigned char *p;

		if ((result = vips_region_prepare(region, &row)))
			break;
		p = VIPS_REGION_ADDR(region, 0, y);
		for (x = 0; x < in->Xsize; x++, p += in->Bands) {
			if (x > 0 && !memcmp(p, p - in->Bands, in->Bands))
				equal++;
			else
				count_colour(seen, p, in->Bands);
			if (in->Bands == 4)
				alphas[p[3]] = TRUE;
		}
		pairs += in->Xsize - 1;
	}
	found->even = pairs ? (double) equal / pairs : 1;
	found->colours = seen->count;
	found->transparencies = 0;
	for (x = 0; x < 256; x++)
		found->transparencies += alphas[x];
	g_free(seen);
	g_object_unref(region);
	return result;
}
