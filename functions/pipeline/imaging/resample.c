#include "reduction.h"

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

static int
reduce_rows(Rows *rows, const PresizeArea *area, gboolean ahead, const Target *to)
{
	Reduction r;
	Target at = *to;
	int result;

	if (presize_reduction_start(&r, rows, area))
		return -1;
	result = presize_rows_start(rows, r.held, ahead);
	while (r.made < area->crop_height && !result) {
		at.origin = to->origin + r.made * to->across;
		result = presize_reduction_step(&r, &at);
	}
	/* What is wrong with a file may stand in the rows that no result needs. */
	if (!result)
		result = presize_rows_need(rows, rows->height, rows->height);
	presize_rows_stop(rows);
	presize_reduction_stop(&r);
	return result;
}

/* Pixels that this can reduce: 8-bit, grey or RGB, either with or without alpha. */
int
presize_can_reduce(VipsImage *in, int width, int height)
{
	return in->BandFmt == VIPS_FORMAT_UCHAR && in->Coding == VIPS_CODING_NONE &&
		((in->Type == VIPS_INTERPRETATION_sRGB && (in->Bands == 3 || in->Bands == 4)) ||
			(in->Type == VIPS_INTERPRETATION_B_W && in->Bands <= 2)) &&
		width <= in->Xsize && height <= in->Ysize;
}

VipsImage *
presize_like(VipsImage *in, int width, int height, int bands)
{
	VipsImage *image = vips_image_new_memory();

	if (!vips_image_pipelinev(image, VIPS_DEMAND_STYLE_ANY, in, NULL)) {
		image->Xsize = width;
		image->Ysize = height;
		image->Bands = bands;
		if (!vips_image_write_prepare(image))
			return image;
	}
	g_object_unref(image);
	return NULL;
}

/* Reads all of `in`, from top to bottom, and once. Width and height of the area are those of the stored image, before it
 * is set upright. What comes is in memory, has the metadata of `in` but for the orientation, and premultiplied alpha.
 */
int
presize_reduce_area(VipsImage *in, const PresizeArea *area, int orientation, int flags, VipsImage **out)
{
	gboolean turned = orientation > 4;
	Rows source = { .in = in, .width = in->Xsize, .height = in->Ysize, .bands = in->Bands,
		.premultiply = flags & PRESIZE_PREMULTIPLY };
	VipsImage *image;
	Target to;
	int result;

	image = presize_like(in, turned ? area->crop_height : area->crop_width, turned ? area->crop_width : area->crop_height,
		in->Bands);
	if (!image)
		return -1;
	vips_autorot_remove_angle(image);
	to = target(image, orientation);
	result = reduce_rows(&source, area, flags & PRESIZE_AHEAD, &to);
	if (!result)
		*out = image;
	else
		g_object_unref(image);
	return result;
}
