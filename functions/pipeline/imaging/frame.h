#ifndef PRESIZE_FRAME_H
#define PRESIZE_FRAME_H

#include "vips.h"

/* From a loader's image to a frame of the master: 8-bit sRGB with three bands, or four with alpha premultiplied,
 * upright, in memory. Where *coloured comes back FALSE, its colours are still those of its profile.
 */
int presize_frame(VipsImage *in, const PresizeDecode *how, VipsImage **out, int *coloured);

#endif
