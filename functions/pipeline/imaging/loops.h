#ifndef PRESIZE_LOOPS_H
#define PRESIZE_LOOPS_H

#include <stddef.h>
#include "windows.h"

#define LINES 8 /* that are made and reduced at a time: each vector along the line holds one value of all of them */
#define PAIRS (LINES / 2)

/* Two lines that are next to each other are made of nearly the same rows, each of which is read once for both. */
typedef struct {
	const unsigned char **rows;
	float (*weights)[2]; /* of each row in the one line and in the other */
	int count;			 /* of rows */
} Pair;

/* Where results go: the pixel that is the first along the first line, and how many bytes further the next ones are. */
typedef struct {
	unsigned char *origin;
	ptrdiff_t along, across;
} Target;

/* LINES lines from rows, n values long, side by side: the first value of each, then the second. `block` has room for
 * LINES more values than n in every line.
 */
void presize_down(const Pair *pairs, int n, float *block);

/* Pixels from..to of such lines, of which `count` are wanted. */
void presize_along(const float *block, int bands, const Windows *w, int from, int to, int count, const Target *target);

/* In place, the last band being alpha; rounded. */
void presize_premultiply(unsigned char *row, int width, int bands);

#endif
