// Checks testdata/originals and testdata/svg against their tables with sharp, an independent reader: type by the bytes,
// upright size, frames, alpha, delays, loop; and that files said to be `like` another look like it.
//
//   npm run check
//
// HEIC is decoded by heif-convert first: sharp's libvips has no HEVC.
import { readFileSync } from "node:fs";
import { extname, join } from "node:path";
import sharp from "sharp";
import { testdata } from "./lib/out.mjs";
import { run } from "./lib/tools.mjs";

// The mean difference per sample (0..255) that two kinds of the same picture may have: lossy coding and a palette cost
// up to 3, an ignored profile 6 and more, a wrong orientation far more.
const tolerance = 5;

let failures = 0;
const fail = (file, text) => {
  failures++;
  console.error(`${file}: ${text}`);
};
const same = (file, what, want, got) => {
  if (JSON.stringify(want) !== JSON.stringify(got))
    fail(file, `${what} should be ${JSON.stringify(want)}, is ${JSON.stringify(got)}`);
};

// heif-convert turns the picture and keeps the EXIF that says it must still be turned: that EXIF goes.
async function readable(path) {
  const bytes = readFileSync(path);
  if (extname(path) !== ".heic") return bytes;
  return sharp(run("heif-convert", ["in.heic", "out.png"], { "in.heic": bytes }, "out.png"))
    .keepIccProfile()
    .png()
    .toBuffer();
}

async function facts(folder, entry) {
  const path = join(testdata, folder, entry.file);
  if (entry.type === "heic") same(entry.file, "brand", "heic", readFileSync(path).toString("latin1", 8, 12));
  const m = await sharp(await readable(path)).metadata();
  const height = m.pageHeight ?? m.height;
  const upright = m.orientation >= 5 ? [height, m.width] : [m.width, height];
  same(entry.file, "upright size", [entry.width, entry.height], upright);
  if (entry.type !== "heic") same(entry.file, "type", entry.type, m.compression === "av1" ? "avif" : m.format);
  same(entry.file, "alpha", entry.alpha, m.hasAlpha);
  if (!entry.pages) same(entry.file, "frames", entry.frames, m.pages ?? 1);
  same(entry.file, "delays", entry.delays_ms, entry.frames > 1 ? m.delay : undefined);
  same(entry.file, "loop", entry.loop, entry.frames > 1 ? m.loop : undefined);
}

// shown: every frame upright, in sRGB, on a grey ground.
async function shown(folder, file, pages) {
  const image = sharp(await readable(join(testdata, folder, file)), { pages })
    .autoOrient()
    .toColourspace("srgb")
    .flatten({ background: "#808080" });
  return await image.raw().toBuffer({ resolveWithObject: true });
}

async function alike(folder, entry) {
  const pages = entry.frames > 1 ? -1 : 1;
  const [a, b] = await Promise.all([shown(folder, entry.file, pages), shown(folder, entry.like, pages)]);
  same(entry.file, `bytes of pixels, like ${entry.like},`, b.data.length, a.data.length);
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) sum += Math.abs(a.data[i] - b.data[i]);
  const mean = sum / a.data.length;
  console.log(`${entry.file} differs from ${entry.like} by ${mean.toFixed(2)}`);
  if (!(mean <= tolerance)) fail(entry.file, `does not look like ${entry.like}: mean difference ${mean.toFixed(2)}`);
}

for (const folder of ["originals", "svg"]) {
  for (const entry of JSON.parse(readFileSync(join(testdata, `${folder}.json`)))) {
    try {
      await facts(folder, entry);
      if (entry.like) await alike(folder, entry);
    } catch (error) {
      fail(entry.file, error.message);
    }
  }
}
console.log(failures ? `${failures} differences` : "everything is as its table says");
process.exitCode = failures ? 1 : 0;
