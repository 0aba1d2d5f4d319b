/* The inner loops, which loops.c includes once for each kind of processor: LOOP names a function, TARGET says what it
 * may use.
 */

/* n values of both lines of a pair, from x on. The sums stay in registers. */
TARGET static void
LOOP(pair)(const Pair *p, int x, int n, float *one, float *other)
{
	int i, t;

	for (i = 0; i + 32 <= n; i += 32) {
		float8 a[4] = { { 0 } }, b[4] = { { 0 } };

		for (t = 0; t < p->count; t++) {
			const unsigned char *row = p->rows[t] + x + i;
			const float *weights = p->weights[t];
			int k;

#pragma GCC unroll 4
			for (k = 0; k < 4; k++) {
				float8 values = FLOATS(row + 8 * k);

				a[k] += weights[0] * values;
				b[k] += weights[1] * values;
			}
		}
		memcpy(one + i, a, sizeof a);
		memcpy(other + i, b, sizeof b);
	}
	for (; i < n; i++) {
		one[i] = other[i] = 0;
		for (t = 0; t < p->count; t++) {
			one[i] += p->weights[t][0] * p->rows[t][x + i];
			other[i] += p->weights[t][1] * p->rows[t][x + i];
		}
	}
}

/* Four values of LINES lines: what were lines become columns. */
TARGET static inline void
LOOP(turn)(float (*lines)[STRIP], int x, float *block)
{
	int l;

	for (l = 0; l < LINES; l += 4) {
		float4 a = *(const float4 *) (lines[l] + x), b = *(const float4 *) (lines[l + 1] + x),
			   c = *(const float4 *) (lines[l + 2] + x), d = *(const float4 *) (lines[l + 3] + x);
		float4 ab = SHUFFLE(a, b, 0, 4, 1, 5), cd = SHUFFLE(c, d, 0, 4, 1, 5);

		*(float4 *) (block + l) = SHUFFLE(ab, cd, 0, 1, 4, 5);
		*(float4 *) (block + LINES + l) = SHUFFLE(ab, cd, 2, 3, 6, 7);
		ab = SHUFFLE(a, b, 2, 6, 3, 7);
		cd = SHUFFLE(c, d, 2, 6, 3, 7);
		*(float4 *) (block + 2 * LINES + l) = SHUFFLE(ab, cd, 0, 1, 4, 5);
		*(float4 *) (block + 3 * LINES + l) = SHUFFLE(ab, cd, 2, 3, 6, 7);
	}
}

/* A strip of the rows at a time stays in the first cache. */
TARGET static void
LOOP(down)(const Pair *pairs, int n, float *block)
{
	float lines[LINES][STRIP] __attribute__((aligned(32)));
	int x, i;

	memset(lines, 0, sizeof lines); /* the last four values may be less than four */
	for (x = 0; x < n; x += STRIP) {
		int length = n - x < STRIP ? n - x : STRIP;

		for (i = 0; i < PAIRS; i++)
			LOOP(pair)(&pairs[i], x, length, lines[2 * i], lines[2 * i + 1]);
		for (i = 0; i < length; i += 4)
			LOOP(turn)(lines, i, block + (size_t) (x + i) * LINES);
	}
}

TARGET static inline __attribute__((always_inline)) void
LOOP(along_bands)(const float *block, const int bands, const Windows *w, int from, int to, int count, const Target *target)
{
	int i, b, t, l;

	for (i = from; i < to; i++) {
		const float *weights = w->weights + (size_t) i * w->taps;
		const float8 *at = (const float8 *) block + (size_t) w->first[i] * bands;
		float8 sum[4] = { { 0 } };
		guint32 pixels[LINES];
		unsigned char *pixel = target->origin + (i - from) * target->along;

		for (t = 0; t < w->taps; t++, at += bands)
			for (b = 0; b < bands; b++)
				sum[b] += weights[t] * at[b];
		pack((const float *) sum, pixels);
		pack((const float *) sum + 4, pixels + 4);
		for (l = 0; l < count; l++, pixel += target->across)
			if (bands == 3) { /* the most frequent, and two stores */
				memcpy(pixel, &pixels[l], 2);
				pixel[2] = (unsigned char) (pixels[l] >> 16);
			}
			else
				memcpy(pixel, &pixels[l], bands);
	}
}

TARGET static void
LOOP(along)(const float *block, int bands, const Windows *w, int from, int to, int count, const Target *target)
{
	switch (bands) {
	case 1:
		LOOP(along_bands)(block, 1, w, from, to, count, target);
		break;
	case 2:
		LOOP(along_bands)(block, 2, w, from, to, count, target);
		break;
	case 3:
		LOOP(along_bands)(block, 3, w, from, to, count, target);
		break;
	default:
		LOOP(along_bands)(block, 4, w, from, to, count, target);
	}
}

/* Two values of a pixel share a word of four bytes, with room for their products. */
TARGET static void
LOOP(premultiply)(unsigned char *row, int width, int bands)
{
	guint32 *pixels = (guint32 *) (void *) row;
	int x;

	for (x = 0; x < width && bands == 4; x++) {
		guint32 alpha = pixels[x] >> 24, green = (pixels[x] >> 8 & 0xff) * alpha + 0x80;
		guint32 others = (pixels[x] & 0xff00ff) * alpha + 0x800080;

		others = (others + (others >> 8 & 0xff00ff)) >> 8 & 0xff00ff;
		green = (green + (green >> 8)) & 0xff00;
		pixels[x] = alpha << 24 | green | others;
	}
	for (x = 0; x < width && bands == 2; x++, row += 2) {
		unsigned v = row[0] * row[1] + 0x80;

		row[0] = (unsigned char) ((v + (v >> 8)) >> 8);
	}
}
