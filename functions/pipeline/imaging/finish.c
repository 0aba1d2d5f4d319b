#include "encode.h"

/* Padding is clear, and what the background is shows through it as through the picture; or it is the background at once,
 * where that is opaque and the picture, too.
 */
static int
pad(VipsImage *in, const PresizeEncode *how, VipsImage **out)
{
	static const double clear[4] = { 0, 0, 0, 0 };
	VipsImage *wide = NULL;
	VipsArrayDouble *background;
	int result;

	if (in->Bands == 3 && !how->flatten && vips_bandjoin_const1(in, &wide, 255, NULL))
		return -1;
	if (wide)
		in = wide;
	background = vips_array_double_new(in->Bands == 3 ? how->background : clear, in->Bands);
	result = vips_embed(in, out, how->pad_left, how->pad_top, how->pad_width, how->pad_height, "extend",
		VIPS_EXTEND_BACKGROUND, "background", background, NULL);
	vips_area_unref(VIPS_AREA(background));
	VIPS_UNREF(wide);
	return result;
}

/* Onto a background that is translucent itself: as much of it, premultiplied, as the picture lets through. */
static int
underlay(VipsImage *in, const PresizeEncode *how, VipsImage **out)
{
	VipsImage *base = vips_image_new();
	VipsImage **t = (VipsImage **) vips_object_local_array(VIPS_OBJECT(base), 2);
	double share[4], whole[4];
	int i, result;

	for (i = 0; i < 4; i++) {
		whole[i] = how->background[3] * (i < 3 ? how->background[i] / 255.0 : 1);
		share[i] = -whole[i] / 255.0;
	}
	result = vips_extract_band(in, &t[0], 3, NULL) ||
		vips_linear(t[0], &t[1], share, whole, 4, NULL) ||
		vips_add(in, t[1], out, NULL);
	g_object_unref(base);
	return result ? -1 : 0;
}

int
presize_finish(VipsImage *in, const PresizeEncode *how, VipsImage **out)
{
	VipsImage *base = vips_image_new();
	VipsImage **t = (VipsImage **) vips_object_local_array(VIPS_OBJECT(base), 4);
	int result = -1;

	if (how->pad_width > 0) {
		if (pad(in, how, &t[0]))
			goto done;
		in = t[0];
	}
	if (in->Bands == 4 && how->background[3] > 0 && !how->flatten) {
		if (underlay(in, how, &t[1]))
			goto done;
		in = t[1];
	}
	if (presize_straight(in, how, &t[2]))
		goto done;
	in = t[2];
	if (how->grey && in->Bands == 3) {
		if (vips_extract_band(in, &t[3], 0, NULL))
			goto done;
		result = vips_copy(t[3], out, "interpretation", VIPS_INTERPRETATION_B_W, NULL);
	}
	else
		result = vips_copy(in, out, "interpretation", VIPS_INTERPRETATION_sRGB, NULL);
done:
	g_object_unref(base);
	return result;
}
