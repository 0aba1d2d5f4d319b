#include "frame.h"

static int
watch_generate(VipsRegion *out, void *seq, void *image, void *failed, gboolean *stop)
{
	VipsRegion *in = (VipsRegion *) seq;

	(void) image;
	(void) stop;
	if (vips_region_prepare(in, &out->valid) ||
		vips_region_region(out, in, &out->valid, out->valid.left, out->valid.top)) {
		g_atomic_int_set((gint *) failed, 1);
		return -1;
	}
	return 0;
}

/* The caches within libvips' resize paint a tile that cannot be read black and carry on. This stands between the loader
 * and them, and remembers.
 */
static int
watch(VipsImage *in, VipsImage **out, gint *failed)
{
	*out = vips_image_new();
	if (vips_image_pipelinev(*out, VIPS_DEMAND_STYLE_THINSTRIP, in, NULL) ||
		vips_image_generate(*out, vips_start_one, watch_generate, vips_stop_one, in, failed)) {
		VIPS_UNREF(*out);
		return -1;
	}
	return 0;
}

/* The loader decodes an animation from top to bottom as one tall image; each frame is cut from it before it is
 * resized, so that no frame bleeds into the next.
 */
static int
decode_frame(VipsImage *tall, int page_height, int i, const PresizeDecode *how, VipsImage **frame, int *coloured)
{
	VipsImage *base = vips_image_new();
	VipsImage **t = (VipsImage **) vips_object_local_array(VIPS_OBJECT(base), 2);
	int result = -1;

	if (vips_extract_area(tall, &t[0], 0, i * page_height, tall->Xsize, page_height, NULL) ||
		vips_copy(t[0], &t[1], NULL))
		goto done;
	vips_image_remove(t[1], VIPS_META_PAGE_HEIGHT);
	vips_image_remove(t[1], VIPS_META_N_PAGES);
	result = presize_frame(t[1], how, frame, coloured);
done:
	g_object_unref(base);
	return result;
}

static int
decode_animation(VipsImage *tall, const PresizeDecode *how, VipsImage **frames, int *coloured)
{
	int page_height = vips_image_get_page_height(tall), i;

	if (tall->Ysize / page_height != how->frames) {
		vips_error("presize", "%d frames expected, found %d", how->frames, tall->Ysize / page_height);
		return -1;
	}
	for (i = 0; i < how->frames; i++)
		if (decode_frame(tall, page_height, i, how, &frames[i], coloured))
			return -1;
	return 0;
}

/* `frames` holds NULL, or what an earlier try left. */
int
presize_decode(const void *buf, size_t len, const PresizeDecode *how, VipsImage **frames, int *coloured)
{
	VipsImage *base = vips_image_new();
	VipsImage **t = (VipsImage **) vips_object_local_array(VIPS_OBJECT(base), 2);
	gint failed = 0;
	int i, result = -1;

	for (i = 0; i < how->frames; i++)
		VIPS_UNREF(frames[i]);
	vips_error_clear();
	if (presize_load(buf, len, how, &t[0]))
		;
	else if (how->frames == 1 && presize_is_ours(t[0], how))
		result = presize_frame(t[0], how, &frames[0], coloured);
	else if (!watch(t[0], &t[1], &failed))
		result = how->frames > 1 ? decode_animation(t[1], how, frames, coloured)
								 : presize_frame(t[1], how, &frames[0], coloured);
	if (result || g_atomic_int_get(&failed)) {
		for (i = 0; i < how->frames; i++)
			VIPS_UNREF(frames[i]);
		result = -1;
	}
	g_object_unref(base);
	vips_thread_shutdown();
	return result;
}

static void
attach(VipsImage *image, const char *name, const void *data, size_t len)
{
	if (len)
		vips_image_set_blob_copy(image, name, data, len);
}

int
presize_from_pixels(const void *pixels, size_t len, int width, int height, int bands, int orientation,
	const void *icc, size_t icc_len, const void *exif, size_t exif_len, const PresizeDecode *how, VipsImage **frame,
	int *coloured)
{
	VipsImage *base = vips_image_new();
	VipsImage **t = (VipsImage **) vips_object_local_array(VIPS_OBJECT(base), 2);
	int result = -1;

	if (!(t[0] = vips_image_new_from_memory(pixels, len, width, height, bands, VIPS_FORMAT_UCHAR)) ||
		vips_copy(t[0], &t[1], "interpretation", VIPS_INTERPRETATION_sRGB, NULL))
		goto done;
	vips_image_set_int(t[1], VIPS_META_ORIENTATION, orientation);
	attach(t[1], VIPS_META_ICC_NAME, icc, icc_len);
	result = presize_frame(t[1], how, frame, coloured);
	/* Only now: these pixels are turned by the container's rotation, whatever orientation EXIF speaks of. */
	if (!result)
		attach(*frame, VIPS_META_EXIF_NAME, exif, exif_len);
done:
	g_object_unref(base);
	vips_thread_shutdown();
	return result;
}
