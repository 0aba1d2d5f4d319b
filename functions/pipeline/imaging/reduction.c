#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "reduction.h"

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
reduce_columns(Reduction *r, int top, int last)
{
	int first = r->lines.first[top], end = r->lines.first[last] + r->lines.taps, y, i;

	if (presize_rows_need(r->rows, first, end))
		return -1;
	for (y = first; y < end; y++)
		r->window[y - first] = presize_row(r->rows, y);
	for (i = 0; i < PAIRS; i++)
		pair_up(&r->pairs[i], &r->lines, VIPS_MIN(top + 2 * i, last), VIPS_MIN(top + 2 * i + 1, last), r->window, first);
	presize_down(r->pairs, r->rows->width * r->rows->bands, r->block);
	return 0;
}

int
presize_reduction_start(Reduction *r, Rows *rows, const PresizeArea *area)
{
	size_t size = ((size_t) rows->width * rows->bands + LINES) * LINES * sizeof(float);
	int paired, i;

	r->block = NULL;
	if (rows->width > LONGEST || rows->height > LONGEST) {
		vips_error("presize", "%d x %d pixels; a side may have %d", rows->width, rows->height, LONGEST);
		return -1;
	}
	r->rows = rows;
	r->area = *area;
	r->made = 0;
	r->block = aligned_alloc(LINES * sizeof(float), size);
	if (!r->block) {
		vips_error("presize", "no memory for %d lines of %d pixels", LINES, rows->width);
		return -1;
	}
	presize_windows_init(&r->columns, rows->width, area->width);
	presize_windows_init(&r->lines, rows->height, area->height);
	r->held = span(&r->lines, rows->height, area->height, LINES);
	paired = span(&r->lines, rows->height, area->height, 2);
	r->window = g_new(const unsigned char *, r->held);
	for (i = 0; i < PAIRS; i++)
		r->pairs[i].weights = g_malloc_n(paired, sizeof(*r->pairs[i].weights));
	return 0;
}

void
presize_reduction_stop(Reduction *r)
{
	int i;

	if (!r->block)
		return;
	for (i = 0; i < PAIRS; i++)
		g_free(r->pairs[i].weights);
	g_free(r->window);
	presize_windows_free(&r->lines);
	presize_windows_free(&r->columns);
	free(r->block);
}

static int
next_lines(const Reduction *r)
{
	return VIPS_MIN(LINES, r->area.crop_height - r->made);
}

int
presize_reduction_end(const Reduction *r)
{
	return r->lines.first[r->area.top + r->made + next_lines(r) - 1] + r->lines.taps;
}

/* Nothing is to be reduced, cut or turned. */
static gboolean
copies(const Reduction *r, const Target *to)
{
	return to->along == r->rows->bands && r->area.crop_width == r->rows->width && r->area.crop_height == r->rows->height;
}

static int
copy_lines(Reduction *r, int top, int end, const Target *to)
{
	int y;

	if (presize_rows_need(r->rows, top, end))
		return -1;
	for (y = top; y < end; y++)
		memcpy(to->origin + (y - top) * to->across, presize_row(r->rows, y), (size_t) r->rows->width * r->rows->bands);
	return 0;
}

int
presize_reduction_step(Reduction *r, const Target *to)
{
	const PresizeArea *area = &r->area;
	int count = next_lines(r), top = area->top + r->made;

	if (copies(r, to)) {
		if (copy_lines(r, top, top + count, to))
			return -1;
	}
	else {
		if (reduce_columns(r, top, top + count - 1))
			return -1;
		presize_along(r->block, r->rows->bands, &r->columns, area->left, area->left + area->crop_width, count, to);
	}
	r->made += count;
	return 0;
}
