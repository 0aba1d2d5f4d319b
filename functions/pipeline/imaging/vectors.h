#ifndef PRESIZE_VECTORS_H
#define PRESIZE_VECTORS_H

#include <glib.h>
#include <string.h>

/* Four and eight numbers at a time, and what every processor has its own instructions for: FLOATS makes numbers of
 * eight bytes; pack cuts off what is behind the point, and keeps overshoot within a byte.
 */

typedef float float4 __attribute__((vector_size(16)));
typedef float unaligned4 __attribute__((vector_size(16), aligned(4), may_alias));
typedef float float8 __attribute__((vector_size(32)));
typedef float unaligned8 __attribute__((vector_size(32), aligned(4), may_alias));

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
		bytes[i] = v[i] > 0 ? (unsigned char) (v[i] < 255 ? v[i] : 255) : 0;
	memcpy(&all, bytes, 4);
	return all;
}
#endif

#endif
