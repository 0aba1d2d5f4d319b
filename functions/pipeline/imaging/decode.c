#include <string.h>
#include "vips.h"

/* Pixels as every later step wants them: 8-bit sRGB with three bands, or four with alpha premultiplied, in memory. */
static int
canonical(VipsImage *in, gboolean premultiplied, VipsImage **out)
{
	VipsImage *base = vips_image_new();
	VipsImage **t = (VipsImage **) vips_object_local_array(VIPS_OBJECT(base), 7);
	int result = -1;

	if (vips_colourspace(in, &t[0], VIPS_INTERPRETATION_sRGB, NULL) ||
		vips_cast_uchar(t[0], &t[1], NULL))
		goto done;
	in = t[1];
	if (in->Bands > 4) {
		if (vips_extract_band(in, &t[2], 0, "n", 4, NULL))
			goto done;
		in = t[2];
	}
	if (vips_image_hasalpha(in) && !premultiplied) {
		/* Rounded: a cast alone cuts off. */
		if (vips_premultiply(in, &t[3], NULL) ||
			vips_rint(t[3], &t[4], NULL) ||
			vips_cast_uchar(t[4], &t[5], NULL) ||
			vips_copy(t[5], &t[6], "interpretation", VIPS_INTERPRETATION_sRGB, NULL))
			goto done;
		in = t[6];
	}
	*out = vips_image_copy_memory(in);
	result = *out ? 0 : -1;
done:
	g_object_unref(base);
	return result;
}

/* To the master's size, upright, and in sRGB when `how` says so. */
static int
thumbnail(VipsImage *in, const PresizeDecode *how, VipsImage **out)
{
	if (!how->to_srgb)
		return vips_thumbnail_image(in, out, how->width, "height", how->height, "size", VIPS_SIZE_FORCE, NULL);
	return vips_thumbnail_image(in, out, how->width, "height", how->height, "size", VIPS_SIZE_FORCE, "export_profile",
		"srgb", how->profile ? "import_profile" : NULL, how->profile, NULL);
}

/* From a loader's image to a canonical one, or to one that is canonical but for its colours, and then *coloured is FALSE.
 * What is not 8-bit grey or RGB, or has alpha and a profile, is libvips' own affair.
 */
static int
reduce(VipsImage *in, const PresizeDecode *how, VipsImage **out, int *coloured)
{
	int orientation = vips_image_get_orientation(in), alpha = vips_image_hasalpha(in), result;
	PresizeArea area = { how->width, how->height, 0, 0, how->width, how->height };
	VipsImage *small, *managed;

	*coloured = TRUE;
	if (orientation > 4)
		area = (PresizeArea) { how->height, how->width, 0, 0, how->height, how->width };
	if (!presize_can_reduce(in, area.width, area.height) || (alpha && how->to_srgb)) {
		if (thumbnail(in, how, &small))
			return -1;
		result = canonical(small, FALSE, out);
		g_object_unref(small);
		return result;
	}
	if (presize_reduce_area(in, &area, orientation, (alpha ? PRESIZE_PREMULTIPLY : 0) | (how->ahead ? PRESIZE_AHEAD : 0), &small))
		return -1;
	if (small->Type == VIPS_INTERPRETATION_sRGB) {
		*coloured = !how->to_srgb;
		*out = small;
		return 0;
	}
	if (how->to_srgb) {
		result = thumbnail(small, how, &managed);
		g_object_unref(small);
		if (result)
			return -1;
		small = managed;
	}
	result = canonical(small, alpha, out);
	g_object_unref(small);
	return result;
}

