#ifndef PRESIZE_REDUCTION_H
#define PRESIZE_REDUCTION_H

#include "loops.h"
#include "rows.h"
#include "vips.h"

/* A reduction under way, LINES lines of the result at a time. */
typedef struct {
	Rows *rows;
	PresizeArea area;
	int held; /* rows that are needed at a time, at most */
	int made; /* lines of the result */
	Windows columns, lines;
	Pair pairs[PAIRS];
	const unsigned char **window; /* the rows that the next lines are made of */
	float *block;				  /* NULL: it was not started */
} Reduction;

/* Of the rows, which must not have been started, the size is read. */
int presize_reduction_start(Reduction *r, Rows *rows, const PresizeArea *area);
void presize_reduction_stop(Reduction *r);

/* The row behind those that the next lines are made of, of which there must be some. */
int presize_reduction_end(const Reduction *r);

/* The next lines, LINES or as many as are left; `to` is where the first of them goes. */
int presize_reduction_step(Reduction *r, const Target *to);

#endif
