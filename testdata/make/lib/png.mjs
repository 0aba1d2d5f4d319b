// PNG chunk by chunk, so that bit depth, colour type, palette, tRNS and interlacing are exactly what the file name says.
import { crc32, deflateSync } from "node:zlib";

export const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

export function chunk(type, body = Buffer.alloc(0)) {
  const typed = Buffer.concat([Buffer.from(type), body]);
  const out = Buffer.alloc(8 + typed.length);
  out.writeUInt32BE(body.length, 0);
  typed.copy(out, 4);
  out.writeUInt32BE(crc32(typed), 4 + typed.length);
  return out;
}

export function header(width, height, depth, colour, interlace = 0) {
  const body = Buffer.alloc(13);
  body.writeUInt32BE(width, 0);
  body.writeUInt32BE(height, 4);
  body.set([depth, colour, 0, 0, interlace], 8);
  return chunk("IHDR", body);
}

export const colourTypes = { grey: 0, rgb: 2, palette: 3, "grey-alpha": 4, rgba: 6 };
const samplesOf = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];

// rows packs samples (numbers up to 2^depth - 1, all of one row after another) into filtered scanlines.
function rows(samples, width, height, perPixel, depth) {
  if (!width || !height) return Buffer.alloc(0);
  const stride = Math.ceil((width * perPixel * depth) / 8);
  const step = Math.max(1, (perPixel * depth) >> 3);
  const out = Buffer.alloc(height * (stride + 1));
  let above = Buffer.alloc(stride);
  for (let y = 0; y < height; y++) {
    const line = Buffer.alloc(stride);
    for (let i = 0; i < width * perPixel; i++) {
      const v = samples[y * width * perPixel + i];
      if (depth === 16) line.writeUInt16BE(v, 2 * i);
      else if (depth === 8) line[i] = v;
      else line[(i * depth) >> 3] |= v << (8 - depth - ((i * depth) & 7));
    }
    const at = y * (stride + 1);
    out[at] = depth < 8 ? 0 : 4;
    for (let i = 0; i < stride; i++)
      out[at + 1 + i] = depth < 8 ? line[i] : line[i] - paeth(line[i - step], above[i], above[i - step]);
    above = line;
  }
  return out;
}
function paeth(left = 0, up = 0, corner = 0) {
  const p = left + up - corner;
  const [a, b, c] = [Math.abs(p - left), Math.abs(p - up), Math.abs(p - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

// png({ width, height, colour, depth, samples, palette, transparent, interlaced, before }): `palette` is a list of
// [r, g, b], `transparent` the body of tRNS, `before` further chunks ahead of the pixels.
export function png({ width, height, colour, depth, samples, palette, transparent, interlaced, before = [] }) {
  const type = colourTypes[colour];
  const perPixel = samplesOf[type];
  let raw;
  if (!interlaced) raw = rows(samples, width, height, perPixel, depth);
  else {
    raw = Buffer.concat(
      passes.map(([x0, y0, dx, dy]) => {
        const part = [];
        for (let y = y0; y < height; y += dy) {
          for (let x = x0; x < width; x += dx)
            for (let c = 0; c < perPixel; c++) part.push(samples[(y * width + x) * perPixel + c]);
        }
        return rows(part, Math.ceil((width - x0) / dx), Math.ceil((height - y0) / dy), perPixel, depth);
      }),
    );
  }
  const parts = [signature, header(width, height, depth, type, interlaced ? 1 : 0), ...before];
  if (palette) parts.push(chunk("PLTE", Buffer.from(palette.flat())));
  if (transparent) parts.push(chunk("tRNS", Buffer.from(transparent)));
  return Buffer.concat([...parts, chunk("IDAT", deflateSync(raw, { level: 9 })), chunk("IEND")]);
}
