// formats/jpeg-*: every kind of JPEG, and the oddities that must still render.
import sharp from "sharp";
import { adobeRgb, converter, linear, mute, proPhoto, separate } from "./lib/colour.mjs";
import { exif } from "./lib/exif.mjs";
import { cmykProfile, rgbProfile } from "./lib/icc.mjs";
import { exifSegment, iccSegment, insert, insertionPoint, segment, xmpSegment } from "./lib/jpeg.mjs";
import { still } from "./lib/out.mjs";
import { map, toSharp } from "./lib/pixels.mjs";
import { scene } from "./lib/scene.mjs";
import { run } from "./lib/tools.mjs";

const sample = { like: "formats/jpeg-444.jpg" };

export async function makeJpegs(table) {
  const image = await scene();
  const add = (name, bytes, note, more) => table.add(`formats/${name}.jpg`, bytes, still("jpeg", image, note, more));
  const save = (picture, options) =>
    toSharp(picture)
      .jpeg({ quality: 88, chromaSubsampling: "4:4:4", ...options })
      .toBuffer();
  const full = await save(image);

  add("jpeg-444", full, "baseline 4:4:4");
  add("jpeg-420", await save(image, { chromaSubsampling: "4:2:0" }), "baseline 4:2:0", sample);
  add("jpeg-422", withMagick(image, ["-sampling-factor", "2x1"]), "baseline 4:2:2", sample);
  add("jpeg-progressive", await save(image, { progressive: true, chromaSubsampling: "4:2:0" }), "progressive", sample);
  add(
    "jpeg-grey",
    await toSharp(image).greyscale().toColourspace("b-w").jpeg({ quality: 88 }).toBuffer(),
    "one component",
  );

  add(
    "jpeg-adobe-rgb",
    insert(await save(map(image, converter(adobeRgb))), iccSegment(rgbProfile(adobeRgb))),
    "Adobe RGB (1998)",
    sample,
  );
  add(
    "jpeg-prophoto",
    insert(await save(map(image, converter(proPhoto)), { quality: 95 }), iccSegment(rgbProfile(proPhoto))),
    "ProPhoto RGB",
    sample,
  );

  await cmyk(add, image, save);
  await oddities(add, image, full);
  add(
    "jpeg-ultra-hdr",
    await ultraHdr(image, full),
    "Ultra HDR: a gain map behind the picture; what shows is the picture",
    sample,
  );
}

function withMagick({ width, height, data }, options) {
  return run(
    "convert",
    ["-size", `${width}x${height}`, "-depth", "8", "rgb:in", "-quality", "88", ...options, "out.jpg"],
    { in: data },
    "out.jpg",
  );
}

// inkOf separates a picture into CMYK, full ink is 255.
export function inkOf(image) {
  const seen = new Map();
  return map(
    image,
    ([r, g, b]) => {
      const key = (r << 16) | (g << 8) | b;
      if (!seen.has(key))
        seen.set(
          key,
          separate([linear[r], linear[g], linear[b]]).map((v) => Math.round(v * 255)),
        );
      return seen.get(key);
    },
    4,
  );
}

async function cmyk(add, image, save) {
  const muted = map(image, mute);
  const ink = inkOf(muted);
  const like = { like: "formats/jpeg-muted.jpg" };
  add("jpeg-muted", await save(muted), "the scene in colours that print can show: what the CMYK files look like");

  // sharp writes plain CMYK from a CMYK TIFF, ImageMagick writes YCCK; both put Adobe's marker and invert the inks.
  const size = ["-size", `${image.width}x${image.height}`, "-depth", "8"];
  const tiff = run("convert", [...size, "cmyk:in", "out.tif"], { in: ink.data }, "out.tif");
  const plain = await sharp(tiff).pipelineColourspace("cmyk").toColourspace("cmyk").jpeg({ quality: 88 }).toBuffer();
  add(
    "jpeg-cmyk-profile",
    insert(plain, iccSegment(cmykProfile())),
    "CMYK as Adobe stores it (inverted), with a profile",
    like,
  );
  add("jpeg-cmyk", plain, "CMYK (inverted), no profile: colours by the renderer's own idea of print");
  add(
    "jpeg-ycck",
    run(
      "convert",
      [...size, "cmyk:in", "-quality", "92", "-sampling-factor", "1x1", "out.jpg"],
      { in: ink.data },
      "out.jpg",
    ),
    "YCCK as Photoshop stores it, no profile",
    { like: "formats/jpeg-cmyk.jpg" },
  );
}

