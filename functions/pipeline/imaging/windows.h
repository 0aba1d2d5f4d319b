#ifndef PRESIZE_WINDOWS_H
#define PRESIZE_WINDOWS_H

/* What every result of a reduced line is made of: `taps` source pixels from first[i] on, weighed. */
typedef struct {
	int *first;
	float *weights;
	int taps;
} Windows;

/* From so many pixels to so many, which are no more. */
void presize_windows_init(Windows *w, int from, int to);
void presize_windows_free(Windows *w);

#endif
