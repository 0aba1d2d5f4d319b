#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "loops.h"
#include "rows.h"
#include "vips.h"

/* A reduction of 8-bit pixels by a Lanczos of three lobes that is stretched by the factor of the reduction: first down
 * the columns, straight from the rows as a decoder gives them, then along the lines, in single precision, rounded once.
 *
 * libvips' own reduction rounds after each of the two, and before them averages whole pixels. On one core a
 * 24-megapixel photo, 2000 x 3000 after shrink-on-load, took 50 ms of the 105 to a master of 1440 x 2160 in it.
 */

/* Pixels of the longest side. At 100 million, libvips' own limit, eight lines as floats would take 10 GB; no side of a
 * WebP, JPEG, AVIF or GIF comes to a tenth of this.
 */
#define LONGEST 1000000

/* Where an upright image has the pixel that is stored first, and which way the stored lines run in it: EXIF 2.32,
 * 4.6.5, Orientation.
 */
static Target
target(VipsImage *out, int orientation)
{
	ptrdiff_t x = VIPS_IMAGE_SIZEOF_PEL(out), y = VIPS_IMAGE_SIZEOF_LINE(out);
	gboolean turned = orientation > 4;
	gboolean right = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
	gboolean bottom = orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
	Target t = { VIPS_IMAGE_ADDR(out, right ? out->Xsize - 1 : 0, bottom ? out->Ysize - 1 : 0), right ? -x : x,
		bottom ? -y : y };

	if (turned) {
		ptrdiff_t swap = t.along;

		t.along = t.across;
		t.across = swap;
	}
	return t;
}

/* Where nothing is to be reduced, cut or turned. */
static int
copy_rows(Rows *r, gboolean ahead, const Target *to)
{
	int y, result = 0;

	result = presize_rows_start(r, 1, ahead);
	for (y = 0; y < r->height && !result; y++)
		if (!(result = presize_rows_need(r, y, y + 1)))
			memcpy(to->origin + y * to->across, presize_row(r, y), (size_t) r->width * r->bands);
	presize_rows_stop(r);
	return result;
}

/* Rows that so many lines next to each other are made of, at most. */
static int
span(const Windows *w, int from, int to, int lines)
{
	return VIPS_MIN(from, w->taps + (int) ceil((lines - 1.0) * from / to) + 1);
}

/* Lines one and other, which is no earlier. `window` begins with the row `first`. */
static void
pair_up(Pair *p, const Windows *w, int one, int other, const unsigned char **window, int first)
{
	int below = w->first[other] - w->first[one], t;

	p->rows = window + w->first[one] - first;
	p->count = below + w->taps;
	memset(p->weights, 0, p->count * sizeof(*p->weights));
	for (t = 0; t < w->taps; t++) {
		p->weights[t][0] = w->weights[(size_t) one * w->taps + t];
		p->weights[below + t][1] = w->weights[(size_t) other * w->taps + t];
	}
}

/* Lines top..last of what columns are reduced to. */
static int
reduce_columns(Rows *r, const Windows *w, int top, int last, const unsigned char **window, Pair *pairs, float *block)
{
	int first = w->first[top], end = w->first[last] + w->taps, y, i;

	if (presize_rows_need(r, first, end))
		return -1;
	for (y = first; y < end; y++)
		window[y - first] = presize_row(r, y);
	for (i = 0; i < PAIRS; i++)
		pair_up(&pairs[i], w, VIPS_MIN(top + 2 * i, last), VIPS_MIN(top + 2 * i + 1, last), window, first);
	presize_down(pairs, r->width * r->bands, block);
	return 0;
}

