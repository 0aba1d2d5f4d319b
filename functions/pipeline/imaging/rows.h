#ifndef PRESIZE_ROWS_H
#define PRESIZE_ROWS_H

#include <vips/vips.h>

/* Rows of the source, as they come, premultiplied where the source has straight alpha: a ring of the last `held`. They
 * are read when they are needed, or ahead, by a thread of their own, where another processor can do that.
 */
typedef struct {
	VipsImage *in;
	VipsImage *store;			 /* the ring, as libvips writes to it; NULL where `in` is in memory already */
	VipsRegion *region, *into; /* of these two, the reader's own */
	int width, height, bands, held;
	gboolean premultiply;
	unsigned char *ring;

	GThread *reader; /* NULL: rows are read when they are needed */
	GMutex lock;
	GCond moved;
	int next;		  /* rows before it were read */
	int released;	  /* rows before it are not needed any more */
	int wanted;		  /* rows before it are waited for */
	gboolean stalled; /* the reader, until there is room */
	gboolean failed;  /* or nobody needs rows any more */
} Rows;

/* Of in, width, height, bands and premultiply the caller has made something. `taps` rows are needed at a time. */
int presize_rows_start(Rows *r, int taps, gboolean ahead);

/* Waits for the rows before `end`; those before `first` are not needed any more. */
int presize_rows_need(Rows *r, int first, int end);

void presize_rows_stop(Rows *r);

static inline unsigned char *
presize_row(const Rows *r, int y)
{
	return r->ring + (size_t) (y % r->held) * r->width * r->bands;
}

#endif
