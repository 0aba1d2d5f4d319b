// A decoder of ThumbHash, written from the format's description (evanw.github.io/thumbhash): a few cosines of the lightness
// L, of the colours P and Q and of the alpha A, quantised to four bits each.

// decode gives the pixels of a hash in base64: {width, height, data}, 32 on the longer side, RGBA. Undefined: it is none.
export function decode(base64) {
  const hash = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  if (hash.length < 5) return undefined;
  const head = hash[0] | (hash[1] << 8) | (hash[2] << 16);
  const rest = hash[3] | (hash[4] << 8);
  const hasAlpha = head >> 23 === 1;
  const isLandscape = rest >> 15 === 1;
  const most = hasAlpha ? 5 : 7;
  const across = isLandscape ? most : rest & 7;
  const down = isLandscape ? rest & 7 : most;
  const take = nibbles(hash, hasAlpha ? 6 : 5);
  const channels = {
    l: channel(take, (head & 63) / 63, Math.max(3, across), Math.max(3, down), ((head >> 18) & 31) / 31),
    p: channel(take, ((head >> 6) & 63) / 31.5 - 1, 3, 3, (((rest >> 3) & 63) / 63) * 1.25),
    q: channel(take, ((head >> 12) & 63) / 31.5 - 1, 3, 3, (((rest >> 9) & 63) / 63) * 1.25),
  };
  if (hasAlpha) channels.a = channel(take, (hash[5] & 15) / 15, 5, 5, (hash[5] >> 4) / 15);
  return pixels(channels, across / down);
}

// nibbles gives the coefficients one by one, between -1 and 1.
function nibbles(hash, start) {
  let at = 0;
  return () => {
    const byte = hash[start + (at >> 1)] ?? 0;
    const four = at++ & 1 ? byte >> 4 : byte & 15;
    return four / 7.5 - 1;
  };
}

// channel reads the cosines of one channel: those below the diagonal from the lowest frequencies.
function channel(take, mean, across, down, scale) {
  const waves = [];
  for (let y = 0; y < down; y++) {
    for (let x = y ? 0 : 1; x * down < across * (down - y); x++) waves.push({ x, y, amplitude: take() * scale });
  }
  return { mean, waves };
}

function pixels({ l, p, q, a }, ratio) {
  const width = Math.round(ratio > 1 ? 32 : 32 * ratio);
  const height = Math.round(ratio > 1 ? 32 / ratio : 32);
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i += 4) {
      const cosines = [cosinesAt(x, width), cosinesAt(y, height)];
      const [light, yellow, red] = [l, p, q].map((one) => value(one, cosines));
      const blue = light - (2 / 3) * yellow;
      const r = (3 * light - blue + red) / 2;
      data.set([r, r - red, blue].map((v) => 255 * v), i);
      data[i + 3] = a ? 255 * value(a, cosines) : 255;
    }
  }
  return { width, height, data };
}

const cosinesAt = (x, length) => Array.from({ length: 7 }, (_, n) => Math.cos((Math.PI / length) * (x + 0.5) * n));

function value({ mean, waves }, [across, down]) {
  return waves.reduce((sum, { x, y, amplitude }) => sum + 2 * amplitude * across[x] * down[y], mean);
}
