// The manifest of an original, fetched through the CDN front as any page would fetch it.

import { bytes, element, size } from "./words.js";
import { paint } from "./tiles.js";

// drawManifest fills a card's part about the manifest when it is open and there is another one than is shown.
export async function drawManifest(parts, account) {
  parts.manifest.hidden = !account.manifest;
  if (!parts.manifest.open || !account.manifest || parts.manifestShown === account.manifest) return;
  parts.manifestShown = account.manifest;
  try {
    const response = await fetch(account.manifest);
    if (!response.ok) throw new Error(`the CDN front answered ${response.status}`);
    const manifest = await response.json();
    if (parts.manifestShown === account.manifest) {
      parts.manifestBody.replaceChildren(...view(manifest, account.manifest, response.headers.get("X-Cache")));
    }
  } catch (error) {
    parts.manifestShown = undefined;
    parts.manifestBody.replaceChildren(element("p", { class: "why" }, error.message));
  }
}

function view(manifest, url, cache) {
  const parts = [
    element(
      "p", { class: "manifest-head" }, element("a", { href: url, target: "_blank", rel: "noopener" }, new URL(url).pathname),
      element("span", { class: "badge" }, manifest.status), element("span", { class: "soft" }, cache ?? ""),
    ),
  ];
  if (manifest.placeholder) parts.push(placeholder(manifest.placeholder));
  if (manifest.variants?.length) parts.push(table(manifest.variants));
  for (const { type, value } of manifest.srcset ?? []) {
    parts.push(element("p", { class: "soft" }, `srcset, ${type}`), element("pre", { class: "log" }, value.replaceAll(", ", ",\n")));
  }
  for (const { preset, reason, message } of manifest.failures ?? []) {
    parts.push(element("p", { class: "why" }, element("b", {}, preset ? `${preset}: ${reason}` : reason), `: ${message}`));
  }
  parts.push(element(
    "details", {}, element("summary", {}, "JSON"), element("pre", { class: "log" }, JSON.stringify(manifest, null, 2)),
  ));
  return parts;
}

function placeholder({ thumbhash, color }) {
  const canvas = element("canvas", { class: "picture" });
  paint(canvas, { thumbhash, color });
  const swatch = element("span", { class: "swatch" });
  swatch.style.background = color ?? "none";
  return element(
    "p", { class: "manifest-placeholder" }, canvas,
    element("span", {}, "ThumbHash ", element("code", {}, thumbhash ?? "none"), element("br"), "dominant colour ", swatch, " ", element("code", {}, color ?? "none")),
  );
}

function table(variants) {
  const rows = variants.map((v) => element(
    "tr", {}, element("td", {}, v.preset), element("td", {}, size(v.width, v.height)), element("td", {}, bytes(v.bytes)), element("td", {}, v.type),
    element("td", {}, element("a", { href: v.url, target: "_blank", rel: "noopener" }, v.url.replace(/^https?:..[^/]*/, ""))),
  ));
  const head = ["preset", "pixels", "size", "type", "URL"].map((name) => element("th", { scope: "col" }, name));
  return element("div", { class: "scroll" }, element("table", {}, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...rows)));
}
