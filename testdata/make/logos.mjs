// logos/: soft edges on transparency. The hidden colour of the clear pixels is the opposite of the logo's: a renderer
// that resizes straight alpha mixes it into the edge, and a ring shows.
import { still } from "./lib/out.mjs";
import { map, rasterise, toSharp } from "./lib/pixels.mjs";
import { letters } from "./lib/scene.mjs";

const size = { width: 900, height: 600 };

const drawing = (colour) => `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="600" viewBox="0 0 900 600">
<defs><filter id="soft" x="-20%" y="-20%" width="140%" height="140%"><feGaussianBlur stdDeviation="7"/></filter></defs>
<circle cx="450" cy="300" r="250" fill="none" stroke="${colour}" stroke-width="18" filter="url(#soft)" opacity=".5"/>
<circle cx="450" cy="300" r="250" fill="none" stroke="${colour}" stroke-width="12"/>
<g transform="translate(278 200) scale(2)" fill="${colour}">${letters}</g>
<path d="M450 60 L470 110 H430Z M450 540 L470 490 H430Z" fill="${colour}"/>
<g stroke="${colour}" stroke-width="1.5">${Array.from({ length: 72 }, (_, i) => {
  const a = (i * Math.PI) / 36;
  const p = (r) => `${(450 + r * Math.cos(a)).toFixed(2)} ${(300 + r * Math.sin(a)).toFixed(2)}`;
  return `<path d="M${p(262)} L${p(285)}"/>`;
}).join("")}</g></svg>`;

async function logo(colour, hidden) {
  const drawn = await rasterise(drawing(colour), 4);
  const rgb = [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
  return map(drawn, (p) => (p[3] === 0 ? [hidden, hidden, hidden, 0] : [...rgb, p[3]]));
}

export async function makeLogos(table) {
  const white = await logo("#ffffff", 0);
  const dark = await logo("#14213d", 255);
  const facts = (type, note) => still(type, size, note, { alpha: true });
  table.add(
    "logos/white.png",
    await toSharp(white).png({ compressionLevel: 9 }).toBuffer(),
    facts("png", "white on clear black: a dark ring when resized straight"),
  );
  table.add(
    "logos/dark.png",
    await toSharp(dark).png({ compressionLevel: 9 }).toBuffer(),
    facts("png", "dark on clear white: a pale ring when resized straight"),
  );
  table.add(
    "logos/white-on-clear.webp",
    await toSharp(white).webp({ lossless: true, exact: true, effort: 6 }).toBuffer(),
    facts("webp", "as white.png"),
  );
  table.add(
    "logos/dark-on-clear.webp",
    await toSharp(dark).webp({ lossless: true, exact: true, effort: 6 }).toBuffer(),
    facts("webp", "as dark.png"),
  );
}
