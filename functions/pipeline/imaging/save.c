#include "encode.h"

#if VIPS_MAJOR_VERSION > 8 || VIPS_MINOR_VERSION >= 15
#define HAS_KEEP 1
#endif

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

/* Colours: logos and screenshots have up to 600, where pictures that gain from a filter have 3,800 and more. */
#define FEW 1000

/* What compresses best depends on the picture. Against no filter and level 6, which are libvips' and libspng's defaults,
 * photos (0.05 of their pixels equal the one before) took 0.75 of the time and 0.77 of the bytes; drawings with soft
 * edges (0.3 to 0.8) as much time and 0.9 of the bytes; screenshots and flat logos, which have few colours, have no use for
 * a filter. In a single band it is not to be told.
 */
static int
save_png(VipsImage *in, const PresizeEncode *how, void **buf, size_t *len)
{
	int filter = VIPS_FOREIGN_PNG_FILTER_NONE, level = 6;
	Content content;

	if (presize_look_at(in, FALSE, &content))
		return -1;
	if (content.even < 0.3 && (in->Bands < 3 || content.colours >= FEW)) {
		filter = VIPS_FOREIGN_PNG_FILTER_AVG;
		level = 3;
	}
	else if (content.even < 0.8 && in->Bands >= 3 && content.colours >= FEW) {
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

		if (presize_look_at(in, TRUE, &content))
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
 * most, one of them clear; where it cannot be taken, effort 5 finds it again. Other frames get theirs at effort 3: against
 * libvips' default, 7 with dither, it took a fifth to a quarter of the time for as many bytes or fewer, and the SSIM of
 * three animations went from 0.9994, 0.9997 and 0.9969 to 0.9993, 0.9978 and 0.9963.
 */
static int
save_gif(VipsImage *in, const PresizeEncode *how, void **buf, size_t *len)
{
	int colours = 0, *palette, reuse;

	reuse = how->whole && vips_image_get_typeof(in, "gif-palette") &&
		!vips_image_get_array_int(in, "gif-palette", &palette, &colours) && colours <= 254;
	return vips_gifsave_buffer(in, buf, len, "effort", how->effort < 0 ? (how->whole ? 5 : 3) : how->effort, "dither", 0.0,
#ifdef HAS_KEEP
		"keep_duplicate_frames", TRUE,
#endif
		"reuse", reuse, METADATA, NULL);
}

/* Effort 4, libvips' default, takes 5.4 times as long as 3 for 5 % fewer bytes at the same SSIM.
 *
 * The AV1 encoder alone gains from threads of its own: two took 0.82 of the time of one for four variants side by side,
 * where every other pipeline became slower. It asks for libvips' number; that another image may see it, too, does no harm.
 */
static int
save_avif(VipsImage *in, const PresizeEncode *how, void **buf, size_t *len)
{
	int result;

	vips_concurrency_set((int) g_get_num_processors());
	result = vips_heifsave_buffer(in, buf, len, "compression", VIPS_FOREIGN_HEIF_COMPRESSION_AV1, "Q", how->quality,
		"effort", how->effort < 0 ? 3 : how->effort, "lossless", how->lossless, "subsample_mode", how->chroma, "bitdepth", 8,
		METADATA, profile(how), "srgb", NULL);
	vips_concurrency_set(1);
	return result;
}

int
presize_save(VipsImage *in, int n, const PresizeEncode *how, void **buf, size_t *len)
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
		return save_avif(in, how, buf, len);
	case PRESIZE_GIF:
		return save_gif(in, how, buf, len);
	}
	vips_error("presize", "no encoder %d", how->format);
	return -1;
}
