#include <string.h>
#include "vips.h"

/* The loader is blocked but for the moment in which a drawing that was checked is opened. */
static int
load_svg(void *buf, size_t len, double scale, VipsFailOn fail_on, VipsImage **out)
{
	static GMutex gate;
	int result;

	g_mutex_lock(&gate);
	vips_operation_block_set("VipsForeignLoadSvg", FALSE);
	result = vips_svgload_buffer(buf, len, out, "scale", scale, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", fail_on, NULL);
	vips_operation_block_set("VipsForeignLoadSvg", TRUE);
	g_mutex_unlock(&gate);
	return result;
}

/* Every type has its one loader, so that nothing is left to what libvips makes of the bytes. */
int
presize_load(const void *data, size_t len, const PresizeDecode *how, VipsImage **out)
{
	void *buf = (void *) data;
	VipsFailOn fail_on = how->strict ? VIPS_FAIL_ON_WARNING : VIPS_FAIL_ON_ERROR;

#define SEQUENTIAL "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", fail_on
	switch (how->type) {
	case PRESIZE_JPEG:
		return vips_jpegload_buffer(buf, len, out, "shrink", how->shrink, SEQUENTIAL, NULL);
	case PRESIZE_PNG:
		return vips_pngload_buffer(buf, len, out, SEQUENTIAL, NULL);
	case PRESIZE_WEBP:
		return vips_webpload_buffer(buf, len, out, "scale", how->scale, "n", how->frames, SEQUENTIAL, NULL);
	case PRESIZE_AVIF:
		return vips_heifload_buffer(buf, len, out, SEQUENTIAL, NULL);
	case PRESIZE_GIF:
		return vips_gifload_buffer(buf, len, out, "n", how->frames, SEQUENTIAL, NULL);
	case PRESIZE_TIFF:
		return vips_tiffload_buffer(buf, len, out, SEQUENTIAL, NULL);
	case PRESIZE_SVG:
		return load_svg(buf, len, how->scale, fail_on, out);
	}
	vips_error("presize", "no loader %d", how->type);
	return -1;
}

/* libjpeg only warns of broken data, and fills what it cannot read with grey or worse: for a JPEG a warning is a
 * failure. But it also warns of bytes too many before a marker, which some phones write and which show nowhere. It tells
 * the two apart by text alone.
 */
int
presize_only_extraneous(void)
{
	const char *line = strstr(vips_error_buffer(), "Corrupt JPEG data:");
	int found = 0;

	for (; line; line = strstr(line + 1, "Corrupt JPEG data:")) {
		const char *end = strchr(line, '\n'), *tells = strstr(line, "extraneous bytes before marker");

		if (!tells || (end && tells > end))
			return 0;
		found = 1;
	}
	return found && !strstr(vips_error_buffer(), "remature end of JPEG");
}
