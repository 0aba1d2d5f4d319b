#ifndef PRESIZE_VIPS_H
#define PRESIZE_VIPS_H

#include <vips/vips.h>

/* Every function here returns 0, or -1 with libvips' own text in its error buffer, and leaves no buffer behind that
 * belongs to the calling thread. What comes back through an argument is the caller's to unref or g_free.
 */

/* What a header says. Width and height are pixels as stored, of one frame. */
typedef struct {
	int width;
	int height;
	int frames;
	int orientation;
	int alpha;
	int grey;
	int profile; /* an embedded ICC profile that fits the pixels */
} PresizeHeader;

/* How pixels are decoded. Width and height are the master's, upright. */
typedef struct {
	int type; /* PRESIZE_JPEG... */
	int width;
	int height;
	int frames;			 /* > 1: an animation, every frame of it */
	int strict;			 /* a warning is a failure */
	int ahead;			 /* read in a thread of its own */
	int shrink;			 /* JPEG: 1, 2, 4 or 8, done while decoding */
	double scale;		 /* WebP and SVG: done while decoding */
	int to_srgb;		 /* transform from the embedded profile, or from `profile` */
	const char *profile; /* the profile of pixels that carry none, or NULL */
} PresizeDecode;

/* A reduction to width x height, and the part of it that is wanted. Pixels of the image as stored. */
typedef struct {
	int width, height;
	int left, top, crop_width, crop_height;
} PresizeArea;

static inline PresizeArea
presize_all_of(int width, int height)
{
	return (PresizeArea) { width, height, 0, 0, width, height };
}

/* How frames are padded, encoded and what they carry. */
typedef struct {
	int format; /* PRESIZE_JPEG... */
	int quality;
	int effort; /* < 0: the encoder's default */
	int lossless;
	int progressive;
	int chroma; /* VipsForeignSubsample */
	int metadata; /* PRESIZE_KEEP_... */
	const char *artist, *copyright; /* for PRESIZE_KEEP_COPYRIGHT; NULL for none */
	int grey;	  /* the three bands are the same */
	int whole;	  /* the pixels are the original's own */
	int pad_left, pad_top, pad_width, pad_height; /* pad_width 0: no padding */
	int flatten; /* the background is opaque */
	double background[4]; /* straight RGBA, 0 to 255 */
} PresizeEncode;

enum { PRESIZE_JPEG = 1, PRESIZE_PNG, PRESIZE_WEBP, PRESIZE_AVIF, PRESIZE_GIF, PRESIZE_TIFF, PRESIZE_SVG };
enum { PRESIZE_PREMULTIPLY = 1, PRESIZE_AHEAD = 2 }; /* of presize_reduce_area */
enum { PRESIZE_KEEP_NONE = 0, PRESIZE_KEEP_COPYRIGHT, PRESIZE_KEEP_ICC, PRESIZE_KEEP_ALL };

int presize_start(void);
int presize_load(const void *buf, size_t len, const PresizeDecode *how, VipsImage **out);
int presize_probe(const void *buf, size_t len, int type, PresizeHeader *header);
int presize_decode(const void *buf, size_t len, const PresizeDecode *how, VipsImage **frames, int *coloured);
int presize_only_extraneous(void);

/* An upright original of three bands, whose master is given to one encoder line by line and never stands in memory whole;
 * meanwhile a smaller image is reduced from it. What the arguments point to must stay until the stream is closed. NULL where
 * it is not to be had.
 */
typedef struct PresizeStream PresizeStream;
PresizeStream *presize_stream_open(const void *buf, size_t len, const PresizeDecode *how, int level_width, int level_height);
VipsImage *presize_stream_image(PresizeStream *stream); /* the master, to be read once, from top to bottom */
void presize_stream_colour(PresizeStream *stream, const gint32 *shares, const unsigned char *curve, int steps);
int presize_stream_close(PresizeStream *stream, VipsImage **level); /* fails unless all was read, down to the last row */

int presize_from_pixels(const void *pixels, size_t len, int width, int height, int bands, int orientation,
	const void *icc, size_t icc_len, const void *exif, size_t exif_len, const PresizeDecode *how, VipsImage **frame,
	int *coloured);
int presize_profile(VipsImage *image, const char *fallback, void **profile, size_t *len);
int presize_to_srgb(VipsImage *in, const char *fallback, VipsImage **out);
#define PRESIZE_FINE 10 /* bits */
void presize_apply_shares(unsigned char *pixels, size_t count, const gint32 *shares, const unsigned char *curve, int steps);
int presize_to_tiff(VipsImage *in, void **buf, size_t *len);
int presize_from_tiff(const void *buf, size_t len, VipsImage **out);
int presize_exif(VipsImage *image, const void **exif, size_t *len);
int presize_set_exif(VipsImage *image, const void *exif, size_t len);
int presize_drop_opaque(VipsImage **frames, int n);
/* An image in memory, to be filled, with the metadata of `in`; NULL where there is no memory for it. */
VipsImage *presize_like(VipsImage *in, int width, int height, int bands);
int presize_can_reduce(VipsImage *in, int width, int height);
int presize_reduce_area(VipsImage *in, const PresizeArea *area, int orientation, int flags, VipsImage **out);
int presize_shrink(VipsImage *in, const PresizeArea *area, VipsImage **out);
int presize_enlarge(VipsImage *in, const PresizeArea *area, VipsImage **out);
int presize_reduce(VipsImage *in, int width, int height, VipsImage **out);
int presize_blur(VipsImage *in, double sigma, VipsImage **out);
int presize_encode(VipsImage **frames, int n, VipsImage *meta, const PresizeEncode *how, void **buf, size_t *len);
void presize_ref(VipsImage *image);
void presize_unref(VipsImage *image);

#endif
