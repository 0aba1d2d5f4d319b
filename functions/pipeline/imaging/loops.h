#ifndef PRESIZE_LOOPS_H
#define PRESIZE_LOOPS_H

#include <stddef.h>
#include "windows.h"

#define LINES 4	  /* that are reduced along the line at a time: they share the weights */
#define MARGIN 16 /* floats behind a line that may be read, but do not count */

/* Where results go: the pixel that is the first along the first line, and how many bytes further the next ones are. */
typedef struct {
	unsigned char *origin;
	ptrdiff_t along, across;
} Target;

/* One line from rows, n values long, each row by its weight. */
void presize_down(const unsigned char **rows, const float *weights, int taps, int n, float *line);

/* Pixels from..to of `count` lines, which stand `stride` floats apart; there are LINES of them, whatever they hold. */
void presize_along(const float *lines, size_t stride, int bands, const Windows *w, int from, int to, int count,
	const Target *target);

void presize_premultiply(const unsigned char *in, unsigned char *out, int width, int bands);

#endif
