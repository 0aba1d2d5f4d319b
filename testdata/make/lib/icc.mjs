// ICC profiles, small ones of our own: matrix profiles (version 4) for RGB, a table profile (version 2) for CMYK.
import { d50, labToLinear, linearToLab, printed, separate } from "./colour.mjs";

const s15 = (v) => {
  const b = Buffer.alloc(4);
  b.writeInt32BE(Math.round(v * 65536));
  return b;
};
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
const typed = (type, ...parts) => Buffer.concat([Buffer.from(type), u32(0), ...parts]);

const xyz = (v) => typed("XYZ ", ...v.map(s15));
const text = (s) => typed("text", Buffer.from(s + "\0"));
function mluc(s) {
  const utf16 = Buffer.from(s, "utf16le").swap16();
  return typed("mluc", u32(1, 12), Buffer.from("enUS"), u32(utf16.length, 28), utf16);
}
function desc(s) {
  const ascii = Buffer.from(s + "\0");
  return typed("desc", u32(ascii.length), ascii, u32(0, 0), u16(0), Buffer.alloc(68));
}

function profile({ version, deviceClass, space, pcs }, tags) {
  const bodies = [];
  let offset = 128 + 4 + 12 * tags.length;
  const table = [u32(tags.length)];
  for (const [signature, body] of tags) {
    const padded = Buffer.concat([body, Buffer.alloc((4 - (body.length % 4)) % 4)]);
    table.push(Buffer.from(signature), u32(offset, body.length));
    bodies.push(padded);
    offset += padded.length;
  }
  const header = Buffer.alloc(128);
  header.writeUInt32BE(offset, 0);
  header.writeUInt32BE(version, 8);
  header.write(deviceClass + space + pcs, 12, "latin1");
  u16(2024, 1, 1, 0, 0, 0).copy(header, 24);
  header.write("acsp", 36);
  Buffer.concat(d50.map(s15)).copy(header, 68);
  return Buffer.concat([header, ...table, ...bodies]);
}

export function rgbProfile({ name, toXYZ, chad, curve }) {
  const trc =
    curve === "srgb"
      ? typed("para", u16(3, 0), ...[2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045].map(s15))
      : typed("para", u16(0, 0), s15(curve));
  const column = (i) => xyz(toXYZ.map((row) => row[i]));
  return profile({ version: 0x04300000, deviceClass: "mntr", space: "RGB ", pcs: "XYZ " }, [
    ["desc", mluc(name)],
    ["cprt", mluc("CC0, no rights reserved")],
    ["wtpt", xyz(d50)],
    ["chad", typed("sf32", ...chad.flat().map(s15))],
    ["rXYZ", column(0)],
    ["gXYZ", column(1)],
    ["bXYZ", column(2)],
    ["rTRC", trc],
    ["gTRC", trc],
    ["bTRC", trc],
  ]);
}

// A lut16 table: identity curves around a grid of `points` per input, f(inputs 0..1) -> outputs 0..65535.
function lut16(inputs, outputs, points, f) {
  const identity = u16(0, 65535);
  const grid = Buffer.alloc(2 * outputs * points ** inputs);
  for (let i = 0; i < points ** inputs; i++) {
    const at = Array.from(
      { length: inputs },
      (_, k) => (Math.floor(i / points ** (inputs - 1 - k)) % points) / (points - 1),
    );
    f(at).forEach((v, k) => grid.writeUInt16BE(Math.min(65535, Math.max(0, Math.round(v))), 2 * (i * outputs + k)));
  }
  return typed(
    "mft2",
    Buffer.from([inputs, outputs, points, 0]),
    ...[1, 0, 0, 0, 1, 0, 0, 0, 1].map(s15),
    u16(2, 2),
    ...Array(inputs).fill(identity),
    grid,
    ...Array(outputs).fill(identity),
  );
}

export function cmykProfile() {
  // Lab as version 2 writes it in 16 bits: L 0..100 is 0..0xff00, a and b have their zero at 0x8000.
  const toTable = ([L, a, b]) => [L * 652.8, (a + 128) * 256, (b + 128) * 256];
  const fromTable = (v) => [(v[0] * 65535) / 652.8, (v[1] * 65535) / 256 - 128, (v[2] * 65535) / 256 - 128];
  return profile({ version: 0x02400000, deviceClass: "prtr", space: "CMYK", pcs: "Lab " }, [
    ["desc", desc("Presize test print")],
    ["cprt", text("CC0, no rights reserved")],
    ["wtpt", xyz(d50)],
    ["A2B0", lut16(4, 3, 7, (ink) => toTable(linearToLab(printed(ink))))],
    [
      "B2A0",
      lut16(3, 4, 9, (lab) => separate(labToLinear(fromTable(lab)).map((v) => Math.min(1, v))).map((v) => v * 65535)),
    ],
  ]);
}
