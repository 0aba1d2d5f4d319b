/* The inner loops, which loops.c includes once for each kind of processor: LOOP names a function, TARGET says what it
 * may use.
 */

/* The sums stay in registers. */
TARGET static void
LOOP(down)(const unsigned char **rows, const float *weights, int taps, int n, float *line)
{
	int x, t;

	for (x = 0; x + 32 <= n; x += 32) {
		float8 a = { 0 }, b = { 0 }, c = { 0 }, d = { 0 };

		for (t = 0; t < taps; t++) {
			const unsigned char *row = rows[t] + x;

			a += weights[t] * FLOATS(row);
			b += weights[t] * FLOATS(row + 8);
			c += weights[t] * FLOATS(row + 16);
			d += weights[t] * FLOATS(row + 24);
		}
		*(unaligned8 *) (line + x) = a;
		*(unaligned8 *) (line + x + 8) = b;
		*(unaligned8 *) (line + x + 16) = c;
		*(unaligned8 *) (line + x + 24) = d;
	}
	for (; x < n; x++) {
		float sum = 0;

		for (t = 0; t < taps; t++)
			sum += weights[t] * rows[t][x];
		line[x] = sum;
	}
}

TARGET static void
LOOP(along)(const float *lines, size_t stride, int bands, const Windows *w, int from, int to, int count,
	const Target *target)
{
	int i, t, l;

	for (i = from; i < to; i++) {
		const float *weights = w->weights + (size_t) i * w->taps, *at = lines + (size_t) w->first[i] * bands;
		float4 sum[LINES] = { { 0 } };
		unsigned char *pixel = target->origin + (i - from) * target->along;

		for (t = 0; t < w->taps; t++, at += bands) {
			float weight = weights[t];

			sum[0] += weight * *(const unaligned4 *) at;
			sum[1] += weight * *(const unaligned4 *) (at + stride);
			sum[2] += weight * *(const unaligned4 *) (at + 2 * stride);
			sum[3] += weight * *(const unaligned4 *) (at + 3 * stride);
		}
		for (l = 0; l < count; l++, pixel += target->across) {
			guint32 bytes = pack(sum[l] + 0.5f);

			if (bands == 3) { /* the most frequent, and two stores */
				memcpy(pixel, &bytes, 2);
				pixel[2] = (unsigned char) (bytes >> 16);
			}
			else
				memcpy(pixel, &bytes, bands);
		}
	}
}

TARGET static void
LOOP(premultiply)(const unsigned char *in, unsigned char *out, int width, int bands)
{
	int x, b, n = bands - 1;

	for (x = 0; x < width; x++, in += bands, out += bands) {
		unsigned alpha = in[n];

		for (b = 0; b < n; b++) {
			unsigned v = in[b] * alpha + 128;

			out[b] = (unsigned char) ((v + (v >> 8)) >> 8);
		}
		out[n] = (unsigned char) alpha;
	}
}
