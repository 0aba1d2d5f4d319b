// formats/: still WebP, AVIF and TIFF.
import sharp from "sharp";
import { inkOf } from "./formats-jpeg.mjs";
import { mute } from "./lib/colour.mjs";
import { exif } from "./lib/exif.mjs";
import { cmykProfile } from "./lib/icc.mjs";
import { still } from "./lib/out.mjs";
import { map, rasterise, storeAs, toSharp } from "./lib/pixels.mjs";
import { scene, sceneSvg } from "./lib/scene.mjs";
import { run } from "./lib/tools.mjs";

const size = { width: 480, height: 360 };
const sample = { like: "formats/png-rgb.png" };
const clear = { alpha: true, like: "formats/png-rgba.png" };

export async function makeOthers(table) {
  const image = await scene(size.width, size.height);
  const oval = await rasterise(
    `<svg xmlns="http://www.w3.org/2000/svg" width="480" height="360" viewBox="0 0 480 360">
<clipPath id="c"><ellipse cx="240" cy="180" rx="230" ry="170"/></clipPath><g clip-path="url(#c)">${sceneSvg(480, 360)}</g></svg>`,
    4,
  );
  const png = await toSharp(image).png().toBuffer();
  const ovalPng = await toSharp(oval).png().toBuffer();
  const add = (type, extension) => (name, bytes, note, more) =>
    table.add(`formats/${name}.${extension}`, bytes, still(type, size, note, more));

  const webp = add("webp", "webp");
  webp("webp-lossy", await sharp(png).webp({ quality: 85 }).toBuffer(), "lossy", sample);
  webp("webp-lossless", await sharp(png).webp({ lossless: true, effort: 6 }).toBuffer(), "lossless", sample);
  webp("webp-lossy-alpha", await sharp(ovalPng).webp({ quality: 85 }).toBuffer(), "lossy with alpha", clear);
  webp(
    "webp-lossless-alpha",
    await sharp(ovalPng).webp({ lossless: true, effort: 6 }).toBuffer(),
    "lossless with alpha",
    clear,
  );
  webp(
    "webp-orientation-6",
    run(
      "webpmux",
      ["-set", "exif", "in.exif", "in.webp", "-o", "out.webp"],
      {
        "in.webp": await toSharp(storeAs(6, image)).webp({ quality: 85 }).toBuffer(),
        "in.exif": exif({ make: "Presize", orientation: 6 }),
      },
      "out.webp",
    ),
    "EXIF orientation 6",
    sample,
  );

  await avif(add("avif", "avif"), image, png, ovalPng);
  await tiff(table, add("tiff", "tif"), image, png);
}

async function avif(add, image, png, ovalPng) {
  const enc = (input, ...options) =>
    run(
      "avifenc",
      ["-s", "4", "--min", "15", "--max", "30", ...options, "in.png", "out.avif"],
      { "in.png": input },
      "out.avif",
    );
  add("avif-8-bit", await sharp(png).avif({ quality: 70, chromaSubsampling: "4:2:0" }).toBuffer(), "8 bits", sample);
  add("avif-10-bit", enc(png, "-d", "10", "-y", "444"), "10 bits, 4:4:4", sample);
  add("avif-alpha", await sharp(ovalPng).avif({ quality: 70 }).toBuffer(), "with alpha", clear);
  add(
    "avif-irot",
    enc(await toSharp(storeAs(6, image)).png().toBuffer(), "-y", "420", "--irot", "3"),
    "stored sideways, turned by irot",
    sample,
  );
}

async function tiff(table, add, image, png) {
  const save = (options) => sharp(png).tiff(options).toBuffer();
  add("tiff-rgb", await save({ compression: "none", tile: false }), "RGB, not compressed", sample);
  add("tiff-lzw", await save({ compression: "lzw", predictor: "horizontal" }), "RGB, LZW with predictor", sample);
  add(
    "tiff-deflate-tiled",
    await save({ compression: "deflate", tile: true, tileWidth: 128, tileHeight: 128 }),
    "RGB, deflate, in tiles",
    sample,
  );
  const fax = await sharp(png).greyscale().threshold(128).png({ palette: true, colours: 2 }).toBuffer();
  add(
    "tiff-fax",
    run("convert", ["in.png", "-monochrome", "-compress", "Group4", "out.tif"], { "in.png": fax }, "out.tif"),
    "black and white, fax group 4, as scanners write",
  );
  add(
    "tiff-big-endian-orientation-6",
    run(
      "convert",
      [
        "-size",
        "360x480",
        "-depth",
        "8",
        "rgb:in",
        "-orient",
        "RightTop",
        "-endian",
        "MSB",
        "-compress",
        "LZW",
        "out.tif",
      ],
      { in: storeAs(6, image).data },
      "out.tif",
    ),
    "big-endian, orientation tag 6",
    sample,
  );

  const deep = Buffer.alloc(size.width * size.height * 6);
  for (let i = 0; i < size.width * size.height; i++) {
    const [x, y] = [(i % size.width) / (size.width - 1), Math.floor(i / size.width) / (size.height - 1)];
    [x, y, x * y].forEach((v, c) => deep.writeUInt16LE(Math.round(v * 65535), 6 * i + 2 * c));
  }
  add(
    "tiff-16-bit",
    run(
      "convert",
      ["-size", "480x360", "-depth", "16", "-endian", "LSB", "rgb:in", "-compress", "Zip", "out.tif"],
      { in: deep },
      "out.tif",
    ),
    "RGB, 16 bits: ramps",
    { like: "formats/png-rgb-16-bit.png" },
  );

  const ink = inkOf(map(image, mute));
  add(
    "tiff-cmyk",
    run(
      "convert",
      ["-size", "480x360", "-depth", "8", "cmyk:in", "-profile", "p.icc", "-compress", "Zip", "out.tif"],
      { in: ink.data, "p.icc": cmykProfile() },
      "out.tif",
    ),
    "CMYK with a profile: jpeg-muted.jpg, smaller",
  );

  const second = await rasterise(
    `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="300"><rect width="200" height="300" fill="#c1121f"/></svg>`,
  );
  table.add(
    "formats/tiff-two-pages.tif",
    run(
      "convert",
      ["1.png", "2.png", "-compress", "Zip", "out.tif"],
      { "1.png": png, "2.png": await toSharp(second).png().toBuffer() },
      "out.tif",
    ),
    still("tiff", size, "two pages of different size: the first is the picture", { pages: 2, ...sample }),
  );
}
