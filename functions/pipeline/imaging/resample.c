#include <math.h>
#include <string.h>
#include "vips.h"

/* A reduction of 8-bit pixels by a Lanczos of three lobes that is stretched by the factor of the reduction: first down
 * the columns, straight from the rows as a decoder gives them, then along the lines, in single precision, rounded once.
 *
 * libvips' own reduction rounds after each of the two, and before them averages whole pixels. On one core a
 * 24-megapixel photo, 2000 x 3000 after shrink-on-load, took 50 ms of the 105 to a master of 1440 x 2160 in it.
 */

#define LOBES 3
#define LINES 4	  /* that are reduced along the line at a time: they share the weights */
#define STRIP 16  /* rows that are asked of a decoder at a time */
#define AHEAD 8	  /* strips that a reader may be ahead */
#define MARGIN 16 /* floats behind a line that may be read, but do not count */

typedef float float4 __attribute__((vector_size(16)));
typedef float unaligned4 __attribute__((vector_size(16), aligned(4)));
typedef float float8 __attribute__((vector_size(32)));
typedef float unaligned8 __attribute__((vector_size(32), aligned(4)));

/* What every result of a reduced line is made of: `taps` source pixels from first[i] on, weighed. */
typedef struct {
	int *first;
	float *weights;
	int taps;
} Windows;