/* The loader is blocked but for the moment in which a drawing that was checked is opened. */
static int
load_svg(void *buf, size_t len, double scale, VipsFailOn fail_on, VipsImage **out)
{
	static GMutex gate;
	int result;

	g_mutex_lock(&gate);
	vips_operation_block_set("VipsForeignLoadSvg", FALSE);
	result = vips_svgload_buffer(buf, len, out, "scale", scale, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", fail_on, NULL);
	vips_operation_block_set("VipsForeignLoadSvg", TRUE);
	g_mutex_unlock(&gate);
	return result;
}

/* Every type has its one loader, so that nothing is left to what libvips makes of the bytes. */
int
presize_load(const void *data, size_t len, const PresizeDecode *how, VipsImage **out)
{
	void *buf = (void *) data;
	VipsFailOn fail_on = how->strict ? VIPS_FAIL_ON_WARNING : VIPS_FAIL_ON_ERROR;

#define SEQUENTIAL "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", fail_on
	switch (how->type) {
	case PRESIZE_JPEG:
		return vips_jpegload_buffer(buf, len, out, "shrink", how->shrink, SEQUENTIAL, NULL);
	case PRESIZE_PNG:
		return vips_pngload_buffer(buf, len, out, SEQUENTIAL, NULL);
	case PRESIZE_WEBP:
		return vips_webpload_buffer(buf, len, out, "scale", how->scale, "n", how->frames, SEQUENTIAL, NULL);
	case PRESIZE_AVIF:
		return vips_heifload_buffer(buf, len, out, SEQUENTIAL, NULL);
	case PRESIZE_GIF:
		return vips_gifload_buffer(buf, len, out, "n", how->frames, SEQUENTIAL, NULL);
	case PRESIZE_TIFF:
		return vips_tiffload_buffer(buf, len, out, SEQUENTIAL, NULL);
	case PRESIZE_SVG:
		return load_svg(buf, len, how->scale, fail_on, out);
	}
	vips_error("presize", "no loader %d", how->type);
	return -1;
}

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

/* The caches within a resize paint a tile that cannot be read black and carry on. This stands between the loader and
 * them, and remembers.
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
	result = reduce(t[1], how, frame, coloured);
done:
	g_object_unref(base);
	return result;
}

static int
decode_animation(VipsImage *tall, const PresizeDecode *how, VipsImage **frames, int *coloured)
{
	int page_height = vips_image_get_page_height(tall), i;

	if (tall->Ysize != page_height * how->frames) {
		vips_error("presize", "%d frames expected, found %d", how->frames, tall->Ysize / page_height);
		return -1;
	}
	for (i = 0; i < how->frames; i++)
		if (decode_frame(tall, page_height, i, how, &frames[i], coloured))
			return -1;
	return 0;
}

/* libjpeg only warns of broken data, and fills what it cannot read with grey or worse: for a JPEG a warning is a
 * failure. But it also warns of bytes too many before a marker, which some phones write and which show nowhere. It tells
 * the two apart by text alone.
 */
int
presize_only_extraneous(void)
{
	const char *line = strstr(vips_error_buffer(), "Corrupt JPEG data:");
	int found = 0;

	for (; line; line = strstr(line + 1, "Corrupt JPEG data:")) {
		const char *end = strchr(line, '\n'), *tells = strstr(line, "extraneous bytes before marker");

		if (!tells || (end && tells > end))
			return 0;
		found = 1;
	}
	return found && !strstr(vips_error_buffer(), "remature end of JPEG");
}

int
presize_decode(const void *buf, size_t len, const PresizeDecode *how, VipsImage **frames, int *coloured)
{
	VipsImage *base = vips_image_new();
	VipsImage **t = (VipsImage **) vips_object_local_array(VIPS_OBJECT(base), 2);
	gint failed = 0;
	int i, result = -1;

	vips_error_clear();
	if (!presize_load(buf, len, how, &t[0]) && !watch(t[0], &t[1], &failed))
		result = how->frames > 1 ? decode_animation(t[1], how, frames, coloured)
								 : reduce(t[1], how, &frames[0], coloured);
	if (result || failed) {
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
presize_from_pixels(const void *pixels, size_t len, int width, int height, int bands, const void *icc, size_t icc_len,
	const void *exif, size_t exif_len, const PresizeDecode *how, VipsImage **frame, int *coloured)
{
	VipsImage *base = vips_image_new();
	VipsImage **t = (VipsImage **) vips_object_local_array(VIPS_OBJECT(base), 2);
	int result = -1;

	if (!(t[0] = vips_image_new_from_memory(pixels, len, width, height, bands, VIPS_FORMAT_UCHAR)) ||
		vips_copy(t[0], &t[1], "interpretation", VIPS_INTERPRETATION_sRGB, NULL))
		goto done;
	attach(t[1], VIPS_META_ICC_NAME, icc, icc_len);
	result = reduce(t[1], how, frame, coloured);
	/* Only now: these pixels are upright, whatever orientation EXIF speaks of. */
	if (!result)
		attach(*frame, VIPS_META_EXIF_NAME, exif, exif_len);
done:
	g_object_unref(base);
	vips_thread_shutdown();
	return result;
}

/* The EXIF block that came along, which stays the image's; NULL for none. */
int
presize_exif(VipsImage *image, const void **exif, size_t *len)
{
	*exif = NULL;
	*len = 0;
	if (!vips_image_get_typeof(image, VIPS_META_EXIF_NAME))
		return 0;
	return vips_image_get_blob(image, VIPS_META_EXIF_NAME, exif, len);
}

int
presize_set_exif(VipsImage *image, const void *exif, size_t len)
{
	vips_image_set_blob_copy(image, VIPS_META_EXIF_NAME, exif, len);
	return 0;
}

static int
opaque(VipsImage *image, int *yes)
{
	VipsImage *alpha;
	double least;
	int result;

	if (vips_extract_band(image, &alpha, 3, NULL))
		return -1;
	result = vips_min(alpha, &least, NULL);
	g_object_unref(alpha);
	*yes = least == 255;
	return result;
}

static int
without_alpha(VipsImage **image)
{
	VipsImage *colour, *memory;

	if (vips_extract_band(*image, &colour, 0, "n", 3, NULL))
		return -1;
	memory = vips_image_copy_memory(colour);
	g_object_unref(colour);
	if (!memory)
		return -1;
	g_object_unref(*image);
	*image = memory;
	return 0;
}

/* An alpha band that hides nothing costs a third more everywhere and keeps a photo from being a JPEG. */
int
presize_drop_opaque(VipsImage **frames, int n)
{
	int i, yes = 1, result = 0;

	for (i = 0; i < n && yes && !result; i++)
		result = frames[i]->Bands == 4 ? opaque(frames[i], &yes) : 0;
	for (i = 0; i < n && yes && !result; i++)
		if (frames[i]->Bands == 4)
			result = without_alpha(&frames[i]);
	vips_thread_shutdown();
	return result;
}
