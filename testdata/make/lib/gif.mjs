// GIF block by block, so that delays, disposal, partial frames and the loop count are exactly what the file name says.

const u16 = (v) => Buffer.from([v & 255, v >> 8]);

export const disposal = { none: 0, keep: 1, background: 2, previous: 3 };

// lzw compresses palette indices; `bits` is the palette's bit depth (2 to 8).
function lzw(indices, bits) {
  const out = [];
  const clear = 1 << bits;
  let size,
    table,
    next,
    buffer = 0,
    held = 0;
  const emit = (code) => {
    buffer |= code << held;
    for (held += size; held >= 8; held -= 8, buffer >>>= 8) out.push(buffer & 255);
  };
  const reset = () => {
    table = new Map();
    next = clear + 2;
    size = bits + 1;
  };
  reset();
  emit(clear);
  let prefix = indices[0];
  for (let i = 1; i < indices.length; i++) {
    const key = prefix * 256 + indices[i];
    if (table.has(key)) {
      prefix = table.get(key);
      continue;
    }
    emit(prefix);
    if (next === 4096) {
      emit(clear);
      reset();
    } else {
      if (next === 1 << size) size++;
      table.set(key, next++);
    }
    prefix = indices[i];
  }
  emit(prefix);
  emit(clear + 1);
  if (held) out.push(buffer & 255);
  return Buffer.from(out);
}

function subBlocks(bytes) {
  const parts = [];
  for (let i = 0; i < bytes.length; i += 255) {
    const part = bytes.subarray(i, i + 255);
    parts.push(Buffer.from([part.length]), part);
  }
  return Buffer.concat([...parts, Buffer.from([0])]);
}

// gif({ width, height, palette, loop, frames }): palette of [r, g, b]; loop is the number in the NETSCAPE block, none
// when undefined; a frame is { left, top, width, height, indices, delay (ms), disposal, transparent (index), interlaced }.
export function gif({ width, height, palette, loop, frames }) {
  const bits = Math.max(2, Math.ceil(Math.log2(palette.length)));
  const table = Buffer.alloc(3 * (1 << bits));
  Buffer.from(palette.flat()).copy(table);
  const parts = [Buffer.from("GIF89a"), u16(width), u16(height), Buffer.from([0x80 | 0x70 | (bits - 1), 0, 0]), table];
  if (loop !== undefined)
    parts.push(
      Buffer.from([0x21, 0xff, 11]),
      Buffer.from("NETSCAPE2.0"),
      Buffer.from([3, 1]),
      u16(loop),
      Buffer.from([0]),
    );
  for (const f of frames) {
    const w = f.width ?? width;
    const h = f.height ?? height;
    const hasTransparent = f.transparent !== undefined;
    parts.push(
      Buffer.from([0x21, 0xf9, 4, ((f.disposal ?? 0) << 2) | (hasTransparent ? 1 : 0)]),
      u16((f.delay ?? 0) / 10),
      Buffer.from([hasTransparent ? f.transparent : 0, 0]),
    );
    parts.push(
      Buffer.from([0x2c]),
      u16(f.left ?? 0),
      u16(f.top ?? 0),
      u16(w),
      u16(h),
      Buffer.from([f.interlaced ? 0x40 : 0, bits]),
    );
    parts.push(subBlocks(lzw(f.interlaced ? interlace(f.indices, w, h) : f.indices, bits)));
  }
  return Buffer.concat([...parts, Buffer.from([0x3b])]);
}

function interlace(indices, width, height) {
  const order = [
    [0, 8],
    [4, 8],
    [2, 4],
    [1, 2],
  ].flatMap(([from, step]) => {
    const rows = [];
    for (let y = from; y < height; y += step) rows.push(y);
    return rows;
  });
  return Buffer.concat(order.map((y) => Buffer.from(indices.subarray(y * width, (y + 1) * width))));
}

// manyFrames: `count` frames of one pixel, 15 bytes each. 100,000 of them are 1.5 MB, too much to keep in the repository.
export function manyFrames(count) {
  const head = Buffer.concat([
    Buffer.from("GIF89a"),
    u16(1),
    u16(1),
    Buffer.from([0x80, 0, 0]),
    Buffer.from([0, 0, 0, 255, 255, 255]),
  ]);
  const frame = Buffer.from([0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 0x01, 0]);
  return Buffer.concat([head, ...Array(count).fill(frame), Buffer.from([0x3b])]);
}
