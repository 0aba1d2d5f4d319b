#include <math.h>
#include "vips.h"
#include "windows.h"

#define LOBES 3

/* Of the two sines in it one is three times the other's angle: sin 3a = 3 sin a - 4 sin^3 a. */
static double
lanczos(double x)
{
	double pix = M_PI * x, third = sin(pix / LOBES);

	if (x == 0)
		return 1;
	return fabs(x) >= LOBES ? 0 : LOBES * (3 - 4 * third * third) * third * third / (pix * pix);
}

/* Beyond the ends of a line its outermost pixels go on. */
static void
window(Windows *w, int i, int from, double factor)
{
	double centre = (i + 0.5) * factor - 0.5, sum = 0;
	int low = (int) ceil(centre - LOBES * factor), high = (int) floor(centre + LOBES * factor);
	int first = VIPS_CLIP(0, low, from - w->taps), at, t;
	float *weights = w->weights + (size_t) i * w->taps;

	for (at = low; at <= high; at++) {
		double weight = lanczos((at - centre) / factor);

		weights[VIPS_CLIP(0, at, from - 1) - first] += weight;
		sum += weight;
	}
	for (t = 0; t < w->taps; t++)
		weights[t] /= sum;
	w->first[i] = first;
}

void
presize_windows_init(Windows *w, int from, int to)
{
	double factor = (double) from / to;
	int i;

	w->taps = from == to ? 1 : VIPS_MIN(from, (int) floor(2 * LOBES * factor) + 1);
	w->first = g_new(int, to);
	w->weights = g_new0(float, (size_t) to * w->taps);
	for (i = 0; i < to; i++)
		if (from == to) {
			w->first[i] = i;
			w->weights[i] = 1;
		}
		else
			window(w, i, from, factor);
}

void
presize_windows_free(Windows *w)
{
	g_free(w->first);
	g_free(w->weights);
}
