// formats/png-*: every colour type and bit depth of PNG.
import sharp from "sharp";
import { still } from "./lib/out.mjs";
import { png } from "./lib/png.mjs";
import { rasterise, toSharp } from "./lib/pixels.mjs";
import { scene, sceneSvg } from "./lib/scene.mjs";

const size = { width: 480, height: 360 };

export async function makePngs(table) {
  const image = await scene(size.width, size.height);
  const grey = await toSharp(image).greyscale().toColourspace("b-w").raw().toBuffer();
  const add = (name, options, note, more) =>
    table.add(`formats/png-${name}.png`, png({ ...size, ...options }), still("png", size, note, more));
  const clear = { alpha: true };

  add("1-bit", { colour: "grey", depth: 1, samples: dither(grey, 2) }, "black and white");
  for (const depth of [2, 4])
    add(`grey-${depth}-bit`, { colour: "grey", depth, samples: dither(grey, 2 ** depth) }, `grey, ${depth} bits`);
  add("grey", { colour: "grey", depth: 8, samples: grey }, "grey, 8 bits");
  add("grey-16-bit", { colour: "grey", depth: 16, samples: ramp(1, (x, y) => [x * y]) }, "grey, 16 bits: a ramp");
  add(
    "grey-alpha",
    { colour: "grey-alpha", depth: 8, samples: withAlpha(grey, 1) },
    "grey with alpha: fades out to the right",
    clear,
  );

  for (const [depth, colours] of [
    [1, 2],
    [2, 4],
    [4, 16],
    [8, 200],
  ]) {
    const { indices, palette } = await quantise(image, colours);
    add(
      `palette-${depth}-bit`,
      { colour: "palette", depth, samples: indices, palette },
      `palette of ${palette.length}`,
    );
  }
  const { indices, palette } = await quantise(image, 16);
  const half = palette.map((_, i) => (i === indices[240] ? 0 : 255 - i * 8));
  add(
    "palette-trns",
    { colour: "palette", depth: 8, samples: indices, palette, transparent: half },
    "palette with a different opacity per colour (tRNS)",
    clear,
  );
  add(
    "palette-interlaced",
    { colour: "palette", depth: 4, samples: indices, palette, interlaced: true },
    "palette of 16, interlaced (Adam7)",
  );

  add("rgb", { colour: "rgb", depth: 8, samples: image.data }, "RGB");
  add("rgb-interlaced", { colour: "rgb", depth: 8, samples: image.data, interlaced: true }, "RGB, interlaced (Adam7)", {
    like: "formats/png-rgb.png",
  });
  const red = [...image.data.subarray(0, 3)];
  add(
    "rgb-trns",
    { colour: "rgb", depth: 8, samples: image.data, transparent: red.flatMap((v) => [0, v]) },
    "RGB, the red of the corner is clear (tRNS)",
    clear,
  );
  const rgba = (
    await rasterise(
      `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="480" height="360" viewBox="0 0 480 360">
<clipPath id="c"><ellipse cx="240" cy="180" rx="230" ry="170"/></clipPath><g clip-path="url(#c)">${sceneSvg(480, 360)}</g></svg>`,
      4,
    )
  ).data;
  add("rgba", { colour: "rgba", depth: 8, samples: rgba }, "RGBA: the scene in a smooth oval", clear);

  add(
    "rgb-16-bit",
    { colour: "rgb", depth: 16, samples: ramp(3, (x, y) => [x, y, x * y]) },
    "RGB, 16 bits: ramps finer than 8 bits hold",
  );
  add(
    "rgba-16-bit",
    { colour: "rgba", depth: 16, samples: ramp(4, (x, y) => [1 - x, y, x, (x + y) / 2]) },
    "RGBA, 16 bits: ramps",
    clear,
  );

  table.add(
    "formats/odd-1x1.png",
    png({ width: 1, height: 1, colour: "rgb", depth: 8, samples: [200, 30, 30] }),
    still("png", { width: 1, height: 1 }, "one pixel"),
  );
  const wide = { width: 3000, height: 3 };
  table.add(
    "formats/odd-3000x3.png",
    png({ ...wide, colour: "grey", depth: 8, samples: Array.from({ length: 9000 }, (_, i) => (i % 3000) & 255) }),
    still("png", wide, "so flat that small's height rounds to nothing"),
  );
}

function ramp(channels, f) {
  const samples = [];
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++)
      samples.push(
        ...f(x / (size.width - 1), y / (size.height - 1))
          .slice(0, channels)
          .map((v) => Math.round(v * 65535)),
      );
  }
  return samples;
}

function withAlpha(grey) {
  return Array.from({ length: grey.length * 2 }, (_, i) =>
    i % 2 ? Math.round(255 * (1 - ((i >> 1) % size.width) / (size.width - 1))) : grey[i >> 1],
  );
}

// dither spreads the error to the right and below (Floyd-Steinberg).
function dither(grey, levels) {
  const rest = Float64Array.from(grey);
  return Array.from(rest, (_, i) => {
    const level = Math.max(0, Math.min(levels - 1, Math.round((rest[i] / 255) * (levels - 1))));
    const error = rest[i] - (level * 255) / (levels - 1);
    for (const [step, part] of [
      [1, 7],
      [size.width - 1, 3],
      [size.width, 5],
      [size.width + 1, 1],
    ]) {
      if (i + step < rest.length) rest[i + step] += (error * part) / 16;
    }
    return level;
  });
}

// quantise finds a palette and the index of each pixel in it.
export async function quantise(image, colours) {
  const few = await toSharp(image).png({ palette: true, colours, dither: 0.5 }).toBuffer();
  const pixels = await sharp(few).removeAlpha().raw().toBuffer();
  const seen = new Map();
  const indices = Buffer.alloc(pixels.length / 3);
  for (let i = 0; i < indices.length; i++) {
    const key = pixels.readUIntBE(3 * i, 3);
    if (!seen.has(key)) seen.set(key, seen.size);
    indices[i] = seen.get(key);
  }
  return { indices, palette: [...seen.keys()].map((k) => [k >> 16, (k >> 8) & 255, k & 255]) };
}
