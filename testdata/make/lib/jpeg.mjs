// JPEG segments: read them, add some, change some. Pixels are left as they are.

export function segment(marker, ...parts) {
  const body = Buffer.concat(parts.map((p) => Buffer.from(p)));
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}

// segments lists { marker, at, end } up to and including the start of the first scan.
export function segments(jpeg) {
  const found = [];
  for (let at = 2; ;) {
    const marker = jpeg[at + 1];
    const end = at + 2 + jpeg.readUInt16BE(at + 2);
    found.push({ marker, at, end });
    if (marker === 0xda) return found;
    at = end;
  }
}

// insertionPoint is behind SOI, and behind APP0 when there is one.
export function insertionPoint(jpeg) {
  const first = segments(jpeg)[0];
  return first.marker === 0xe0 ? first.end : 2;
}

export function insert(jpeg, ...added) {
  const at = insertionPoint(jpeg);
  return Buffer.concat([jpeg.subarray(0, at), ...added, jpeg.subarray(at)]);
}

export const exifSegment = (tiff) => segment(0xe1, "Exif\0\0", tiff);
export const xmpSegment = (xmp) => segment(0xe1, "http://ns.adobe.com/xap/1.0/\0", xmp);
export const iccSegment = (icc) => segment(0xe2, "ICC_PROFILE\0", [1, 1], icc);

// withSize writes a width and height into the frame header, whatever the scan holds.
export function withSize(jpeg, width, height) {
  const out = Buffer.from(jpeg);
  const frame = segments(out).find(({ marker }) => marker >= 0xc0 && marker <= 0xc2);
  out.writeUInt16BE(height, frame.at + 5);
  out.writeUInt16BE(width, frame.at + 7);
  return out;
}
