// bad/: what must not come out as variants, each with the reason that log and metrics name.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { svgs } from "./bad-svg.mjs";
import { unsupported } from "./bad-unsupported.mjs";
import { chunk, header, png, signature } from "./lib/png.mjs";
import { segments, withSize } from "./lib/jpeg.mjs";
import { testdata } from "./lib/out.mjs";

const made = (file) => readFileSync(join(testdata, "originals", file));
const part = (bytes, share) => bytes.subarray(0, Math.floor(bytes.length * share));

export async function makeBad(table) {
  const add = (file, reason, bytes, note) => table.add(file, Buffer.from(bytes), { reason, note });
  await notImages(add);
  truncated(add);
  bombs(add);
  unsupported(add);
  svgs(add);
}

async function notImages(add) {
  add("empty.jpg", "empty", "", "no bytes at all");
  add("text.jpg", "not-an-image", "This is a text file.\nSomebody renamed it.\n", "text named .jpg");
  add(
    "page.png",
    "not-an-image",
    `<!doctype html>\n<html><body><svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/></body></html>\n`,
    "an HTML page that holds an SVG",
  );
  add("zeros.webp", "not-an-image", Buffer.alloc(4096), "zeros");
  add(
    "script.gif",
    "corrupt",
    "GIF89a/*  */=1;alert('a GIF header, a script behind it');\n",
    "GIF and JavaScript at once, no picture in it",
  );
}

function truncated(add) {
  const jpeg = made("formats/jpeg-420.jpg");
  const scan = segments(jpeg).at(-1).end;
  add(
    "truncated-scan.jpg",
    "corrupt",
    jpeg.subarray(0, scan + Math.floor((jpeg.length - scan) / 2)),
    "cut in the middle of the scan",
  );
  add(
    "truncated-progressive.jpg",
    "corrupt",
    part(made("formats/jpeg-progressive.jpg"), 0.5),
    "cut after some of the scans: shows blurred in a browser",
  );
  add("truncated-header.jpg", "corrupt", jpeg.subarray(0, segments(jpeg)[1].at + 20), "cut in a table of the header");
  add("truncated.png", "corrupt", part(made("formats/png-rgb.png"), 0.5), "cut in the pixels");
  add("truncated.webp", "corrupt", part(made("formats/webp-lossy.webp"), 0.5), "cut in the pixels");
  add("truncated.gif", "corrupt", part(made("formats/gif-still.gif"), 0.5), "cut in the pixels of the only frame");
  add(
    "truncated-animation.gif",
    "corrupt",
    part(made("formats/gif-animated.gif"), 0.5),
    "cut after some whole frames: libvips alone does not notice",
  );
  add("truncated.heic", "corrupt", part(made("phones/iphone.heic"), 0.5), "cut in the tiles");
  add("truncated.avif", "corrupt", part(made("formats/avif-8-bit.avif"), 0.5), "cut in the pixels");
  add("truncated.tif", "corrupt", part(made("formats/tiff-rgb.tif"), 0.2), "cut in the pixels");

  const wrong = Buffer.from(made("formats/png-rgb.png"));
  wrong[Math.floor(wrong.length / 2)] ^= 0xff;
  add("bad-checksum.png", "corrupt", wrong, "one byte of the pixels changed: the checksum is wrong");

  const wild = Buffer.from("II*\0\xf0\xff\xff\xff", "latin1");
  add(
    "wild-offset.tif",
    "corrupt",
    Buffer.concat([wild, Buffer.alloc(64)]),
    "the first directory lies 4 GB further on",
  );
}

function bombs(add) {
  add("30000x30000.png", "too-many-pixels", hugePng(30000), "valid, 900 megapixels of black, one bit each");
  add(
    "65535x65535.jpg",
    "too-many-pixels",
    withSize(made("formats/jpeg-420.jpg"), 65535, 65535),
    "4.3 gigapixels by its header, more than libjpeg opens",
  );
  add(
    "60000x60000.jpg",
    "too-many-pixels",
    withSize(made("formats/jpeg-420.jpg"), 60000, 60000),
    "3.6 gigapixels by its header",
  );
  const dot = { width: 8, height: 8, colour: "rgb", depth: 8, samples: Array(192).fill(200) };
  add(
    "bomb-ztxt.png",
    "too-large",
    png({ ...dot, before: [textBomb("zTXt", 1 << 30)] }),
    "a zTXt chunk of 1 MB that inflates to 1 GiB",
  );
  add(
    "bomb-itxt.png",
    "too-large",
    png({ ...dot, before: [textBomb("iTXt", 1 << 26)] }),
    "an iTXt chunk that inflates to 64 MiB",
  );
  add(
    "bomb-iccp.png",
    "too-large",
    png({ ...dot, before: [textBomb("iCCP", 1 << 26)] }),
    "an ICC profile that inflates to 64 MiB",
  );
}

// Deflate makes zeros about a thousand times shorter, and no more: 109 KB for these 112 MB.
function hugePng(side) {
  const rows = Buffer.alloc((Math.ceil(side / 8) + 1) * side);
  return Buffer.concat([
    signature,
    header(side, side, 1, 0),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND"),
  ]);
}

export function textBomb(type, inflated) {
  const body = deflateSync(Buffer.alloc(inflated, 0x41), { level: 9 });
  const before = { zTXt: "Comment\0\0", iTXt: "Comment\0\x01\0\0\0", iCCP: "profile\0\0" }[type];
  return chunk(type, Buffer.concat([Buffer.from(before, "latin1"), body]));
}
