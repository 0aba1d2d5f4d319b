// phones/: what phones upload. Everything here must come out upright and in sRGB.
import sharp from "sharp";
import { converter, displayP3 } from "./lib/colour.mjs";
import { exif } from "./lib/exif.mjs";
import { codedImage, gridHeic } from "./lib/heif.mjs";
import { rgbProfile } from "./lib/icc.mjs";
import { exifSegment, iccSegment, insert } from "./lib/jpeg.mjs";
import { still } from "./lib/out.mjs";
import { crop, map, storeAs, toSharp } from "./lib/pixels.mjs";
import { portrait, scene } from "./lib/scene.mjs";
import { run } from "./lib/tools.mjs";

const camera = { make: "Presize", model: "Test Phone" };
const jpeg = (image) => toSharp(image).jpeg({ quality: 90, chromaSubsampling: "4:2:0" }).toBuffer();
const toPng = (image) => toSharp(image).png().toBuffer();

export async function makePhones(table) {
  const upright = await scene();
  await orientations(table, upright);
  await profileAndPrivacy(table, upright);
  await heic(table, upright);
}

async function orientations(table, upright) {
  for (let o = 1; o <= 8; o++) {
    const bytes = insert(await jpeg(storeAs(o, upright)), exifSegment(exif({ ...camera, orientation: o })));
    table.add(
      `phones/orientation-${o}.jpg`,
      bytes,
      still("jpeg", upright, `EXIF orientation ${o}`, o > 1 ? { like: "phones/orientation-1.jpg" } : {}),
    );
  }
}

async function profileAndPrivacy(table, upright) {
  const inP3 = insert(await jpeg(map(upright, converter(displayP3))), iccSegment(rgbProfile(displayP3)));
  table.add(
    "phones/display-p3.jpg",
    inP3,
    still("jpeg", upright, "Display P3: pale when the profile is ignored", { like: "phones/orientation-1.jpg" }),
  );

  // The place is Null Island's neighbour at 1.5 N 2.5 E, in the sea: nobody's home.
  const secret = exif({
    ...camera,
    orientation: 6,
    artist: "Ada Example",
    copyright: "(c) 2024 Ada Example",
    gps: { latitude: [1, 30, 0], longitude: [2, 30, 0] },
  });
  table.add(
    "phones/gps-artist-copyright.jpg",
    insert(await jpeg(storeAs(6, upright)), exifSegment(secret)),
    still("jpeg", upright, "EXIF with GPS, Artist, Copyright and orientation 6", { like: "phones/orientation-1.jpg" }),
  );
}

async function heic(table, upright) {
  const encode = async (image) =>
    run("heif-enc", ["-q", "70", "in.png", "-o", "out.heic"], { "in.png": await toPng(image) }, "out.heic");
  table.add(
    "phones/plain.heic",
    await encode(upright),
    still("heic", upright, "HEIC, one item, no profile", { like: "phones/orientation-1.jpg" }),
  );

  // As an iPhone held upright stores it: the sensor's landscape in tiles, irot turns it; the EXIF says 6 as well, and a
  // reader that obeys both turns it twice.
  const held = await portrait(768, 1024);
  const sensor = map(storeAs(6, held), converter(displayP3));
  const tiles = [];
  for (let top = 0; top < sensor.height; top += 512) {
    for (let left = 0; left < sensor.width; left += 512)
      tiles.push(codedImage(await encode(crop(sensor, left, top, 512, 512))));
  }
  const bytes = gridHeic({
    tiles,
    tileSize: 512,
    columns: 2,
    width: sensor.width,
    height: sensor.height,
    icc: rgbProfile(displayP3),
    quarterTurns: 3,
    exif: exif({ ...camera, orientation: 6, gps: { latitude: [1, 30, 0], longitude: [2, 30, 0] } }),
  });
  table.add(
    "phones/iphone.heic",
    bytes,
    still(
      "heic",
      held,
      "HEIC as iPhones write it: grid of tiles, Display P3, irot, and an EXIF orientation to ignore",
      { like: "phones/iphone-as-jpeg.jpg" },
    ),
  );
  table.add(
    "phones/iphone-as-jpeg.jpg",
    await sharp(await toPng(held))
      .jpeg({ quality: 90 })
      .toBuffer(),
    still("jpeg", held, "what iphone.heic shows, upright, sRGB"),
  );
}
