#include <string.h>
#include "vips.h"

#if VIPS_MAJOR_VERSION > 8 || VIPS_MINOR_VERSION >= 15
#define HAS_KEEP 1
#endif

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

/* Straight alpha from premultiplied bytes, rounded to nearest. libvips does it in floating point in three passes, which took
 * 20 ms of the 100 to a PNG of 3 megapixels.
 */
static int
unpremultiply(VipsImage *in, VipsImage **out)
{
	VipsImage *image = vips_image_copy_memory(in), *own = NULL;
	size_t left = (size_t) in->Xsize * in->Ysize;
	const unsigned char *p;
	unsigned char *q;
	int b;

	if (!image)
		return -1;
	own = vips_image_new_memory();
	if (vips_image_pipelinev(own, VIPS_DEMAND_STYLE_ANY, image, NULL) || vips_image_write_prepare(own)) {
		g_object_unref(image);
		g_object_unref(own);
		return -1;
	}
	for (p = VIPS_IMAGE_ADDR(image, 0, 0), q = VIPS_IMAGE_ADDR(own, 0, 0); left > 0; left--, p += 4, q += 4) {
		unsigned alpha = p[3];

		if (alpha == 255 || alpha == 0)
			memcpy(q, p, 4);
		else {
			for (b = 0; b < 3; b++) {
				unsigned v = (p[b] * 255 + alpha / 2) / alpha;

				q[b] = (unsigned char) VIPS_MIN(v, 255);
			}
			q[3] = (unsigned char) alpha;
		}
	}
	g_object_unref(image);
	*out = own;
	return 0;
}

/* Back to straight alpha, or onto the background where there is to be none. */
static int
straight(VipsImage *in, const PresizeEncode *how, VipsImage **out)
{
	VipsImage *base = vips_image_new();
	VipsImage **t = (VipsImage **) vips_object_local_array(VIPS_OBJECT(base), 3);
	VipsArrayDouble *background = vips_array_double_new(how->background, 3);
	int result = -1;

	if (!vips_image_hasalpha(in)) {
		*out = in;
		g_object_ref(in);
		result = 0;
	}
	else if (in->BandFmt == VIPS_FORMAT_UCHAR && in->Bands == 4 && !how->flatten)
		result = unpremultiply(in, out);
	else if (!vips_unpremultiply(in, &t[0], NULL)) {
		/* Round to nearest: a cast alone cuts off. */
		if (how->flatten)
			result = vips_flatten(t[0], &t[1], "background", background, NULL);
		else {
			t[1] = t[0];
			g_object_ref(t[1]);
			result = 0;
		}
		if (!result)
			result = vips_rint(t[1], &t[2], NULL) || vips_cast_uchar(t[2], out, NULL);
	}
	vips_area_unref(VIPS_AREA(background));
	g_object_unref(base);
	return result;
}

static int
finish_frame(VipsImage *in, const PresizeEncode *how, VipsImage **out)
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
	if (straight(in, how, &t[2]))
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

static int
join(VipsImage **frames, int n, const PresizeEncode *how, VipsImage **out)
{
	VipsImage *base = vips_image_new();
	VipsImage **t = (VipsImage **) vips_object_local_array(VIPS_OBJECT(base), n + 1);
	int i, result = -1;

	for (i = 0; i < n; i++)
		if (finish_frame(frames[i], how, &t[i]))
			goto done;
	if (n == 1)
		result = vips_copy(t[0], out, NULL);
	else if (!vips_arrayjoin(t, &t[n], n, "across", 1, NULL))
		result = vips_copy(t[n], out, NULL);
done:
	g_object_unref(base);
	return result;
}

