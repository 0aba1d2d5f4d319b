#include <math.h>
#include "vips.h"
#include "windows.h"

#define LOBES 3

/* An angle on its way in equal steps: a sine a tap were a hundredth of a photo's time. */
typedef struct {
	double sine, cosine;
} Turn;

static Turn
turn_of(double angle)
{
	return (Turn) { sin(angle), cos(angle) };
}

static Turn
turn_by(Turn t, Turn step)
{
	return (Turn) { t.sine * step.cosine + t.cosine * step.sine, t.cosine * step.cosine - t.sine * step.sine };
}

/* At an angle of which three are a lobe: of the two sines, one is that of three times the other's angle, sin 3a = 3 sin a -
 * 4 sin^3 a. An angle that is nearly nothing is nothing but a rounding error, and its sine another.
 */
static double
lanczos(double angle, double sine)
{
	double square = sine * sine;

	if (fabs(angle) < 1e-6)
		return 1; /* 1 - 5/3 angle^2, less than a float tells apart */
	return fabs(angle) >= M_PI ? 0 : (3 - 4 * square) * square / (LOBES * angle * angle);
}

/* Beyond the ends of a line its outermost pixels go on. */
static void
window(Windows *w, int i, int from, double factor)
{
	double centre = (i + 0.5) * factor - 0.5, step = M_PI / LOBES / factor, sum = 0;
	int low = (int) ceil(centre - LOBES * factor), high = (int) floor(centre + LOBES * factor);
	int first = VIPS_CLIP(0, low, from - w->taps), at, t;
	float *weights = w->weights + (size_t) i * w->taps;
	Turn turn = turn_of((low - centre) * step), by = turn_of(step);

	for (at = low; at <= high; at++, turn = turn_by(turn, by)) {
		double weight = lanczos((at - centre) * step, turn.sine);

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
