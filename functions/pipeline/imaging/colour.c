#include "vips.h"

/* The profile that was embedded, or else libvips' own of the name `fallback`; a copy, to be g_freed. */
int
presize_profile(VipsImage *image, const char *fallback, void **profile, size_t *len)
{
	VipsBlob *blob;
	const void *data;

	if (vips_image_get_typeof(image, VIPS_META_ICC_NAME)) {
		if (vips_image_get_blob(image, VIPS_META_ICC_NAME, &data, len))
			return -1;
		*profile = g_memdup2(data, *len);
		return 0;
	}
	if (!fallback || vips_profile_load(fallback, &blob, NULL))
		return -1;
	data = vips_blob_get(blob, len);
	*profile = g_memdup2(data, *len);
	vips_area_unref(VIPS_AREA(blob));
	return 0;
}

/* Any profile, by libvips, which has Little CMS. A failure leaves *out alone. */
int
presize_to_srgb(VipsImage *in, const char *fallback, VipsImage **out)
{
	VipsImage *managed;
	int result = vips_icc_transform(in, &managed, "srgb", "embedded", TRUE, fallback ? "input_profile" : NULL, fallback, NULL);

	if (!result) {
		VipsImage *memory = vips_image_copy_memory(managed);

		if (memory)
			*out = memory;
		result = memory ? 0 : -1;
		g_object_unref(managed);
	}
	vips_thread_shutdown();
	return result;
}

typedef float float4 __attribute__((vector_size(16), aligned(4), may_alias));

/* Three bands, in memory and nobody else's, in place: a pixel is the sum of what its values add to linear light, in steps
 * of the curve, taken through the curve. `shares` is [3][256][4].
 */
void
presize_apply_shares(VipsImage *image, const float *shares, const unsigned char *curve, int steps)
{
	const float *red = shares, *green = shares + 256 * 4, *blue = shares + 2 * 256 * 4;
	size_t left = (size_t) image->Xsize * image->Ysize;
	unsigned char *p = VIPS_IMAGE_ADDR(image, 0, 0);
	float last = steps - 1;
	int b;

	for (; left > 0; left--, p += 3) {
		float4 sum = *(const float4 *) (red + 4 * p[0]) + *(const float4 *) (green + 4 * p[1]) +
			*(const float4 *) (blue + 4 * p[2]);

		/* A broken profile may come to more than an int holds. */
		for (b = 0; b < 3; b++)
			p[b] = curve[(int) VIPS_CLIP(0, sum[b], last)];
	}
}