static void *
drop_field(VipsImage *image, const char *name, GValue *value, void *data)
{
	(void) value;
	(void) image;
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

/* Replaces whatever metadata came along by exactly what the preset lets through. */
static void
carry(VipsImage *out, VipsImage *meta, int n, const PresizeEncode *how)
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

#ifdef HAS_KEEP
static const int keeps[] = {
	VIPS_FOREIGN_KEEP_NONE,
	VIPS_FOREIGN_KEEP_EXIF,
	VIPS_FOREIGN_KEEP_ICC,
	VIPS_FOREIGN_KEEP_EXIF | VIPS_FOREIGN_KEEP_XMP | VIPS_FOREIGN_KEEP_IPTC | VIPS_FOREIGN_KEEP_ICC,
};
#define METADATA "keep", keeps[how->metadata]
#else
#define METADATA "strip", how->metadata == PRESIZE_KEEP_NONE
#endif

static const char *
profile(const PresizeEncode *how)
{
	return how->metadata == PRESIZE_KEEP_ICC || how->metadata == PRESIZE_KEEP_ALL ? "profile" : NULL;
}

/* One pass over what is about to be encoded, as it comes. */
typedef struct {
	double even;	/* share of pixels that equal their left neighbour; of every STEP-th row */
	int transparencies; /* how many values of alpha there are */
} Content;

#define STEP 8

static int
look_at(VipsImage *in, int step, Content *found)
{
	VipsRegion *region = vips_region_new(in);
	gboolean alphas[256] = { FALSE };
	size_t equal = 0, all = 0;
	int y, x, result = 0;

	for (y = 0; y < in->Ysize && !result; y += step) {
		VipsRect row = { 0, y, in->Xsize, 1 };
		const unsigned char *p;

		if ((result = vips_region_prepare(region, &row)))
			break;
		p = VIPS_REGION_ADDR(region, 0, y);
		for (x = 0; x < in->Xsize; x++, p += in->Bands) {
			if (x > 0) {
				equal += !memcmp(p, p - in->Bands, in->Bands);
				all++;
			}
			if (in->Bands == 4)
				alphas[p[3]] = TRUE;
		}
	}
	found->even = all ? (double) equal / all : 1;
	found->transparencies = 0;
	for (x = 0; x < 256; x++)
		found->transparencies += alphas[x];
	g_object_unref(region);
	return result;
}

/* What compresses best depends on the picture. Against no filter and level 6, which are libvips' and libspng's defaults,
 * photos (0.05 of their pixels equal the one before) took 0.75 of the time and 0.77 of the bytes; drawings with soft
 * edges (0.3 to 0.8) as much time and 0.9 of the bytes; screenshots and flat logos have no use for a filter.
 */
static int
save_png(VipsImage *in, const PresizeEncode *how, void **buf, size_t *len)
{
	int filter = VIPS_FOREIGN_PNG_FILTER_NONE, level = 6;
	Content content;

	if (look_at(in, STEP, &content))
		return -1;
	if (content.even < 0.3) {
		filter = VIPS_FOREIGN_PNG_FILTER_AVG;
		level = 3;
	}
	else if (content.even < 0.8) {
		filter = VIPS_FOREIGN_PNG_FILTER_UP;
		level = 5;
	}
	return vips_pngsave_buffer(in, buf, len, "compression", how->effort < 0 ? level : how->effort, "filter", filter,
		"interlace", how->progressive, METADATA, profile(how), "srgb", NULL);
}

/* At effort 6 and full alpha quality libwebp tries every way to compress the alpha channel: 400 to 1100 ms for 150 x 150
 * pixels, and for every frame of an animation, whose unchanged parts it makes transparent by itself. With alpha quality 99
 * it takes a hundredth of that for 0 to 11 % more bytes. It keeps 248 values of alpha then
 * (libwebp/src/enc/alpha_enc.c), which is all of them in nearly every picture; where it is not, effort 5 keeps them.
 */
static int
save_webp(VipsImage *in, int n, const PresizeEncode *how, void **buf, size_t *len)
{
	int effort = how->effort < 0 ? 4 : how->effort, alpha_quality = 100;

	if (effort == 6 && !how->lossless && (in->Bands == 4 || n > 1)) {
		Content content;

		if (look_at(in, 1, &content))
			return -1;
		if (content.transparencies < 248)
			alpha_quality = 99;
		else
			effort = 5;
	}
	return vips_webpsave_buffer(in, buf, len, "Q", how->quality, "effort", effort, "alpha_q", alpha_quality, "lossless",
		how->lossless, "smart_subsample", how->chroma == VIPS_FOREIGN_SUBSAMPLE_OFF, METADATA, profile(how), "srgb", NULL);
}

/* An original's own palette serves frames that were not resized, and saves finding one. libvips takes 255 colours of it at
 * most, one of them clear.
 */
static int
save_gif(VipsImage *in, const PresizeEncode *how, void **buf, size_t *len)
{
	int colours = 0, *palette, reuse;

	reuse = how->whole && vips_image_get_typeof(in, "gif-palette") &&
		!vips_image_get_array_int(in, "gif-palette", &palette, &colours) && colours <= 254;
	return vips_gifsave_buffer(in, buf, len, "effort", how->effort < 0 ? (reuse ? 5 : 4) : how->effort, "dither", 0.0,
#ifdef HAS_KEEP
		"keep_duplicate_frames", TRUE,
#endif
		"reuse", reuse, METADATA, NULL);
}

static int
save(VipsImage *in, int n, const PresizeEncode *how, void **buf, size_t *len)
{
	switch (how->format) {
	case PRESIZE_JPEG:
		return vips_jpegsave_buffer(in, buf, len, "Q", how->quality, "optimize_coding", TRUE, "interlace",
			how->progressive, "subsample_mode", how->chroma, METADATA, profile(how), "srgb", NULL);
	case PRESIZE_PNG:
		return save_png(in, how, buf, len);
	case PRESIZE_WEBP:
		return save_webp(in, n, how, buf, len);
	case PRESIZE_AVIF:
		/* Effort 4, libvips' default, takes 5.4 times as long as 3 for 5 % fewer bytes at the same SSIM. */
		return vips_heifsave_buffer(in, buf, len, "compression", VIPS_FOREIGN_HEIF_COMPRESSION_AV1, "Q", how->quality,
			"effort", how->effort < 0 ? 3 : how->effort, "lossless", how->lossless, "subsample_mode", how->chroma,
			"bitdepth", 8, METADATA, profile(how), "srgb", NULL);
	case PRESIZE_GIF:
		return save_gif(in, how, buf, len);
	}
	vips_error("presize", "no encoder %d", how->format);
	return -1;
}

int
presize_encode(VipsImage **frames, int n, VipsImage *meta, const PresizeEncode *how, void **buf, size_t *len)
{
	VipsImage *joined;
	int result = -1;

	if (!join(frames, n, how, &joined)) {
		carry(joined, meta, n, how);
		result = save(joined, n, how, buf, len);
		g_object_unref(joined);
	}
	vips_thread_shutdown();
	return result;
}
