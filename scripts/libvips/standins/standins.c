#include <vips/vips.h>

/* Printed libvips 7's live objects; bimg calls it for debugging only. */
void
im__print_all(void)
{
}

/* The prebuilt libvips has no ImageMagick loader. */
int
vips_magickload_buffer(void *buf, size_t len, VipsImage **out, ...)
{
	(void) buf;
	(void) len;
	*out = NULL;
	vips_error("magickload_buffer", "%s", "this libvips is built without ImageMagick");
	return -1;
}