async function oddities(add, image, full) {
  const broken = rgbProfile(adobeRgb);
  broken.fill(0xaa, 128);
  add("odd-corrupt-profile", insert(full, iccSegment(broken)), "an ICC profile that is noise: ignored", sample);
  add(
    "odd-trailing-script",
    Buffer.concat([full, Buffer.from("\n<script>alert('still here')</script>\n".repeat(40))]),
    "a script behind the end: must not reach a variant",
    sample,
  );
  add(
    "odd-comment-script",
    insert(full, segment(0xfe, "<script>alert('still here')</script>")),
    "a script in the comment: must not reach a variant",
    sample,
  );

  const truncatedExif = exif({ make: "Presize", orientation: 1 });
  truncatedExif.writeUInt32LE(0x7fffffff, 4);
  add(
    "odd-broken-exif",
    insert(full, exifSegment(truncatedExif)),
    "EXIF whose first offset points nowhere: ignored",
    sample,
  );
}

// Ultra HDR as Android writes it: the picture, then a gain map, told apart by XMP and found by an MPF index.
async function ultraHdr(image, base) {
  const quarter = await toSharp(image)
    .resize(image.width / 4)
    .raw()
    .toBuffer();
  const gain = Buffer.alloc(quarter.length / 3);
  for (let i = 0; i < gain.length; i++)
    gain[i] = Math.max(0, Math.min(quarter[3 * i], quarter[3 * i + 1], quarter[3 * i + 2]) - 128) * 2;
  const rdf = (attributes, inner = "") =>
    `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
    `<rdf:Description xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" xmlns:Container="http://ns.google.com/photos/1.0/container/" ` +
    `xmlns:Item="http://ns.google.com/photos/1.0/container/item/" hdrgm:Version="1.0"${attributes}>${inner}</rdf:Description></rdf:RDF></x:xmpmeta>`;
  const small = await toSharp({ width: image.width / 4, height: image.height / 4, channels: 1, data: gain })
    .toColourspace("b-w")
    .jpeg({ quality: 80 })
    .toBuffer();
  const map = insert(
    small,
    xmpSegment(
      rdf(
        ` hdrgm:GainMapMin="0" hdrgm:GainMapMax="2" hdrgm:Gamma="1" hdrgm:OffsetSDR="0.015625"` +
          ` hdrgm:OffsetHDR="0.015625" hdrgm:HDRCapacityMin="0" hdrgm:HDRCapacityMax="2" hdrgm:BaseRenditionIsHDR="False"`,
      ),
    ),
  );
  const listed = (semantic, length) =>
    `<rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="${semantic}" Item:Mime="image/jpeg"${length}/></rdf:li>`;
  const xmp = xmpSegment(
    rdf(
      "",
      `<Container:Directory><rdf:Seq>${listed("Primary", "")}${listed("GainMap", ` Item:Length="${map.length}"`)}</rdf:Seq></Container:Directory>`,
    ),
  );

  const index = (primary, offset) => {
    const b = Buffer.alloc(82);
    b.write("MM\0*\0\0\0\x08", 0, "latin1");
    b.writeUInt16BE(3, 8);
    const entry = (at, tag, type, count, value) => {
      b.writeUInt16BE(tag, at);
      b.writeUInt16BE(type, at + 2);
      b.writeUInt32BE(count, at + 4);
      value(at + 8);
    };
    entry(10, 0xb000, 7, 4, (at) => b.write("0100", at));
    entry(22, 0xb001, 4, 1, (at) => b.writeUInt32BE(2, at));
    entry(34, 0xb002, 7, 32, (at) => b.writeUInt32BE(50, at));
    b.writeUInt32BE(0x030000, 50);
    b.writeUInt32BE(primary, 54);
    b.writeUInt32BE(map.length, 70);
    b.writeUInt32BE(offset, 74);
    return segment(0xe2, "MPF\0", b);
  };
  const length = index(0, 0).length + xmp.length + base.length;
  const start = insertionPoint(base) + xmp.length + 8; // where the index's own offsets count from: its "MM"
  return Buffer.concat([insert(base, xmp, index(length, length - start)), map]);
}
