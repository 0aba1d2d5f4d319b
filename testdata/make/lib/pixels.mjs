// Pictures in memory: { width, height, channels, data }, 8 bits per sample, rows from the top, sRGB.
import sharp from "sharp";

export async function rasterise(svg, channels = 3) {
  let image = sharp(Buffer.from(svg));
  image = channels === 3 ? image.flatten({ background: "#fff" }).removeAlpha() : image.ensureAlpha();
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: info.channels, data };
}

export async function decode(file) {
  const { data, info } = await sharp(file).toColourspace("srgb").raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: info.channels, data };
}

export function toSharp({ width, height, channels, data }) {
  return sharp(data, { raw: { width, height, channels } });
}

// map makes a new picture from f(samples of one pixel, x, y) -> samples of the new pixel.
export function map(image, f, channels = image.channels) {
  const data = Buffer.alloc(image.width * image.height * channels);
  for (let y = 0, i = 0, o = 0; y < image.height; y++) {
    for (let x = 0; x < image.width; x++, i += image.channels, o += channels) {
      const pixel = f(image.data.subarray(i, i + image.channels), x, y);
      for (let c = 0; c < channels; c++) data[o + c] = pixel[c];
    }
  }
  return { width: image.width, height: image.height, channels, data };
}

export function crop(image, left, top, width, height) {
  const data = Buffer.alloc(width * height * image.channels);
  for (let y = 0; y < height; y++) {
    if (top + y >= image.height) break;
    const from = ((top + y) * image.width + left) * image.channels;
    const length = Math.min(width, image.width - left) * image.channels;
    image.data.copy(data, y * width * image.channels, from, from + length);
  }
  return { width, height, channels: image.channels, data };
}

// The stored pixel (x, y) of a picture with EXIF orientation o shows the upright pixel storedFrom[o](x, y),
// where w and h are the upright width and height.
const storedFrom = {
  1: (x, y) => [x, y],
  2: (x, y, w) => [w - 1 - x, y],
  3: (x, y, w, h) => [w - 1 - x, h - 1 - y],
  4: (x, y, w, h) => [x, h - 1 - y],
  5: (x, y) => [y, x],
  6: (x, y, w) => [w - 1 - y, x],
  7: (x, y, w, h) => [w - 1 - y, h - 1 - x],
  8: (x, y, w, h) => [y, h - 1 - x],
};

// storeAs returns the pixels to store so that a reader that honours the EXIF orientation shows `upright`.
export function storeAs(orientation, upright) {
  const { width: w, height: h, channels } = upright;
  const [width, height] = orientation < 5 ? [w, h] : [h, w];
  const data = Buffer.alloc(width * height * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [ux, uy] = storedFrom[orientation](x, y, w, h);
      const from = (uy * w + ux) * channels;
      upright.data.copy(data, (y * width + x) * channels, from, from + channels);
    }
  }
  return { width, height, channels, data };
}
