#include "vips.h"

/* bimg reads and writes this: no compression, a few ms for a master. */
int
presize_to_tiff(VipsImage *in, void **buf, size_t *len)
{
	VipsImage *plain;
	int result = -1;

	if (!vips_copy(in, &plain, NULL)) {
		vips_image_remove(plain, VIPS_META_ICC_NAME);
		vips_image_remove(plain, VIPS_META_EXIF_NAME);
		vips_image_remove(plain, VIPS_META_XMP_NAME);
		vips_image_remove(plain, VIPS_META_IPTC_NAME);
		vips_image_remove(plain, VIPS_META_ORIENTATION);
		result = vips_tiffsave_buffer(plain, buf, len, NULL);
		g_object_unref(plain);
	}
	vips_thread_shutdown();
	return result;
}

int
presize_from_tiff(const void *buf, size_t len, VipsImage **out)
{
	VipsImage *in;
	int result = -1;

	if (!vips_tiffload_buffer((void *) buf, len, &in, NULL)) {
		*out = vips_image_copy_memory(in);
		result = *out ? 0 : -1;
		g_object_unref(in);
	}
	vips_thread_shutdown();
	return result;
}

/* Bicubic, from the centres of pixels to the centres of pixels: vips_resize itself is off by half a pixel of the result.
 */
static int
enlarge(VipsImage *in, int width, int height, VipsImage **out)
{
	VipsInterpolate *bicubic = vips_interpolate_new("bicubic");
	VipsArrayInt *area = vips_array_int_newv(4, 0, 0, width, height);
	int result = vips_affine(in, out, (double) width / in->Xsize, 0, 0, (double) height / in->Ysize, "interpolate", bicubic,
		"oarea", area, "idx", 0.5, "idy", 0.5, "odx", -0.5, "ody", -0.5, "extend", VIPS_EXTEND_COPY, NULL);

	vips_area_unref(VIPS_AREA(area));
	g_object_unref(bicubic);
	return result;
}

/* Makes smaller and crops, from memory. */
int
presize_shrink(VipsImage *in, const PresizeArea *area, VipsImage **out)
{
	int result = presize_reduce_area(in, area, 1, 0, out);

	vips_thread_shutdown();
	return result;
}

/* Makes a side larger, or both, and crops. */
int
presize_enlarge(VipsImage *in, const PresizeArea *area, VipsImage **out)
{
	VipsImage *base = vips_image_new();
	VipsImage **t = (VipsImage **) vips_object_local_array(VIPS_OBJECT(base), 3);
	double x = (double) area->width / in->Xsize, y = (double) area->height / in->Ysize;
	int result = -1;

	if (vips_resize(in, &t[0], VIPS_MIN(x, 1), "vscale", VIPS_MIN(y, 1), NULL) ||
		enlarge(t[0], area->width, area->height, &t[1]) ||
		vips_extract_area(t[1], &t[2], area->left, area->top, area->crop_width, area->crop_height, NULL))
		goto done;
	*out = vips_image_copy_memory(t[2]);
	result = *out ? 0 : -1;
done:
	g_object_unref(base);
	vips_thread_shutdown();
	return result;
}

/* To a few pixels that stand for the whole: only averages, without the halo of a sharper reduction. */
int
presize_reduce(VipsImage *in, int width, int height, VipsImage **out)
{
	VipsImage *small;
	int result = -1;

	if (!vips_resize(in, &small, (double) width / in->Xsize, "vscale", (double) height / in->Ysize, "kernel",
			VIPS_KERNEL_LINEAR, "gap", 1.0, NULL)) {
		*out = vips_image_copy_memory(small);
		result = *out ? 0 : -1;
		g_object_unref(small);
	}
	vips_thread_shutdown();
	return result;
}

/* Weights below 0.05 are nothing in the integer masks that this uses. */
int
presize_blur(VipsImage *in, double sigma, VipsImage **out)
{
	VipsImage *blurred;
	int result = -1;

	if (!vips_gaussblur(in, &blurred, sigma, "min_ampl", 0.05, NULL)) {
		*out = vips_image_copy_memory(blurred);
		result = *out ? 0 : -1;
		g_object_unref(blurred);
	}
	vips_thread_shutdown();
	return result;
}
