// Makes everything in testdata/originals, testdata/svg and testdata/bad, and the tables that say what must come of it.
//
//   npm install && npm run make                      the made pictures
//   npm run make -- --skimage DIR --lomiri DIR       the photographs too; see testdata/README.md
//   npm run make -- --gif-frames 100000 FILE         only a GIF of so many frames, for tests
//
// The results differ by a few bytes from one version of the tools to the next; what they show does not.
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { makeBad } from "./bad.mjs";
import { makeAnimated } from "./formats-animated.mjs";
import { makeJpegs } from "./formats-jpeg.mjs";
import { makeOthers } from "./formats-others.mjs";
import { makePngs } from "./formats-png.mjs";
import { manyFrames } from "./lib/gif.mjs";
import { Table } from "./lib/out.mjs";
import { makeLogos } from "./logos.mjs";
import { makePhones } from "./phones.mjs";
import { makePhotos } from "./photos.mjs";
import { makeSvgs } from "./svg.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { skimage: { type: "string" }, lomiri: { type: "string" }, "gif-frames": { type: "string" } },
});

if (values["gif-frames"]) {
  writeFileSync(positionals[0], manyFrames(Number(values["gif-frames"])));
} else {
  const originals = new Table("originals");
  await makePhotos(originals, values);
  await makePhones(originals);
  await makeJpegs(originals);
  await makePngs(originals);
  await makeAnimated(originals);
  await makeOthers(originals);
  await makeLogos(originals);
  originals.save("originals.json");

  const svgs = new Table("svg");
  await makeSvgs(svgs);
  svgs.save("svg.json");

  const bad = new Table("bad");
  await makeBad(bad);
  bad.save("bad.json");
}
