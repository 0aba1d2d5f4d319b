// svg/: drawings that are safe to render, once presets.yaml allows SVG.
import { scene } from "./lib/scene.mjs";
import { toSharp } from "./lib/pixels.mjs";

const xmlns = `xmlns="http://www.w3.org/2000/svg"`;

const icon = `<?xml version="1.0" encoding="UTF-8"?>
<!-- An icon: small by its own size, sharp at any. -->
<svg ${xmlns} width="48" height="48" viewBox="0 0 48 48">
  <defs><linearGradient id="g" x2="1" y2="1"><stop stop-color="#06d6a0"/><stop offset="1" stop-color="#118ab2"/></linearGradient></defs>
  <rect x="3" y="3" width="42" height="42" rx="10" fill="url(#g)"/>
  <path d="M24 10 L36 24 H29 V38 H19 V24 H12Z" fill="#fff"/>
  <use href="#dot" x="30"/><circle id="dot" cx="9" cy="9" r="2" fill="#fff"/>
</svg>
`;

const noSize = `<svg ${xmlns} viewBox="0 0 300 150"><rect width="300" height="150" fill="#073b4c"/><circle cx="75" cy="75" r="60" fill="#ffd166"/><path d="M160 120 L210 30 L260 120Z" fill="#ef476f"/></svg>
`;

export async function makeSvgs(table) {
  const still = { type: "svg", frames: 1, alpha: true };
  table.add("icon.svg", Buffer.from(icon), {
    ...still,
    width: 48,
    height: 48,
    note: "plain: gradient, path, use of its own circle",
  });
  table.add("no-size.svg", Buffer.from(noSize), { ...still, width: 300, height: 150, note: "only a viewBox" });
  const png = await toSharp(await scene(160, 120))
    .png()
    .toBuffer();
  const inside = `<svg ${xmlns} width="200" height="160" viewBox="0 0 200 160"><rect width="200" height="160" rx="16" fill="#264653"/>
<image x="20" y="20" width="160" height="120" href="data:image/png;base64,${png.toString("base64")}"/></svg>
`;
  table.add("embedded-png.svg", Buffer.from(inside), {
    ...still,
    width: 200,
    height: 160,
    note: "a picture carried inside as data:image/png: nothing external",
  });
}
