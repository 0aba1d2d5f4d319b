// formats/gif-*, webp-animated-*: frames, delays, loop counts, disposal.
import sharp from "sharp";
import { quantise } from "./formats-png.mjs";
import { disposal, gif } from "./lib/gif.mjs";
import { rasterise, toSharp } from "./lib/pixels.mjs";
import { letters, scene } from "./lib/scene.mjs";
import { run } from "./lib/tools.mjs";

const size = { width: 320, height: 240 };
const delays = [100, 200, 50, 400, 100, 1000];

export async function makeAnimated(table) {
  const add = (name, bytes, facts, note) =>
    table.add(`formats/${name}`, bytes, {
      type: name.split(".").pop(),
      ...size,
      frames: 1,
      alpha: false,
      ...facts,
      note,
    });

  const { indices, palette } = await quantise(await scene(size.width, size.height), 250);
  add("gif-still.gif", gif({ ...size, palette, frames: [{ indices }] }), {}, "one frame");
  add(
    "gif-interlaced.gif",
    gif({ ...size, palette, frames: [{ indices, interlaced: true }] }),
    { like: "formats/gif-still.gif" },
    "one frame, interlaced",
  );

  const frames = await Promise.all(delays.map((_, i) => wheel(i)));
  const all = {
    width: size.width,
    height: size.height * frames.length,
    channels: 3,
    data: Buffer.concat(frames.map((f) => f.data)),
  };
  const strip = await quantise(all, 64);
  const animated = delays.map((delay, i) => ({
    delay,
    disposal: disposal.keep,
    indices: strip.indices.subarray(i * size.width * size.height, (i + 1) * size.width * size.height),
  }));
  const moving = { frames: delays.length, delays_ms: delays };
  const likeGif = { like: "formats/gif-animated.gif" };
  add(
    "gif-animated.gif",
    gif({ ...size, palette: strip.palette, loop: 0, frames: animated }),
    { ...moving, loop: 0 },
    "six frames, six delays, for ever",
  );
  add(
    "gif-animated-loop-3.gif",
    gif({ ...size, palette: strip.palette, loop: 3, frames: animated }),
    { ...moving, loop: 4, ...likeGif },
    "NETSCAPE loop count 3: three more times, so four",
  );
  add(
    "gif-animated-once.gif",
    gif({ ...size, palette: strip.palette, frames: animated }),
    { ...moving, loop: 1, ...likeGif },
    "no NETSCAPE block: plays once",
  );
  add(
    "webp-animated.webp",
    await assemble(frames),
    { ...moving, loop: 0, ...likeGif },
    "lossy whole frames without alpha, six delays",
  );
  add(
    "webp-animated-loop-3.webp",
    await webp(all, { lossless: true, loop: 3, delay: delays }),
    { ...moving, loop: 3, alpha: true, ...likeGif },
    "lossless, three times; unchanged pixels are clear and show the frame before",
  );

  await disposals(add);
}

const webp = ({ width, height, channels, data }, options) =>
  sharp(data, { raw: { width, height, channels, pageHeight: size.height } })
    .webp({ quality: 80, effort: 6, ...options })
    .toBuffer();

// assemble puts whole frames together, each coded by itself: nothing is blended, nothing clear.
async function assemble(frames) {
  const inputs = {};
  for (const [i, frame] of frames.entries())
    inputs[`${i}.webp`] = await toSharp(frame).webp({ quality: 80, effort: 6 }).toBuffer();
  const args = frames.flatMap((_, i) => ["-frame", `${i}.webp`, `+${delays[i]}+0+0+0-b`]);
  return run("webpmux", [...args, "-loop", "0", "-o", "out.webp"], inputs, "out.webp");
}

// One frame of a wheel that turns by a sixth, with as many dots below as the frame's number: order and count show.
function wheel(i) {
  const spokes = Array.from({ length: 6 }, (_, k) => {
    const a = ((k * 60 + i * 10) * Math.PI) / 180;
    return `<path d="M160 105 L${(160 + 80 * Math.cos(a)).toFixed(1)} ${(105 + 80 * Math.sin(a)).toFixed(1)}" stroke="${k ? "#f4f1de" : "#e07a5f"}" stroke-width="14" stroke-linecap="round"/>`;
  });
  const dots = Array.from({ length: i + 1 }, (_, k) => `<circle cx="${85 + k * 30}" cy="215" r="10" fill="#f2cc8f"/>`);
  return rasterise(`<svg xmlns="http://www.w3.org/2000/svg" width="320" height="240"><rect width="320" height="240" fill="#3d405b"/>
<circle cx="160" cy="105" r="92" fill="#81b29a"/>${spokes.join("")}${dots.join("")}</svg>`);
}

