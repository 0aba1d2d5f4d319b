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

typedef gint32 int4 __attribute__((vector_size(16), aligned(4), may_alias));

/* Pixels of three bands, in place: each is the sum of what its values add to linear light, taken through the curve.
 * `shares` is [3][256][4], of which 1 << PRESIZE_FINE are a step of the curve.
 */
void
presize_apply_shares(unsigned char *p, size_t count, const gint32 *shares, const unsigned char *curve, int steps)
{
	const int4 *red = (const int4 *) shares, *green = red + 256, *blue = green + 256;
	int last = (steps << PRESIZE_FINE) - 1;

	for (; count > 0; count--, p += 3) {
		int4 sum = red[p[0]] + green[p[1]] + blue[p[2]], over;

		sum &= ~(sum >> 31); /* those below 0 */
		over = sum > last;
		sum = ((sum & ~over) | (over & last)) >> PRESIZE_FINE;
		p[0] = curve[sum[0]];
		p[1] = curve[sum[1]];
		p[2] = curve[sum[2]];
	}
}
