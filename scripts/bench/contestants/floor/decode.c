#include "floor.h"
#include <string.h>

static const char *
extension(const char *loader)
{
	static const char *const known[][2] = { { "Jpeg", "jpg" }, { "Png", "png" }, { "Webp", "webp" }, { "Nsgif", "gif" },
		{ "Heif", "avif" } };
	size_t i;

	for (i = 0; loader && i < G_N_ELEMENTS(known); i++)
		if (strstr(loader, known[i][0]))
			return known[i][1];
	vips_error("floor", "no loader for these bytes, or none with an encoder of the same format");
	return NULL;
}

/* Into memory, premultiplied. */
static int
keep(VipsImage *in, VipsImage **out)
{
	VipsImage *base = vips_image_new();
	VipsImage **t = (VipsImage **) vips_object_local_array(VIPS_OBJECT(base), 3);
	int result = -1;

	if (vips_image_hasalpha(in)) {
		if (vips_premultiply(in, &t[0], NULL) ||
			vips_cast_uchar(t[0], &t[1], NULL) ||
			vips_copy(t[1], &t[2], "interpretation", VIPS_INTERPRETATION_sRGB, NULL))
			goto done;
		in = t[2];
	}
	*out = vips_image_copy_memory(in);
	result = *out ? 0 : -1;
done:
	g_object_unref(base);
	return result;
}

/* An export profile makes libvips convert even what is in sRGB already, at three times the cost: only where there is one. */
static int
decode_still(void *data, size_t length, Master *master)
{
	VipsImage *small;
	int result;

	if (vips_image_get_typeof(master->header, VIPS_META_ICC_NAME))
		result = vips_thumbnail_buffer(data, length, &small, WIDEST, "height", VIPS_MAX_COORD, "size", VIPS_SIZE_DOWN,
			"export_profile", "srgb", NULL);
	else
		result = vips_thumbnail_buffer(data, length, &small, WIDEST, "height", VIPS_MAX_COORD, "size", VIPS_SIZE_DOWN, NULL);
	if (result)
		return -1;
	result = keep(small, &master->frames[0]);
	g_object_unref(small);
	return result;
}

static int
decode_frame(VipsImage *tall, int page_height, int i, VipsImage **frame)
{
	VipsImage *base = vips_image_new();
	VipsImage **t = (VipsImage **) vips_object_local_array(VIPS_OBJECT(base), 4);
	int result = -1;

	if (vips_extract_area(tall, &t[0], 0, i * page_height, tall->Xsize, page_height, NULL) ||
		vips_copy(t[0], &t[1], NULL))
		goto done;
	vips_image_remove(t[1], VIPS_META_PAGE_HEIGHT);
	vips_image_remove(t[1], VIPS_META_N_PAGES);
	if (!(t[2] = vips_image_copy_memory(t[1])) ||
		vips_thumbnail_image(t[2], &t[3], WIDEST, "height", VIPS_MAX_COORD, "size", VIPS_SIZE_DOWN, NULL))
		goto done;
	result = keep(t[3], frame);
done:
	g_object_unref(base);
	return result;
}

static int
decode_animation(void *data, size_t length, Master *master)
{
	VipsImage *tall = vips_image_new_from_buffer(data, length, "", "access", VIPS_ACCESS_SEQUENTIAL, "n", -1, NULL);
	int i, result = tall ? 0 : -1;

	for (i = 0; i < master->n && !result; i++)
		result = decode_frame(tall, vips_image_get_page_height(tall), i, &master->frames[i]);
	VIPS_UNREF(tall);
	return result;
}

int
decode(void *data, size_t length, Master *master)
{
	int result;

	memset(master, 0, sizeof *master);
	if (!(master->extension = extension(vips_foreign_find_load_buffer(data, length))) ||
		!(master->header = vips_image_new_from_buffer(data, length, "", NULL)))
		return -1;
	/* The pages of an AVIF are no frames. */
	master->n = strcmp(master->extension, "avif") ? vips_image_get_n_pages(master->header) : 1;
	master->frames = g_new0(VipsImage *, master->n);
	result = master->n > 1 ? decode_animation(data, length, master) : decode_still(data, length, master);
	if (result)
		release(master);
	return result;
}

void
release(Master *master)
{
	int i;

	for (i = 0; i < master->n; i++)
		VIPS_UNREF(master->frames[i]);
	g_free(master->frames);
	VIPS_UNREF(master->header);
	memset(master, 0, sizeof *master);
}
