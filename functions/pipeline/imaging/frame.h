#ifndef PRESIZE_FRAME_H
#define PRESIZE_FRAME_H

#include "vips.h"

/* Whether presize_frame reduces an image itself. What is not 8-bit grey or RGB, or has alpha and a profile, is libvips' own
 * affair.
 */
int presize_is_ours(VipsImage *in, const PresizeDecode *how);

/* From a loader's image to a frame of the master: 8-bit sRGB with three bands, or four with alpha premultiplied,
 * upright, in memory. Where *coloured comes back FALSE, its colours are still those of its profile.
 */
int presize_frame(VipsImage *in, const PresizeDecode *how, VipsImage **out, int *coloured);

#endif
