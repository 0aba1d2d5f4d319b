// Elements and words that every part of the page uses.

export const $ = (id) => document.getElementById(id);

export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== "") node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== undefined && child !== ""));
  return node;
}

export function bytes(n) {
  if (n < 0 || n === undefined) return "";
  if (n < 1000) return `${n} B`;
  for (const unit of ["kB", "MB"]) {
    n /= 1000;
    if (n < 999.5) return `${n < 10 ? n.toFixed(1) : Math.round(n)} ${unit}`;
  }
  return `${(n / 1000).toFixed(1)} GB`;
}

export const milliseconds = (ms) => (ms ? `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms` : "");
export const size = (width, height) => (width ? `${width} × ${height}` : "");
export const facts = (...all) => all.filter(Boolean).join(" · ");
const two = (n) => String(n).padStart(2, "0");
export const clock = (time) => [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(":");
export const count = (n, one) => `${n} ${one}${n === 1 ? "" : "s"}`;
export const isBusy = (account) => ["queued", "running", "retrying", "removing"].includes(account.state);
export const isBad = (account) => account.state === "failed" || account.state === "incomplete";

// surroundings are what the server says of itself, once it has.
export const surroundings = { originals: "originals/", bucket: "photos", presets: [] };
export const nameOf = (key) => (key.startsWith(surroundings.originals) ? key.slice(surroundings.originals.length) : key);
