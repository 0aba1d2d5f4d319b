// The scene: a landscape that cannot be mistaken for its mirror image or its rotation. An arrow and the word UP point
// up; the corners are red (top left), green (top right), blue (bottom left) and yellow (bottom right). The letters are
// paths, so that no font of the machine matters. Drawn 640 x 480, rendered at any size.
import { rasterise } from "./pixels.mjs";

const sky = `<linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
  <stop offset="0" stop-color="#2f7fd6"/><stop offset=".55" stop-color="#ffd9a8"/></linearGradient>
<linearGradient id="hill" x1="0" y1="0" x2="1" y2="1">
  <stop offset="0" stop-color="#3fa34d"/><stop offset="1" stop-color="#0f5132"/></linearGradient>
<radialGradient id="sun"><stop offset=".3" stop-color="#fff6c8"/><stop offset=".45" stop-color="#ffcf3f"/>
  <stop offset="1" stop-color="#ffcf3f" stop-opacity="0"/></radialGradient>`;

const ground = `<rect width="640" height="480" fill="url(#sky)"/>
<circle cx="500" cy="150" r="120" fill="url(#sun)"/>
<path d="M0 300 L110 190 L190 270 L290 160 L420 300 L520 230 L640 320 V480 H0Z" fill="#7b6ba8"/>
<path d="M290 160 L258 195 L282 205 L296 192 L312 206 L330 203Z M110 190 L84 216 L104 224 L118 212 L136 216Z" fill="#fff"/>
<path d="M0 350 C120 280 240 380 360 330 S560 300 640 350 V480 H0Z" fill="url(#hill)"/>
<path d="M0 420 C160 370 300 440 430 400 S600 410 640 400 V480 H0Z" fill="#146c43"/>
<path d="M470 480 C480 440 400 420 430 380 C440 365 420 350 428 335 L440 333 C440 352 462 362 455 385 C440 425 545 440 560 480Z" fill="#e0b98a"/>
<g stroke="#0b3d26" stroke-width="2" fill="none">${Array.from({ length: 40 }, (_, i) => {
  const x = 12 + i * 16;
  return `<path d="M${x} 478 q${(i % 5) - 2} -${10 + ((i * 7) % 13)} ${((i * 5) % 9) - 4} -${18 + ((i * 11) % 17)}"/>`;
}).join("")}</g>`;

const corners = `<rect width="72" height="72" fill="#e02020"/><rect x="568" width="72" height="72" fill="#18a018"/>
<rect y="408" width="72" height="72" fill="#2040e0"/><rect x="568" y="408" width="72" height="72" fill="#f2d20c"/>`;

export const letters = `<path d="M0 0 V60 Q0 100 38 100 T76 60 V0 H52 V60 Q52 78 38 78 T24 60 V0Z"/>
<path d="M96 0 V98 H120 V66 H136 Q172 66 172 33 T136 0Z M120 21 H134 Q148 21 148 33 T134 45 H120Z" fill-rule="evenodd"/>`;

const sign = `<g fill="#fff" stroke="#1b1b3a" stroke-width="5" stroke-linejoin="round">
<path d="M170 92 L240 178 H200 V330 H140 V178 H100Z"/><g transform="translate(262 96)">${letters}</g></g>`;

export function sceneSvg(width = 640, height = 480) {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 640 480"
 preserveAspectRatio="none"><defs>${sky}</defs>${ground}${corners}${sign}</svg>`;
}

export function scene(width = 640, height = 480) {
  return rasterise(sceneSvg(width, height));
}

// The scene in portrait, as a phone held upright sees it: 3:4, the right part of the landscape.
export function portrait(width, height) {
  return rasterise(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 480 640">
<defs>${sky}</defs><g transform="translate(-285 0) scale(1.3334)">${ground}</g>
<rect width="64" height="64" fill="#e02020"/><rect x="416" width="64" height="64" fill="#18a018"/>
<rect y="576" width="64" height="64" fill="#2040e0"/><rect x="416" y="576" width="64" height="64" fill="#f2d20c"/>
<g transform="translate(-50 70)">${sign}</g></svg>`);
}
