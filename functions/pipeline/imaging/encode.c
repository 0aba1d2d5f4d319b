#include "encode.h"

static int
join(VipsImage **frames, int n, const PresizeEncode *how, VipsImage **out)
{
	VipsImage *base = vips_image_new();
	VipsImage **t = (VipsImage **) vips_object_local_array(VIPS_OBJECT(base), n + 1);
	int i, result = -1;

	for (i = 0; i < n; i++)
		if (presize_finish(frames[i], how, &t[i]))
			goto done;
	if (n == 1)
		result = vips_copy(t[0], out, NULL);
	else if (!vips_arrayjoin(t, &t[n], n, "across", 1, NULL))
		result = vips_copy(t[n], out, NULL);
done:
	g_object_unref(base);
	return result;
}

int
presize_encode(VipsImage **frames, int n, VipsImage *meta, const PresizeEncode *how, void **buf, size_t *len)
{
	VipsImage *joined;
	int result = -1;

	if (!join(frames, n, how, &joined)) {
		presize_carry(joined, meta, n, how);
		result = presize_save(joined, n, how, buf, len);
		g_object_unref(joined);
	}
	vips_thread_shutdown();
	return result;
}
