#include <string.h>
#include "frame.h"
#include "reduction.h"

#define SLACK 128 /* lines that are held behind the last, for whoever asks for some a little later than for the next */

/* A master that never stands in memory whole: its lines are made when the encoder of its one variant asks for them, and
 * the image that all the other variants are made from is reduced from them as they pass.
 */
struct PresizeStream {
	VipsImage *in, *image, *level;
	Rows source, lines; /* the decoder's; the master's, `next` of which were made */
	Reduction to_lines, to_level;
	Target level_at;
	gboolean ahead;
	const gint32 *shares; /* NULL: the colours are sRGB's */
	const unsigned char *curve;
	int steps;
	gboolean begun, whole; /* whole: the last row was read, and all is made */
};

static int
make_level(PresizeStream *s)
{
	Target at = s->level_at;

	while (s->to_level.made < s->level->Ysize && presize_reduction_end(&s->to_level) <= s->lines.next) {
		at.origin = s->level_at.origin + s->to_level.made * at.across;
		if (presize_reduction_step(&s->to_level, &at))
			return -1;
	}
	return 0;
}

static int
make_lines(PresizeStream *s, int end)
{
	Rows *lines = &s->lines;
	int size = lines->width * lines->bands, top;

	for (top = lines->next; top < end; top = lines->next) {
		Target at = { presize_row(lines, top), lines->bands, size };

		if (presize_reduction_step(&s->to_lines, &at))
			return -1;
		lines->next = s->to_lines.made;
		if (s->shares)
			presize_apply_shares(at.origin, (size_t) (lines->next - top) * lines->width, s->shares, s->curve, s->steps);
		if (make_level(s))
			return -1;
	}
	if (lines->next < lines->height || s->whole)
		return 0;
	/* What is wrong with a file may stand in the rows that no result needs. */
	s->whole = !presize_rows_need(&s->source, s->source.height, s->source.height);
	return s->whole ? 0 : -1;
}

/* Rows are read by the one thread that asks for lines: regions belong to threads. */
static void *
open_rows(VipsImage *image, void *a, void *stream)
{
	PresizeStream *s = (PresizeStream *) stream;

	(void) image;
	(void) a;
	if (s->begun) {
		vips_error("presize", "an encoder that reads in several threads");
		return NULL;
	}
	s->begun = TRUE;
	if (!presize_rows_start(&s->source, s->to_lines.held, s->ahead))
		return s;
	presize_rows_stop(&s->source);
	return NULL;
}

static int
close_rows(void *seq, void *a, void *b)
{
	(void) a;
	(void) b;
	presize_rows_stop(&((PresizeStream *) seq)->source);
	return 0;
}

static int
give_lines(VipsRegion *out, void *seq, void *a, void *b, gboolean *stop)
{
	PresizeStream *s = (PresizeStream *) seq;
	const VipsRect *want = &out->valid;
	const Rows *lines = &s->lines;
	int y;

	(void) a;
	(void) b;
	(void) stop;
	if (make_lines(s, VIPS_RECT_BOTTOM(want)))
		return -1;
	if (want->top < lines->next - lines->held) {
		vips_error("presize", "an encoder that goes back from line %d to %d", lines->next, want->top);
		return -1;
	}
	for (y = want->top; y < VIPS_RECT_BOTTOM(want); y++)
		memcpy(VIPS_REGION_ADDR(out, want->left, y), presize_row(lines, y) + want->left * lines->bands,
			(size_t) want->width * lines->bands);
	return 0;
}

static int
open_level(PresizeStream *s, int width, int height)
{
	PresizeArea area = presize_all_of(width, height);

	if (presize_reduction_start(&s->to_level, &s->lines, &area) || !(s->level = presize_like(s->in, width, height, s->in->Bands)))
		return -1;
	vips_autorot_remove_angle(s->level);
	s->level_at = (Target) { VIPS_IMAGE_ADDR(s->level, 0, 0), VIPS_IMAGE_SIZEOF_PEL(s->level),
		VIPS_IMAGE_SIZEOF_LINE(s->level) };
	return 0;
}

/* The ring begins anew where LINES lines do. */
static int
open_lines(PresizeStream *s, const PresizeDecode *how)
{
	PresizeArea area = presize_all_of(how->width, how->height);
	VipsImage *image;

	if (presize_reduction_start(&s->to_lines, &s->source, &area))
		return -1;
	s->lines.held = VIPS_ROUND_UP(s->to_level.held + SLACK, LINES);
	s->lines.ring = g_malloc((size_t) s->lines.held * s->lines.width * s->lines.bands);
	image = s->image = vips_image_new();
	if (vips_image_pipelinev(image, VIPS_DEMAND_STYLE_FATSTRIP, s->in, NULL))
		return -1;
	image->Xsize = how->width;
	image->Ysize = how->height;
	vips_image_set_int(image, VIPS_META_CONCURRENCY, 1);
	return vips_image_generate(image, open_rows, give_lines, close_rows, NULL, s);
}

static int
open_stream(PresizeStream *s, const void *buf, size_t len, const PresizeDecode *how, int level_width, int level_height)
{
	if (presize_load(buf, len, how, &s->in))
		return -1;
	if (s->in->Bands != 3 || vips_image_get_orientation(s->in) > 1 || !presize_can_reduce(s->in, how->width, how->height)) {
		vips_error("presize", "not to be decoded line by line");
		return -1;
	}
	s->source = (Rows) { .in = s->in, .width = s->in->Xsize, .height = s->in->Ysize, .bands = s->in->Bands };
	s->lines = (Rows) { .width = how->width, .height = how->height, .bands = s->in->Bands };
	s->ahead = how->ahead;
	return open_level(s, level_width, level_height) || open_lines(s, how);
}

PresizeStream *
presize_stream_open(const void *buf, size_t len, const PresizeDecode *how, int level_width, int level_height)
{
	PresizeStream *s = g_new0(PresizeStream, 1);
	int result = open_stream(s, buf, len, how, level_width, level_height);

	vips_thread_shutdown();
	if (!result)
		return s;
	presize_stream_close(s, NULL);
	return NULL;
}

VipsImage *
presize_stream_image(PresizeStream *s)
{
	return s->image;
}

void
presize_stream_colour(PresizeStream *s, const gint32 *shares, const unsigned char *curve, int steps)
{
	s->shares = shares;
	s->curve = curve;
	s->steps = steps;
}

int
presize_stream_close(PresizeStream *s, VipsImage **level)
{
	gboolean whole = s->whole;

	if (level && whole) {
		*level = s->level;
		s->level = NULL;
	}
	VIPS_UNREF(s->image);
	VIPS_UNREF(s->level);
	VIPS_UNREF(s->in);
	presize_reduction_stop(&s->to_lines);
	presize_reduction_stop(&s->to_level);
	g_free(s->lines.ring);
	g_free(s);
	vips_thread_shutdown();
	return whole ? 0 : -1;
}
