#ifndef PRESIZE_VECTORS_H
#define PRESIZE_VECTORS_H

#include <glib.h>
#include <string.h>

/* Four and eight numbers at a time, and what every processor has its own instructions for: FLOATS makes numbers of
 * eight bytes; pack rounds four pixels, whose values stand eight numbers apart, and keeps overshoot within a byte.
 */

typedef float float4 __attribute__((vector_size(16), may_alias));
typedef float float8 __attribute__((vector_size(32), may_alias));

#ifdef __clang__
#define SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define SHUFFLE(a, b, ...) __builtin_shuffle(a, b, (int __attribute__((vector_size(16)))) { __VA_ARGS__ })
#endif

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

#define FLOATS_plain(b) ((float8) { (b)[0], (b)[1], (b)[2], (b)[3], (b)[4], (b)[5], (b)[6], (b)[7] })
#define FLOATS_wide(b) ((float8) _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *) (b)))))

#define ROUNDED(values) _mm_cvttps_epi32((__m128) (*(const float4 *) (values) + 0.5f))

static inline void
pack(const float *values, guint32 *pixels)
{
	__m128i reds = _mm_packs_epi32(ROUNDED(values), ROUNDED(values + 8));
	__m128i blues = _mm_packs_epi32(ROUNDED(values + 16), ROUNDED(values + 24));
	__m128i bytes = _mm_packus_epi16(reds, blues); /* four of each */

	bytes = _mm_unpacklo_epi8(bytes, _mm_srli_si128(bytes, 8)); /* red and blue, then green and alpha */
	_mm_storeu_si128((__m128i *) pixels, _mm_unpacklo_epi8(bytes, _mm_srli_si128(bytes, 8)));
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

#define ROUNDED(values) vqmovun_s32(vcvtq_s32_f32((float32x4_t) (*(const float4 *) (values) + 0.5f)))

static inline void
pack(const float *values, guint32 *pixels)
{
	uint8x8_t reds = vqmovn_u16(vcombine_u16(ROUNDED(values), ROUNDED(values + 8)));
	uint8x8_t blues = vqmovn_u16(vcombine_u16(ROUNDED(values + 16), ROUNDED(values + 24)));
	uint8x8x2_t both = vzip_u8(reds, blues); /* red and blue, then green and alpha */

	both = vzip_u8(both.val[0], both.val[1]);
	vst1_u8((uint8_t *) pixels, both.val[0]);
	vst1_u8((uint8_t *) (pixels + 2), both.val[1]);
}
#else
#define FLOATS_plain(b) ((float8) { (b)[0], (b)[1], (b)[2], (b)[3], (b)[4], (b)[5], (b)[6], (b)[7] })

static inline void
pack(const float *values, guint32 *pixels)
{
	unsigned char bytes[4][4];
	int i, b;

	for (i = 0; i < 4; i++)
		for (b = 0; b < 4; b++) {
			float v = values[8 * b + i] + 0.5f;

			bytes[i][b] = v > 0 ? (unsigned char) (v < 255 ? v : 255) : 0;
		}
	memcpy(pixels, bytes, sizeof bytes);
}
#endif

#endif
