#include <string.h>
#include "loops.h"
#include "vectors.h"

#define STRIP 512 /* values */

/* The loops that all the time goes into: loops_body.h, once for every processor. */
#define LOOP(name) name##_plain
#define FLOATS FLOATS_plain
#define TARGET
#include "loops_body.h"
#undef LOOP
#undef FLOATS
#undef TARGET

/* Again for x86-64 with AVX2 and FMA, which all of Lambda's is
 * (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-avx2.html).
 */
#if defined(__x86_64__) && defined(__GNUC__)
#define LOOP(name) name##_wide
#define FLOATS FLOATS_wide
#define TARGET __attribute__((target("avx2,fma")))

#include "loops_body.h"
#define WIDE() (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
#else
#define WIDE() 0
#define down_wide down_plain
#define along_wide along_plain
#define premultiply_wide premultiply_plain
#endif

void
presize_down(const Pair *pairs, int n, float *block)
{
	(WIDE() ? down_wide : down_plain)(pairs, n, block);
}

void
presize_along(const float *block, int bands, const Windows *w, int from, int to, int count, const Target *target)
{
	(WIDE() ? along_wide : along_plain)(block, bands, w, from, to, count, target);
}

void
presize_premultiply(unsigned char *row, int width, int bands)
{
	(WIDE() ? premultiply_wide : premultiply_plain)(row, width, bands);
}
