#include "frame.h"

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
	if (in->Bands < 3) {
		vips_error("presize", "%d bands are no sRGB", in->Bands);
		goto done;
	}
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

static PresizeArea
stored_area(VipsImage *in, const PresizeDecode *how)
{
	gboolean turned = vips_image_get_orientation(in) > 4;
	int width = turned ? how->height : how->width, height = turned ? how->width : how->height;

	return presize_all_of(width, height);
}

int
presize_is_ours(VipsImage *in, const PresizeDecode *how)
{
	PresizeArea area = stored_area(in, how);

	return presize_can_reduce(in, area.width, area.height) && !(vips_image_hasalpha(in) && how->to_srgb);
}

int
presize_frame(VipsImage *in, const PresizeDecode *how, VipsImage **out, int *coloured)
{
	int orientation = vips_image_get_orientation(in), alpha = vips_image_hasalpha(in), flags, result;
	PresizeArea area = stored_area(in, how);
	VipsImage *small, *managed;

	*coloured = TRUE;
	if (!presize_is_ours(in, how)) {
		if (thumbnail(in, how, &small))
			return -1;
		result = canonical(small, FALSE, out);
		g_object_unref(small);
		return result;
	}
	flags = (alpha ? PRESIZE_PREMULTIPLY : 0) | (how->ahead ? PRESIZE_AHEAD : 0);
	if (presize_reduce_area(in, &area, orientation, flags, &small))
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
