#ifndef PRESIZE_ENCODE_H
#define PRESIZE_ENCODE_H

#include "vips.h"

/* What a look at pixels tells an encoder. */
typedef struct {
	double even;		/* share of pixels that equal their left neighbour */
	int colours;		/* how many there are, or nearly; fewer of many thousands */
	int transparencies; /* how many values of alpha there are */
} Content;

/* One pass over what is about to be encoded, as it comes; over some hundreds of its rows unless it is to be `all`. */
int presize_look_at(VipsImage *in, int all, Content *found);

/* Pads, and lays onto the background; gives straight alpha, 8 bits. */
int presize_finish(VipsImage *in, const PresizeEncode *how, VipsImage **out);

/* Back to straight alpha, or onto the background where there is to be none. */
int presize_straight(VipsImage *in, const PresizeEncode *how, VipsImage **out);

/* Replaces whatever metadata came along by exactly what the preset lets through. */
void presize_carry(VipsImage *out, VipsImage *meta, int n, const PresizeEncode *how);

int presize_save(VipsImage *in, int n, const PresizeEncode *how, void **buf, size_t *len);

#endif
