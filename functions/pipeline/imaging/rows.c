#include "loops.h"
#include "rows.h"

#define STRIP 16 /* rows that are asked of a decoder at a time */
#define AHEAD 8	 /* strips that a reader may be ahead */
#define BATCH 4	 /* strips that one waits for at a time, so that the other is woken less often */
#define LONG 600 /* rows from which on a reader is started: with 300 its start took longer than it saved */

/* A strip at a time: decoders give several lines at once, and write them where they are wanted. Gives the row behind it,
 * or -1.
 */
static int
read_strip(Rows *r)
{
	VipsRect strip = { 0, r->next, r->width, VIPS_MIN(STRIP, r->height - r->next) };
	int y;

	if (vips_region_prepare_to(r->region, r->into, &strip, 0, r->next % r->held))
		return -1;
	for (y = strip.top; r->premultiply && y < VIPS_RECT_BOTTOM(&strip); y++)
		presize_premultiply(presize_row(r, y), r->width, r->bands);
	return VIPS_RECT_BOTTOM(&strip);
}

static int
open_regions(Rows *r)
{
	VipsRect whole = { 0, 0, r->width, r->held };

	r->region = vips_region_new(r->in);
	r->into = vips_region_new(r->store);
	return vips_region_image(r->into, &whole);
}

static void
close_regions(Rows *r)
{
	g_object_unref(r->into);
	g_object_unref(r->region);
}

static void
advance(Rows *r, int read)
{
	if (read < 0)
		r->failed = TRUE;
	else
		r->next = read;
}

static gboolean
has_room(const Rows *r, int strips)
{
	return VIPS_MIN(r->next + strips * STRIP, r->height) - r->released <= r->held;
}

/* Only this writes `next`, so that it may read it without the lock. */
static void *
read_ahead(void *data)
{
	Rows *r = (Rows *) data;
	int closed = open_regions(r), read = 0;

	while (r->next < r->height && read >= 0) {
		g_mutex_lock(&r->lock);
		while ((r->stalled = !r->failed && !has_room(r, 1)))
			g_cond_wait(&r->moved, &r->lock);
		closed = closed || r->failed;
		g_mutex_unlock(&r->lock);
		read = closed ? -1 : read_strip(r);
		g_mutex_lock(&r->lock);
		advance(r, read);
		if (r->failed || (r->wanted && r->next >= r->wanted))
			g_cond_signal(&r->moved);
		g_mutex_unlock(&r->lock);
	}
	close_regions(r);
	vips_thread_shutdown();
	return NULL;
}

int
presize_rows_need(Rows *r, int first, int end)
{
	gboolean failed;

	if (!r->reader) {
		while (r->next < end && !r->failed)
			advance(r, read_strip(r));
		return r->failed ? -1 : 0;
	}
	g_mutex_lock(&r->lock);
	r->released = first;
	if (r->stalled && has_room(r, BATCH))
		g_cond_signal(&r->moved);
	if (r->next < end)
		r->wanted = VIPS_MIN(end + BATCH * STRIP, r->height);
	while (r->next < r->wanted && !r->failed)
		g_cond_wait(&r->moved, &r->lock);
	r->wanted = 0;
	failed = r->failed;
	g_mutex_unlock(&r->lock);
	return failed ? -1 : 0;
}

/* Pixels that are in memory already are read where they are. */
int
presize_rows_start(Rows *r, int taps, gboolean ahead)
{
	int strips;

	ahead = ahead && r->height >= LONG;
	strips = (taps + STRIP - 1) / STRIP + (ahead ? AHEAD : 1);
	g_mutex_init(&r->lock);
	g_cond_init(&r->moved);
	if (r->in->dtype == VIPS_IMAGE_SETBUF && !r->premultiply) {
		r->ring = VIPS_IMAGE_ADDR(r->in, 0, 0);
		r->held = r->next = r->height;
		return 0;
	}
	r->held = VIPS_MIN(strips * STRIP, r->height); /* whole strips, so that none goes beyond the end */
	r->ring = g_malloc((size_t) r->held * r->width * r->bands);
	r->store = vips_image_new_from_memory(r->ring, (size_t) r->held * r->width * r->bands, r->width, r->held, r->bands,
		VIPS_FORMAT_UCHAR);
	if (!r->store) {
		g_free(r->ring);
		return -1;
	}
	if (ahead) /* not g_thread_new, which ends the process where there are too many threads */
		r->reader = g_thread_try_new("presize-reader", read_ahead, r, NULL);
	return r->reader ? 0 : open_regions(r);
}

void
presize_rows_stop(Rows *r)
{
	if (r->reader) {
		g_mutex_lock(&r->lock);
		r->failed = TRUE;
		g_cond_signal(&r->moved);
		g_mutex_unlock(&r->lock);
		g_thread_join(r->reader);
	}
	else if (r->region)
		close_regions(r);
	g_cond_clear(&r->moved);
	g_mutex_clear(&r->lock);
	if (r->store) {
		g_object_unref(r->store);
		g_free(r->ring);
	}
}
