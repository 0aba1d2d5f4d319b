// Colour: sRGB pixels to other RGB spaces and to CMYK, and the ICC profiles that say so. The same picture stored in any
// of them must come out as the same sRGB picture; a reader that ignores the profile shows visibly other colours.

const toLinear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
const fromLinear = (v) => (v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055);
const clamp = (v, low = 0, high = 1) => Math.min(high, Math.max(low, v));
export const linear = Float64Array.from({ length: 256 }, (_, i) => toLinear(i / 255));

const multiply = (a, b) => a.map((row) => b[0].map((_, j) => row.reduce((s, v, k) => s + v * b[k][j], 0)));
const apply = (m, [x, y, z]) => m.map((r) => r[0] * x + r[1] * y + r[2] * z);
function invert([[a, b, c], [d, e, f], [g, h, i]]) {
  const det = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
  return [
    [e * i - f * h, c * h - b * i, b * f - c * e],
    [f * g - d * i, a * i - c * g, c * d - a * f],
    [d * h - e * g, b * g - a * h, a * e - b * d],
  ].map((row) => row.map((v) => v / det));
}

export const d50 = [0.9642, 1, 0.8249];
const d65 = [0.95047, 1, 1.08883];
const bradford = [
  [0.8951, 0.2664, -0.1614],
  [-0.7502, 1.7135, 0.0367],
  [0.0389, -0.0685, 1.0296],
];
function adaptation(white) {
  const [from, to] = [apply(bradford, white), apply(bradford, d50)];
  const scale = [0, 1, 2].map((i) => [0, 1, 2].map((j) => (i === j ? to[i] / from[i] : 0)));
  return multiply(invert(bradford), multiply(scale, bradford));
}

// rgbSpace: xy of the three primaries, the white (XYZ), the exponent of the curve or "srgb" for sRGB's own curve.
function rgbSpace(name, primaries, white, curve) {
  const m = [0, 1, 2].map((r) => primaries.map(([x, y]) => [x / y, 1, (1 - x - y) / y][r]));
  const s = apply(invert(m), white);
  const chad = adaptation(white);
  const toXYZ = multiply(
    chad,
    m.map((row) => row.map((v, i) => v * s[i])),
  );
  const encode = curve === "srgb" ? fromLinear : (v) => v ** (1 / curve);
  return { name, toXYZ, fromXYZ: invert(toXYZ), chad, curve, encode };
}
export const srgb = rgbSpace(
  "sRGB",
  [
    [0.64, 0.33],
    [0.3, 0.6],
    [0.15, 0.06],
  ],
  d65,
  "srgb",
);
export const displayP3 = rgbSpace(
  "Display P3",
  [
    [0.68, 0.32],
    [0.265, 0.69],
    [0.15, 0.06],
  ],
  d65,
  "srgb",
);
export const adobeRgb = rgbSpace(
  "Adobe RGB (1998) compatible",
  [
    [0.64, 0.33],
    [0.21, 0.71],
    [0.15, 0.06],
  ],
  d65,
  563 / 256,
);
export const proPhoto = rgbSpace(
  "ProPhoto RGB compatible",
  [
    [0.7347, 0.2653],
    [0.1596, 0.8404],
    [0.0366, 0.0001],
  ],
  d50,
  1.8,
);

// converter returns f(sRGB pixel, 0..255) -> the same colour in `space`, 0..255.
export function converter(space) {
  const m = multiply(space.fromXYZ, srgb.toXYZ);
  return (p) =>
    apply(m, [linear[p[0]], linear[p[1]], linear[p[2]]]).map((v) => Math.round(255 * space.encode(clamp(v))));
}

// A printing process of ours: each ink lets through these parts of linear red, green and blue; dots grow on paper.
const inks = [
  [0.02, 0.42, 0.8],
  [0.8, 0.02, 0.26],
  [0.96, 0.86, 0.02],
  [0.02, 0.02, 0.02],
];
const grow = (dot) => dot ** 0.75;
const shrink = (area) => area ** (1 / 0.75);

// printed: the linear sRGB that ink amounts (0..1) give on white paper.
export function printed(cmyk) {
  return [0, 1, 2].map((c) => inks.reduce((light, ink, i) => light * (1 - grow(cmyk[i]) * (1 - ink[c])), 1));
}

// separate: the ink amounts that print linear sRGB, with black taking over part of the grey.
export function separate(rgb) {
  const target = rgb.map((v) => clamp(v, 0.004));
  const area = [0, 0, 0, clamp((1 - Math.max(...target) ** 0.6) / 0.98)];
  for (let round = 0; round < 24; round++) {
    for (let i = 0; i < 3; i++) {
      const others = area.reduce((light, a, j) => (j === i ? light : light * (1 - a * (1 - inks[j][i]))), 1);
      area[i] = clamp((1 - target[i] / others) / (1 - inks[i][i]));
    }
  }
  return area.map(shrink);
}

// mute pulls colours in, so that the print can show them all.
export function mute(p) {
  const rgb = [linear[p[0]], linear[p[1]], linear[p[2]]];
  const grey = 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
  return rgb.map((v) => Math.round(255 * fromLinear(0.06 + 0.85 * (0.5 * v + 0.5 * grey))));
}

export function linearToLab(rgb) {
  const f = apply(srgb.toXYZ, rgb)
    .map((v, i) => v / d50[i])
    .map((t) => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116));
  return [116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])];
}
export function labToLinear([L, a, b]) {
  const fy = (L + 16) / 116;
  const xyz = [fy + a / 500, fy, fy - b / 200].map((f) =>
    f ** 3 > 216 / 24389 ? f ** 3 : (116 * f - 16) / (24389 / 27),
  );
  return apply(
    srgb.fromXYZ,
    xyz.map((v, i) => v * d50[i]),
  );
}
