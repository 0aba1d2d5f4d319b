// The tiles of a card: one for each preset. A tile shows a skeleton while nothing is known, the ThumbHash of the manifest as
// soon as there is one (of an overwritten original: that of the manifest before), and the variant when the browser has it.

import { bytes, element, facts, isBusy, milliseconds, nameOf, size } from "./words.js";
import { decode } from "./thumbhash.js";

// paint draws a placeholder: the ThumbHash, or else the colour. It says whether there is any.
export function paint(canvas, placeholder) {
  const key = JSON.stringify(placeholder ?? null);
  if (canvas.dataset.placeholder === key) return key !== "null";
  canvas.dataset.placeholder = key;
  const picture = placeholder?.thumbhash && decode(placeholder.thumbhash);
  canvas.width = picture?.width ?? 1;
  canvas.height = picture?.height ?? 1;
  const context = canvas.getContext("2d");
  if (picture) {
    context.putImageData(new ImageData(picture.data, picture.width, picture.height), 0, 0);
  } else if (placeholder?.color) {
    context.fillStyle = placeholder.color;
    context.fillRect(0, 0, 1, 1);
  }
  return key !== "null";
}

// drawTiles brings a card's tiles in line with the account's variants.
export function drawTiles(parts, variants, account) {
  for (const [preset, tile] of parts.tiles) {
    if (!variants.some((v) => v.preset === preset)) {
      tile.node.remove();
      parts.tiles.delete(preset);
    }
  }
  for (const v of variants) {
    let tile = parts.tiles.get(v.preset);
    if (!tile) {
      tile = newTile(v.preset);
      parts.tiles.set(v.preset, tile);
      parts.variants.append(tile.node);
    }
    drawTile(tile, v, account);
  }
}

function newTile(preset) {
  const tile = {
    node: element("a", { class: "variant", "data-preset": preset }), stage: element("div", { class: "stage" }),
    canvas: element("canvas", { class: "placeholder", "aria-hidden": "true" }), caption: element("div", { class: "caption" }),
  };
  tile.stage.append(tile.canvas);
  tile.node.append(element("div", { class: "frame" }, tile.stage), tile.caption);
  return tile;
}

function drawTile(tile, v, account) {
  const known = paint(tile.canvas, account.placeholder);
  drawImage(tile, v, account);
  const loaded = tile.image?.complete && tile.image.naturalWidth > 0;
  tile.node.dataset.shows = loaded ? "variant" : known ? "placeholder" : "skeleton";
  tile.caption.replaceChildren(element("b", {}, v.preset));
  if (v.key) {
    tile.caption.append(element("span", {}, size(v.width, v.height), element("br"), facts(bytes(v.bytes), milliseconds(v.ms))));
  } else {
    tile.caption.append(element("span", {}, v.reason || (isBusy(account) ? waiting(account) : "not made")));
  }
}

const waiting = (account) => (account.placeholderOld ? "pending; placeholder of the one before" : "pending");

// drawImage asks for the variant at the URL that the manifest has, and lets it appear when the browser has it.
function drawImage(tile, v, account) {
  if (!v.source) {
    tile.image?.remove();
    tile.image = undefined;
    tile.stage.classList.remove("sized");
    for (const name of ["href", "target", "rel", "title"]) tile.node.removeAttribute(name);
    return;
  }
  for (const [name, value] of [["href", v.source], ["target", "_blank"], ["rel", "noopener"], ["title", v.key]]) {
    tile.node.setAttribute(name, value);
  }
  tile.stage.classList.add("sized");
  tile.stage.style.setProperty("--width", v.width);
  tile.stage.style.setProperty("--height", v.height);
  if (tile.image?.getAttribute("src") === v.source) return;
  const image = element("img", {
    loading: "lazy", decoding: "async", width: v.width, height: v.height,
    alt: `${nameOf(account.key)} as ${v.preset}, ${v.width} by ${v.height} pixels`,
  });
  image.addEventListener("load", () => {
    if (tile.image === image) tile.node.dataset.shows = "variant";
  });
  image.src = v.source;
  tile.image?.remove();
  tile.image = image;
  tile.stage.append(image);
}
