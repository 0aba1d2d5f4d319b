#include <string.h>
#include "encode.h"

/* How many threads may ask for its pixels is the image's own, and no encoder writes it down. */
static void *
drop_field(VipsImage *image, const char *name, GValue *value, void *data)
{
	(void) value;
	(void) image;
	if (strcmp(name, VIPS_META_CONCURRENCY) != 0)
		*((GSList **) data) = g_slist_prepend(*((GSList **) data), g_strdup(name));
	return NULL;
}

static void *
keep_exif_field(VipsImage *meta, const char *name, GValue *value, void *data)
{
	(void) meta;
	/* The thumbnail inside EXIF shows the original as it was, not the variant. */
	if (vips_isprefix("exif-", name) && !vips_isprefix("exif-ifd1", name))
		vips_image_set((VipsImage *) data, name, value);
	return NULL;
}

/* libvips' form of an EXIF string is the text and, in brackets, what it is. It cuts off the last bracket it finds, so
 * the text is not repeated in it: "(c) Ada" would come out with its own tail.
 */
static void
set_credit(VipsImage *out, const char *name, const char *text)
{
	char *value;

	if (text) {
		value = g_strdup_printf("%s (ASCII)", text);
		vips_image_set_string(out, name, value);
		g_free(value);
	}
}

static void
keep_field(VipsImage *meta, VipsImage *out, const char *name)
{
	GValue value = G_VALUE_INIT;

	if (vips_image_get_typeof(meta, name) && !vips_image_get(meta, name, &value)) {
		vips_image_set(out, name, &value);
		g_value_unset(&value);
	}
}

void
presize_carry(VipsImage *out, VipsImage *meta, int n, const PresizeEncode *how)
{
	GSList *names = NULL, *name;

	vips_image_map(out, drop_field, &names);
	for (name = names; name; name = name->next)
		vips_image_remove(out, (char *) name->data);
	g_slist_free_full(names, g_free);

	if (how->metadata == PRESIZE_KEEP_ALL) {
		keep_field(meta, out, VIPS_META_EXIF_NAME);
		keep_field(meta, out, VIPS_META_XMP_NAME);
		keep_field(meta, out, VIPS_META_IPTC_NAME);
		vips_image_map(meta, keep_exif_field, out);
		vips_image_set_int(out, VIPS_META_ORIENTATION, 1);
	}
	if (how->metadata == PRESIZE_KEEP_COPYRIGHT) {
		set_credit(out, "exif-ifd0-Artist", how->artist);
		set_credit(out, "exif-ifd0-Copyright", how->copyright);
	}
	if (how->whole)
		keep_field(meta, out, "gif-palette");
	if (n > 1) {
		vips_image_set_int(out, VIPS_META_PAGE_HEIGHT, out->Ysize / n);
		vips_image_set_int(out, VIPS_META_N_PAGES, n);
		keep_field(meta, out, "delay");
		keep_field(meta, out, "loop");
	}
}
