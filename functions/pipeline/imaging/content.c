#include "encode.h"

/* Rows that are looked at, at least, where the whole picture need not be. */
#define SAMPLE 256

/* One bit for each of 65,536 kinds of pixels, by Knuth's multiplicative hash: of fewer than 1,000 colours, few share one. */
typedef struct {
	guint32 bits[65536 / 32];
	int count;
} Colours;

static void
count_colour(Colours *seen, guint32 pixel)
{
	guint32 slot = (pixel * 2654435761u) >> 16;

	if (!(seen->bits[slot / 32] & 1u << slot % 32)) {
		seen->bits[slot / 32] |= 1u << slot % 32;
		seen->count++;
	}
}

static guint32
pixel_at(const unsigned char *p, int bands)
{
	guint32 pixel = p[0];
	int b;

	for (b = 1; b < bands; b++)
		pixel |= (guint32) p[b] << 8 * b;
	return pixel;
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
		guint32 pixel = 0, last = 0;

		if ((result = vips_region_prepare(region, &row)))
			break;
		p = VIPS_REGION_ADDR(region, 0, y);
		for (x = 0; x < in->Xsize; x++, p += in->Bands, last = pixel) {
			pixel = pixel_at(p, in->Bands);
			if (x > 0 && pixel == last)
				equal++;
			else
				count_colour(seen, pixel);
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