static int
reduce_rows(Rows *r, const PresizeArea *area, gboolean ahead, const Target *to)
{
	size_t size = ((size_t) r->width * r->bands + LINES) * LINES * sizeof(float);
	float *block = aligned_alloc(LINES * sizeof(float), size);
	Pair pairs[PAIRS];
	const unsigned char **window;
	Windows columns, rows;
	int held, paired, y, i, result;

	if (!block) {
		vips_error("presize", "no memory for %d lines of %d pixels", LINES, r->width);
		return -1;
	}
	presize_windows_init(&columns, r->width, area->width);
	presize_windows_init(&rows, r->height, area->height);
	held = span(&rows, r->height, area->height, LINES);
	paired = span(&rows, r->height, area->height, 2);
	window = g_new(const unsigned char *, held);
	for (i = 0; i < PAIRS; i++)
		pairs[i].weights = g_malloc_n(paired, sizeof(*pairs[i].weights));
	result = presize_rows_start(r, held, ahead);
	for (y = 0; y < area->crop_height && !result; y += LINES) {
		int count = VIPS_MIN(LINES, area->crop_height - y), top = area->top + y;
		Target at = *to;

		at.origin += y * to->across;
		if (!(result = reduce_columns(r, &rows, top, top + count - 1, window, pairs, block)))
			presize_along(block, r->bands, &columns, area->left, area->left + area->crop_width, count, &at);
	}
	/* What is wrong with a file may stand in the rows that no result needs. */
	if (!result)
		result = presize_rows_need(r, r->height, r->height);
	presize_rows_stop(r);
	for (i = 0; i < PAIRS; i++)
		g_free(pairs[i].weights);
	g_free(window);
	presize_windows_free(&rows);
	presize_windows_free(&columns);
	free(block);
	return result;
}

/* Pixels that this can reduce: 8-bit, grey or RGB, either with or without alpha. */
int
presize_can_reduce(VipsImage *in, int width, int height)
{
	return in->BandFmt == VIPS_FORMAT_UCHAR && in->Coding == VIPS_CODING_NONE &&
		((in->Type == VIPS_INTERPRETATION_sRGB && (in->Bands == 3 || in->Bands == 4)) ||
			(in->Type == VIPS_INTERPRETATION_B_W && in->Bands <= 2)) &&
		width <= in->Xsize && height <= in->Ysize;
}

VipsImage *
presize_like(VipsImage *in, int width, int height, int bands)
{
	VipsImage *image = vips_image_new_memory();

	if (!vips_image_pipelinev(image, VIPS_DEMAND_STYLE_ANY, in, NULL)) {
		image->Xsize = width;
		image->Ysize = height;
		image->Bands = bands;
		if (!vips_image_write_prepare(image))
			return image;
	}
	g_object_unref(image);
	return NULL;
}

/* Reads all of `in`, from top to bottom, and once. Width and height of the area are those of the stored image, before it
 * is set upright. What comes is in memory, has the metadata of `in` but for the orientation, and premultiplied alpha.
 */
int
presize_reduce_area(VipsImage *in, const PresizeArea *area, int orientation, int flags, VipsImage **out)
{
	gboolean turned = orientation > 4;
	Rows source = { .in = in, .width = in->Xsize, .height = in->Ysize, .bands = in->Bands,
		.premultiply = flags & PRESIZE_PREMULTIPLY };
	VipsImage *image;
	Target to;
	int result;

	if (in->Xsize > LONGEST || in->Ysize > LONGEST) {
		vips_error("presize", "%d x %d pixels; a side may have %d", in->Xsize, in->Ysize, LONGEST);
		return -1;
	}
	image = presize_like(in, turned ? area->crop_height : area->crop_width, turned ? area->crop_width : area->crop_height,
		in->Bands);
	if (!image)
		return -1;
	vips_autorot_remove_angle(image);
	to = target(image, orientation);
	result = orientation <= 1 && area->crop_width == in->Xsize && area->crop_height == in->Ysize
		? copy_rows(&source, flags & PRESIZE_AHEAD, &to)
		: reduce_rows(&source, area, flags & PRESIZE_AHEAD, &to);
	if (!result)
		*out = image;
	else
		g_object_unref(image);
	return result;
}
