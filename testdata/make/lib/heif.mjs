// HEIF boxes (ISO/IEC 23008-12). heif-enc makes the HEVC; here its tiles are put together as an iPhone does: a grid of
// 512 x 512 tiles that is larger than the picture, one ICC profile, a rotation (irot), and an EXIF item.

const u16 = (...v) => {
  const b = Buffer.alloc(2 * v.length);
  v.forEach((x, i) => b.writeUInt16BE(x, 2 * i));
  return b;
};
const u32 = (...v) => {
  const b = Buffer.alloc(4 * v.length);
  v.forEach((x, i) => b.writeUInt32BE(x, 4 * i));
  return b;
};
const box = (type, ...parts) => {
  const body = Buffer.concat(parts);
  return Buffer.concat([u32(body.length + 8), Buffer.from(type), body]);
};
const full = (type, version, flags, ...parts) => box(type, u32((version << 24) | flags), ...parts);

// boxes lists { type, body } of what lies side by side in `bytes`.
export function boxes(bytes) {
  const found = [];
  for (let at = 0; at + 8 <= bytes.length;) {
    const size = bytes.readUInt32BE(at) || bytes.length - at;
    found.push({ type: bytes.toString("latin1", at + 4, at + 8), at, body: bytes.subarray(at + 8, at + size) });
    at += size;
  }
  return found;
}
const pick = (list, type) => list.find((b) => b.type === type)?.body;

// codedImage takes the decoder's configuration and the coded picture out of a HEIC with one item.
export function codedImage(heic) {
  const top = boxes(heic);
  const meta = boxes(pick(top, "meta").subarray(4));
  const properties = boxes(pick(boxes(pick(meta, "iprp")), "ipco"));
  return { hvcC: pick(properties, "hvcC"), data: pick(top, "mdat") };
}

// gridHeic({ tiles, columns, width, height, icc, quarterTurns, exif }): tiles are codedImage()s of tileSize squares, rows
// from the top; quarterTurns are anticlockwise, as irot counts them.
export function gridHeic({ tiles, tileSize, columns, width, height, icc, quarterTurns, exif }) {
  const rows = tiles.length / columns;
  const grid = tiles.length + 1;
  const exifItem = grid + 1;
  const tileIds = tiles.map((_, i) => i + 1);
  const item = (id, type, hidden) => full("infe", 2, hidden ? 1 : 0, u16(id, 0), Buffer.from(type + "\0"));
  const exifData = Buffer.concat([u32(6), Buffer.from("Exif\0\0"), exif]);
  const descriptor = Buffer.concat([Buffer.from([0, 0, rows - 1, columns - 1]), u16(width, height)]);

  const properties = [
    box("hvcC", tiles[0].hvcC),
    full("ispe", 0, 0, u32(tileSize, tileSize)),
    full("ispe", 0, 0, u32(width, height)),
    box("colr", Buffer.from("prof"), icc),
    full("pixi", 0, 0, Buffer.from([3, 8, 8, 8])),
    box("irot", Buffer.from([quarterTurns])),
  ];
  const essential = 0x80;
  const associations = [
    ...tileIds.map((id) => Buffer.concat([u16(id), Buffer.from([3, 1 | essential, 2, 4])])),
    Buffer.concat([u16(grid), Buffer.from([4, 3, 4, 5, 6 | essential])]),
  ];

  const location = (id, method, offset, length) => Buffer.concat([u16(id, method, 0, 1), u32(offset, length)]);
  const meta = (start) => {
    let at = start;
    const locations = tiles.map(({ data }, i) => {
      const l = location(tileIds[i], 0, at, data.length);
      at += data.length;
      return l;
    });
    locations.push(location(grid, 1, 0, descriptor.length), location(exifItem, 0, at, exifData.length));
    return full(
      "meta",
      0,
      0,
      full("hdlr", 0, 0, u32(0), Buffer.from("pict"), Buffer.alloc(13)),
      full("pitm", 0, 0, u16(grid)),
      full(
        "iinf",
        0,
        0,
        u16(tiles.length + 2),
        ...tileIds.map((id) => item(id, "hvc1", true)),
        item(grid, "grid"),
        item(exifItem, "Exif", true),
      ),
      full("iref", 0, 0, box("dimg", u16(grid, tiles.length, ...tileIds)), box("cdsc", u16(exifItem, 1, grid))),
      box("iprp", box("ipco", ...properties), full("ipma", 0, 0, u32(associations.length), ...associations)),
      full("iloc", 1, 0, Buffer.from([0x44, 0]), u16(locations.length), ...locations),
      box("idat", descriptor),
    );
  };
  const ftyp = box("ftyp", Buffer.from("heic"), u32(0), Buffer.from("mif1heic"));
  const start = ftyp.length + meta(0).length + 8;
  return Buffer.concat([ftyp, meta(start), box("mdat", ...tiles.map((t) => t.data), exifData)]);
}