static double
lanczos(double x)
{
	double pix = M_PI * x;

	if (x == 0)
		return 1;
	return fabs(x) >= LOBES ? 0 : LOBES * sin(pix) * sin(pix / LOBES) / (pix * pix);
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

static void
windows_init(Windows *w, int from, int to)
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

static void
windows_free(Windows *w)
{
	g_free(w->first);
	g_free(w->weights);
}

/* Where results go: the pixel that is the first along the first line, and how many bytes further the next ones are. */
typedef struct {
	unsigned char *origin;
	ptrdiff_t along, across;
} Target;

/* FLOATS makes numbers of eight bytes; pack cuts off what is behind the point, and keeps overshoot within a byte. */
#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

#define FLOATS_plain(b) ((float8) { (b)[0], (b)[1], (b)[2], (b)[3], (b)[4], (b)[5], (b)[6], (b)[7] })
#define FLOATS_wide(b) ((float8) _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *) (b)))))

static inline guint32
pack(float4 v)
{
	__m128i words = _mm_packs_epi32(_mm_cvttps_epi32((__m128) v), _mm_setzero_si128());

	return (guint32) _mm_cvtsi128_si32(_mm_packus_epi16(words, words));
}
#elif defined(__ARM_NEON)
#include <arm_neon.h>

#define HALF(words) ((float4) vcvtq_f32_u32(vmovl_u16(words)))
#define FLOATS_plain(b) \
	({ \
		uint16x8_t words = vmovl_u8(vld1_u8(b)); \
		union { \
			float4 half[2]; \
			float8 whole; \
		} out = { { HALF(vget_low_u16(words)), HALF(vget_high_u16(words)) } }; \
		out.whole; \
	})

static inline guint32
pack(float4 v)
{
	uint16x4_t words = vqmovun_s32(vcvtq_s32_f32((float32x4_t) v));

	return vget_lane_u32(vreinterpret_u32_u8(vqmovn_u16(vcombine_u16(words, words))), 0);
}
#else
#define FLOATS_plain(b) ((float8) { (b)[0], (b)[1], (b)[2], (b)[3], (b)[4], (b)[5], (b)[6], (b)[7] })

static inline guint32
pack(float4 v)
{
	unsigned char bytes[4];
	guint32 all;
	int i;

	for (i = 0; i < 4; i++)
		bytes[i] = v[i] <= 0 ? 0 : v[i] >= 255 ? 255 : (unsigned char) v[i];
	memcpy(&all, bytes, 4);
	return all;
}
#endif

#define LOOP(name) name##_plain
#define FLOATS FLOATS_plain
#define TARGET
#include "loops.h"
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

#include "loops.h"
#define WIDE() (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
#else
#define WIDE() 0
#define down_wide down_plain
#define along_wide along_plain
#define premultiply_wide premultiply_plain
#endif

/* Rows of the source, as they come, premultiplied where the source has straight alpha: a ring of the last `held`. They are
 * read when they are needed, or ahead, by a thread of their own, where another processor can do that.
 */
typedef struct {
	VipsImage *in;
	VipsRegion *region; /* the reader's own */
	int width, height, bands, held;
	gboolean premultiply;
	unsigned char *ring;

	GThread *reader; /* NULL: rows are read when they are needed */
	GMutex lock;
	GCond moved;
	int next;	  /* rows before it were read */
	int released; /* rows before it are not needed any more */
	gboolean failed;
} Source;

static unsigned char *
source_row(const Source *s, int y)
{
	return s->ring + (size_t) (y % s->held) * s->width * s->bands;
}

/* A strip at a time: decoders give several lines at once. Gives the row behind it, or -1. */
static int
source_read(Source *s)
{
	VipsRect strip = { 0, s->next, s->width, VIPS_MIN(STRIP, s->height - s->next) };
	int y;

	if (vips_region_prepare(s->region, &strip))
		return -1;
	for (y = strip.top; y < VIPS_RECT_BOTTOM(&strip); y++) {
		const unsigned char *row = VIPS_REGION_ADDR(s->region, 0, y);

		if (s->premultiply)
			(WIDE() ? premultiply_wide : premultiply_plain)(row, source_row(s, y), s->width, s->bands);
		else
			memcpy(source_row(s, y), row, (size_t) s->width * s->bands);
	}
	return VIPS_RECT_BOTTOM(&strip);
}

/* Only this writes `next`, so that it may read it without the lock. */
static void *
source_ahead(void *data)
{
	Source *s = (Source *) data;
	int read = 0;

	s->region = vips_region_new(s->in);
	while (s->next < s->height && read >= 0) {
		g_mutex_lock(&s->lock);
		while (s->next + STRIP - s->released > s->held)
			g_cond_wait(&s->moved, &s->lock);
		g_mutex_unlock(&s->lock);
		read = source_read(s);
		g_mutex_lock(&s->lock);
		if (read < 0)
			s->failed = TRUE;
		else
			s->next = read;
		g_cond_signal(&s->moved);
		g_mutex_unlock(&s->lock);
	}
	g_object_unref(s->region);
	vips_thread_shutdown();
	return NULL;
}

/* Waits for the rows before `end`; those before `first` are not needed any more. */
static int
source_need(Source *s, int first, int end)
{
	if (!s->reader) {
		while (s->next < end && !s->failed) {
			int read = source_read(s);

			if (read < 0)
				s->failed = TRUE;
			else
				s->next = read;
		}
		return s->failed ? -1 : 0;
	}
	g_mutex_lock(&s->lock);
	s->released = first;
	g_cond_signal(&s->moved);
	while (s->next < end && !s->failed)
		g_cond_wait(&s->moved, &s->lock);
	g_mutex_unlock(&s->lock);
	return s->failed ? -1 : 0;
}

static void
source_start(Source *s, int taps, gboolean ahead)
{
	s->held = taps + (ahead ? AHEAD : 1) * STRIP;
	s->ring = g_malloc((size_t) s->held * s->width * s->bands);
	g_mutex_init(&s->lock);
	g_cond_init(&s->moved);
	if (ahead)
		s->reader = g_thread_new("presize-reader", source_ahead, s);
	else
		s->region = vips_region_new(s->in);
}

static void
source_stop(Source *s)
{
	if (s->reader)
		g_thread_join(s->reader);
	else
		g_object_unref(s->region);
	g_cond_clear(&s->moved);
	g_mutex_clear(&s->lock);
	g_free(s->ring);
}

/* Where an upright image has the pixel that is stored first, and which way the stored lines run in it: EXIF 2.32,
 * 4.6.5, Orientation.
 */
static Target
target(VipsImage *out, int orientation)
{
	ptrdiff_t x = VIPS_IMAGE_SIZEOF_PEL(out), y = VIPS_IMAGE_SIZEOF_LINE(out);
	gboolean turned = orientation > 4;
	gboolean right = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
	gboolean bottom = orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
	Target t = { VIPS_IMAGE_ADDR(out, right ? out->Xsize - 1 : 0, bottom ? out->Ysize - 1 : 0), right ? -x : x,
		bottom ? -y : y };

	if (turned) {
		ptrdiff_t swap = t.along;

		t.along = t.across;
		t.across = swap;
	}
	return t;
}

/* Where nothing is to be reduced, cut or turned. */
static int
copy_rows(Source *s, gboolean ahead, const Target *to)
{
	int y, result = 0;

	source_start(s, 1, ahead);
	for (y = 0; y < s->height && !result; y++)
		if (!(result = source_need(s, y, y + 1)))
			memcpy(to->origin + y * to->across, source_row(s, y), (size_t) s->width * s->bands);
	source_stop(s);
	return result;
}

static int
reduce_rows(Source *s, const PresizeArea *area, gboolean ahead, const Target *to)
{
	int n = s->width * s->bands, y, l, t, result = 0;
	size_t stride = (size_t) n + MARGIN;
	float *lines = g_new0(float, LINES * stride);
	const unsigned char **window;
	Windows columns, rows;

	windows_init(&columns, s->width, area->width);
	windows_init(&rows, s->height, area->height);
	window = g_new(const unsigned char *, rows.taps);
	source_start(s, rows.taps, ahead);
	for (y = 0; y < area->crop_height && !result; y += LINES) {
		int count = VIPS_MIN(LINES, area->crop_height - y);
		Target at = *to;

		for (l = 0; l < count && !result; l++) {
			int row = area->top + y + l, first = rows.first[row];

			if ((result = source_need(s, first, first + rows.taps)))
				break;
			for (t = 0; t < rows.taps; t++)
				window[t] = source_row(s, first + t);
			(WIDE() ? down_wide : down_plain)(window, rows.weights + (size_t) row * rows.taps, rows.taps, n, lines + l * stride);
		}
		at.origin += y * to->across;
		if (!result)
			(WIDE() ? along_wide : along_plain)(lines, stride, s->bands, &columns, area->left,
				area->left + area->crop_width, count, &at);
	}
	/* What is wrong with a file may stand in the rows that no result needs. */
	if (!result)
		result = source_need(s, s->height, s->height);
	source_stop(s);
	g_free(window);
	g_free(lines);
	windows_free(&rows);
	windows_free(&columns);
	return result;
}

/* Pixels that this can reduce: 8-bit, up to four bands. */
int
presize_can_reduce(VipsImage *in, int width, int height)
{
	return in->BandFmt == VIPS_FORMAT_UCHAR && in->Coding == VIPS_CODING_NONE && in->Bands <= 4 &&
		(in->Type == VIPS_INTERPRETATION_sRGB || in->Type == VIPS_INTERPRETATION_B_W) &&
		width <= in->Xsize && height <= in->Ysize;
}

/* Reads all of `in`, from top to bottom, and once. Width and height of the area are those of the stored image, before it
 * is set upright. What comes is in memory, has the metadata of `in` but for the orientation, and premultiplied alpha.
 */
int
presize_reduce_area(VipsImage *in, const PresizeArea *area, int orientation, int flags, VipsImage **out)
{
	gboolean turned = orientation > 4;
	Source source = { .in = in, .width = in->Xsize, .height = in->Ysize, .bands = in->Bands,
		.premultiply = flags & PRESIZE_PREMULTIPLY };
	VipsImage *image = vips_image_new_memory();
	Target to;
	int result = -1;

	if (!vips_image_pipelinev(image, VIPS_DEMAND_STYLE_ANY, in, NULL)) {
		image->Xsize = turned ? area->crop_height : area->crop_width;
		image->Ysize = turned ? area->crop_width : area->crop_height;
		vips_autorot_remove_angle(image);
		if (!vips_image_write_prepare(image)) {
			to = target(image, orientation);
			result = orientation <= 1 && area->crop_width == in->Xsize && area->crop_height == in->Ysize
				? copy_rows(&source, flags & PRESIZE_AHEAD, &to)
				: reduce_rows(&source, area, flags & PRESIZE_AHEAD, &to);
		}
	}
	if (!result)
		*out = image;
	else
		g_object_unref(image);
	return result;
}
