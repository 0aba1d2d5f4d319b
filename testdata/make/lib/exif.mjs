// EXIF as a TIFF block, little-endian: the first directory, and GPS below it.

const ascii = (s) => ({ type: 2, count: s.length + 1, bytes: Buffer.from(s + "\0") });
const short = (v) => ({ type: 3, count: 1, bytes: u16(v) });
const long = (v) => ({ type: 4, count: 1, bytes: u32(v) });
const rationals = (...v) => ({
  type: 5,
  count: v.length,
  bytes: Buffer.concat(v.map(([n, d]) => Buffer.concat([u32(n), u32(d)]))),
});
function u16(v) {
  const b = Buffer.alloc(2);
  b.writeUInt16LE(v);
  return b;
}
function u32(v) {
  const b = Buffer.alloc(4);
  b.writeUInt32LE(v);
  return b;
}

function directory(entries, offset) {
  let free = offset + 2 + 12 * entries.length + 4;
  const rows = [];
  const values = [];
  for (const [tag, { type, count, bytes }] of entries.sort((a, b) => a[0] - b[0])) {
    if (bytes.length <= 4) {
      rows.push(Buffer.concat([u16(tag), u16(type), u32(count), bytes, Buffer.alloc(4 - bytes.length)]));
      continue;
    }
    const even = Buffer.concat([bytes, Buffer.alloc(bytes.length % 2)]);
    rows.push(Buffer.concat([u16(tag), u16(type), u32(count), u32(free)]));
    values.push(even);
    free += even.length;
  }
  return Buffer.concat([u16(entries.length), ...rows, u32(0), ...values]);
}

// exif({ orientation, make, model, artist, copyright, gps }) -> the TIFF block. gps: { latitude, longitude } as
// [degrees, minutes, seconds], north and east.
export function exif({ orientation, make, model, artist, copyright, gps }) {
  const first = [];
  if (make) first.push([0x010f, ascii(make)]);
  if (model) first.push([0x0110, ascii(model)]);
  if (orientation) first.push([0x0112, short(orientation)]);
  if (artist) first.push([0x013b, ascii(artist)]);
  if (copyright) first.push([0x8298, ascii(copyright)]);
  if (gps) first.push([0x8825, long(0)]);
  const header = Buffer.concat([Buffer.from("II*\0"), u32(8)]);
  if (!gps) return Buffer.concat([header, directory(first, 8)]);
  const gpsAt = 8 + directory(first, 8).length;
  first.find(([tag]) => tag === 0x8825)[1] = long(gpsAt);
  const dms = (v) => rationals(...v.map((x) => [Math.round(x * 100), 100]));
  const second = directory(
    [
      [0, { type: 1, count: 4, bytes: Buffer.from([2, 3, 0, 0]) }],
      [1, ascii("N")],
      [2, dms(gps.latitude)],
      [3, ascii("E")],
      [4, dms(gps.longitude)],
    ],
    gpsAt,
  );
  return Buffer.concat([header, directory(first, 8), second]);
}