// Partial frames over a clear canvas, each with another disposal; `shown` is what a viewer must show.
async function disposals(add) {
  const palette = [
    [255, 0, 255],
    [29, 53, 87],
    [230, 57, 70],
    [241, 250, 238],
    [69, 123, 157],
  ];
  const clear = 0;
  const parts = [
    { left: 40, top: 30, width: 240, height: 180, shape: "disc", ink: 1, delay: 300, disposal: disposal.keep },
    { left: 60, top: 60, width: 90, height: 90, shape: "ring", ink: 2, delay: 200, disposal: disposal.background },
    { left: 170, top: 60, width: 90, height: 90, shape: "ring", ink: 3, delay: 100, disposal: disposal.previous },
    { left: 110, top: 100, width: 100, height: 100, shape: "disc", ink: 4, delay: 400, disposal: disposal.none },
    { left: 0, top: 0, width: 320, height: 20, shape: "bar", ink: 2, delay: 500, disposal: disposal.keep },
  ];
  const frames = parts.map((p) => ({ ...p, transparent: clear, indices: draw(p, clear) }));
  const facts = { frames: parts.length, alpha: true, delays_ms: parts.map((p) => p.delay), loop: 0 };
  add(
    "gif-disposal.gif",
    gif({ ...size, palette, loop: 0, frames }),
    { ...facts, like: "formats/webp-animated-alpha.webp" },
    "partial frames, transparency, all disposal modes; the first frame does not cover the canvas",
  );

  const shown = Buffer.concat(compose(frames, palette, clear));
  const strip = { width: size.width, height: size.height * frames.length, channels: 4, data: shown };
  add(
    "webp-animated-alpha.webp",
    await webp(strip, { lossless: true, loop: 0, delay: facts.delays_ms }),
    facts,
    "what gif-disposal.gif shows, frame by frame, lossless",
  );
  add(
    "webp-animated-partial.webp",
    run(
      "gif2webp",
      ["-q", "90", "in.gif", "-o", "out.webp"],
      { "in.gif": gif({ ...size, palette, loop: 0, frames }) },
      "out.webp",
    ),
    { ...facts, like: "formats/webp-animated-alpha.webp" },
    "the same in WebP's own partial frames, blending and disposal",
  );

  const logo = await rasterise(
    `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="240"><g transform="translate(74 70)" fill="#e63946">${letters}</g></svg>`,
    4,
  );
  const hard = Buffer.from(
    Array.from({ length: size.width * size.height }, (_, i) => (logo.data[4 * i + 3] > 127 ? 2 : clear)),
  );
  add(
    "gif-transparent.gif",
    gif({ ...size, palette, frames: [{ indices: hard, transparent: clear }] }),
    { alpha: true },
    "one frame, clear background, hard edges",
  );
}

function draw({ width, height, shape, ink }, clear) {
  const indices = Buffer.alloc(width * height, clear);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const r = Math.hypot((x + 0.5) / width - 0.5, (y + 0.5) / height - 0.5) * 2;
      if (shape === "bar" || (shape === "disc" && r < 1) || (shape === "ring" && r < 1 && r > 0.6))
        indices[y * width + x] = ink;
    }
  }
  return indices;
}

// compose plays the frames as a browser does and returns each canvas as RGBA.
function compose(frames, palette, clear) {
  let canvas = Buffer.alloc(size.width * size.height * 4);
  return frames.map((f) => {
    const before = Buffer.from(canvas);
    for (let y = 0; y < f.height; y++) {
      for (let x = 0; x < f.width; x++) {
        const index = f.indices[y * f.width + x];
        if (index !== clear) canvas.set([...palette[index], 255], ((f.top + y) * size.width + f.left + x) * 4);
      }
    }
    const shown = Buffer.from(canvas);
    if (f.disposal === disposal.previous) canvas = before;
    if (f.disposal === disposal.background) {
      for (let y = f.top; y < f.top + f.height; y++)
        canvas.fill(0, (y * size.width + f.left) * 4, (y * size.width + f.left + f.width) * 4);
    }
    return shown;
  });
}
