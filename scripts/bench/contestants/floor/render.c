#include "floor.h"
#include <string.h>

/* The presets that every contestant renders; 0 is as high as the original's shape makes it. */
static const struct {
	const char *name;
	int width, height;
} presets[VARIANTS] = {
	{ "small", 368, 0 },
	{ "medium", 720, 0 },
	{ "large", WIDEST, 0 },
	{ "thumbnail", THUMBNAIL, THUMBNAIL },
};

static int
narrow(VipsImage *in, int width, VipsImage **out)
{
	if (in->Xsize > width)
		return vips_resize(in, out, (double) width / in->Xsize, NULL);
	g_object_ref(in);
	*out = in;
	return 0;
}

/* Fill a square and cut off what hangs over, as far as the original is large enough. */
static int
cover(VipsImage *in, int side, VipsImage **out)
{
	int shorter = VIPS_MIN(in->Xsize, in->Ysize), width, height, result;
	VipsImage *small;

	if (vips_resize(in, &small, VIPS_MIN(1, (double) side / shorter), NULL))
		return -1;
	width = VIPS_MIN(side, small->Xsize);
	height = VIPS_MIN(side, small->Ysize);
	result = vips_extract_area(small, out, (small->Xsize - width) / 2, (small->Ysize - height) / 2, width, height, NULL);
	g_object_unref(small);
	return result;
}

static int
straight(VipsImage *in, VipsImage **out)
{
	VipsImage *colours;
	int result;

	if (!vips_image_hasalpha(in)) {
		g_object_ref(in);
		*out = in;
		return 0;
	}
	if (vips_unpremultiply(in, &colours, NULL))
		return -1;
	result = vips_cast_uchar(colours, out, NULL);
	g_object_unref(colours);
	return result;
}

/* Frames one below the other, as libvips' savers take them, with the delays of the original. */
static int
join(VipsImage **frames, const Master *master, VipsImage **out)
{
	static const char *const fields[] = { "delay", "loop", "gif-palette" };
	VipsImage *tall;
	GValue value = G_VALUE_INIT;
	size_t i;

	if (vips_arrayjoin(frames, &tall, master->n, "across", 1, NULL))
		return -1;
	if (vips_copy(tall, out, NULL)) {
		g_object_unref(tall);
		return -1;
	}
	g_object_unref(tall);
	vips_image_set_int(*out, VIPS_META_PAGE_HEIGHT, frames[0]->Ysize);
	for (i = 0; i < G_N_ELEMENTS(fields); i++)
		if (vips_image_get_typeof(master->header, fields[i]) && !vips_image_get(master->header, fields[i], &value)) {
			vips_image_set(*out, fields[i], &value);
			g_value_unset(&value);
		}
	return 0;
}

/* The savers' options are those that functions/pipeline/imaging asks for, a photo's for PNG. `whole`: nothing was resized. */
static int
save(VipsImage *in, gboolean whole, Variant *variant)
{
	void **data = &variant->data;
	size_t *length = &variant->length;

	if (!strcmp(variant->preset, "thumbnail"))
		return vips_webpsave_buffer(in, data, length, "Q", 85, "effort", 6, "alpha_q", 99, "keep", VIPS_FOREIGN_KEEP_NONE,
			NULL);
	if (!strcmp(variant->extension, "jpg"))
		return vips_jpegsave_buffer(in, data, length, "Q", 80, "optimize_coding", TRUE, "keep", VIPS_FOREIGN_KEEP_NONE, NULL);
	if (!strcmp(variant->extension, "png"))
		return vips_pngsave_buffer(in, data, length, "compression", 3, "filter",
			VIPS_FOREIGN_PNG_FILTER_AVG, "keep", VIPS_FOREIGN_KEEP_NONE, NULL);
	if (!strcmp(variant->extension, "webp"))
		return vips_webpsave_buffer(in, data, length, "Q", 80, "effort", 4, "keep", VIPS_FOREIGN_KEEP_NONE, NULL);
	if (!strcmp(variant->extension, "gif"))
		return vips_gifsave_buffer(in, data, length, "effort", whole ? 5 : 3, "dither", 0.0, "keep_duplicate_frames", TRUE, "reuse",
			whole, "keep", VIPS_FOREIGN_KEEP_NONE, NULL);
	return vips_heifsave_buffer(in, data, length, "compression", VIPS_FOREIGN_HEIF_COMPRESSION_AV1, "Q", 80, "effort", 3,
		"bitdepth", 8, "keep", VIPS_FOREIGN_KEEP_NONE, NULL);
}

static int
render_one(Master *master, int preset, Variant *variant)
{
	VipsImage *base = vips_image_new();
	VipsImage **small = (VipsImage **) vips_object_local_array(VIPS_OBJECT(base), master->n);
	VipsImage **frames = (VipsImage **) vips_object_local_array(VIPS_OBJECT(base), master->n);
	VipsImage **joined = (VipsImage **) vips_object_local_array(VIPS_OBJECT(base), 1);
	int side = presets[preset].height, i, result = 0;

	variant->preset = presets[preset].name;
	variant->extension = side ? "webp" : master->extension;
	for (i = 0; i < master->n && !result; i++)
		result = (side ? cover(master->frames[i], side, &small[i])
					   : narrow(master->frames[i], presets[preset].width, &small[i])) ||
			straight(small[i], &frames[i]);
	if (!result) {
		variant->width = frames[0]->Xsize;
		variant->height = frames[0]->Ysize;
		if (master->n > 1)
			result = join(frames, master, &joined[0]) || save(joined[0], small[0] == master->frames[0], variant);
		else
			result = save(frames[0], FALSE, variant);
	}
	g_object_unref(base);
	return result ? -1 : 0;
}

int
render(Master *master, Variant variants[VARIANTS])
{
	int i;

	for (i = 0; i < VARIANTS; i++)
		if (render_one(master, i, &variants[i]))
			return -1;
	return 0;
}
