#include "vips.h"

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
opaque(VipsImage *image)
{
	const unsigned char *p = VIPS_IMAGE_ADDR(image, 0, 0), *end = p + (size_t) image->Xsize * image->Ysize * 4;

	for (; p < end; p += 4)
		if (p[3] != 255)
			return 0;
	return 1;
}

static int
without_alpha(VipsImage **image)
{
	VipsImage *out = presize_like(*image, (*image)->Xsize, (*image)->Ysize, 3);
	size_t left = (size_t) (*image)->Xsize * (*image)->Ysize;
	const unsigned char *p = VIPS_IMAGE_ADDR(*image, 0, 0);
	unsigned char *q;

	if (!out)
		return -1;
	for (q = VIPS_IMAGE_ADDR(out, 0, 0); left > 0; left--, p += 4, q += 3) {
		q[0] = p[0];
		q[1] = p[1];
		q[2] = p[2];
	}
	g_object_unref(*image);
	*image = out;
	return 0;
}

/* An alpha band that hides nothing costs a third more everywhere and keeps a photo from being a JPEG. */
int
presize_drop_opaque(VipsImage **frames, int n)
{
	int i, yes = 1, result = 0;

	for (i = 0; i < n && yes; i++)
		yes = frames[i]->Bands != 4 || opaque(frames[i]);
	for (i = 0; i < n && yes && !result; i++)
		if (frames[i]->Bands == 4)
			result = without_alpha(&frames[i]);
	vips_thread_shutdown();
	return result;
}
