// photos/: real photographs, public domain or CC0 (sources and licences: testdata/README.md), made smaller for the
// repository. Without the folders of the Debian packages the photos that stand there are left as they are.
import { join } from "node:path";
import sharp from "sharp";
import { still } from "./lib/out.mjs";

const photos = [
  { name: "astronaut", from: "skimage", source: "astronaut.png", width: 512, height: 512 },
  { name: "cat", from: "skimage", source: "chelsea.png", width: 451, height: 300 },
  { name: "coffee", from: "skimage", source: "coffee.png", width: 600, height: 400 },
  { name: "rocket", from: "skimage", source: "rocket.jpg", width: 640, height: 427 },
  {
    name: "dandelion",
    from: "lomiri",
    source: "seeding_by_Clements_Engelhardt.jpg",
    width: 3200,
    height: 1800,
    note: "larger than every preset",
  },
];

export async function makePhotos(table, { skimage, lomiri }) {
  const folders = { skimage, lomiri };
  for (const { name, from, source, width, height, note } of photos) {
    let bytes;
    if (folders[from]) {
      bytes = await sharp(join(folders[from], source)).resize(width).jpeg({ quality: 85, mozjpeg: false }).toBuffer();
    }
    table.add(`photos/${name}.jpg`, bytes, still("jpeg", { width, height }, note ?? "photograph"));
  }
}
