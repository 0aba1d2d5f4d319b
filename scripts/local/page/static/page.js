// The page of the pipeline on one machine. The server tells of originals (whole accounts, again whenever one changes)
// by server-sent events; this draws them, and sends files.

import { $, bytes, clock, count, element, facts, isBad, isBusy, milliseconds, nameOf, size, surroundings } from "./words.js";
import { addCompletions, clearCompletions } from "./completions.js";
import { drawManifest } from "./manifest.js";
import { drawTiles, paint } from "./tiles.js";

const originals = new Map(); // key -> {account, uploaded, card}
const perPage = 60;
let shown = perPage;

const states = {
  queued: () => "queued",
  running: (a) => (a.attempt > 1 ? `attempt ${a.attempt}` : "rendering"),
  retrying: () => "waiting for a retry",
  done: (a) => `${count(a.variants.length, "variant")}`,
  failed: () => "failed",
  skipped: () => "skipped",
  incomplete: () => "variants missing",
  removing: () => "deleted; its variants follow",
};

function why(account) {
  if (account.state === "incomplete") {
    return ["variants missing", "They were not made before the last stop. Upload the file again, and the reason shows here."];
  }
  if (account.reason || account.error) return [account.reason, account.error];
  const failed = account.variants.find((v) => v.reason);
  return failed ? [failed.reason, failed.error] : undefined;
}

// cards

function card() {
  const parts = {
    node: element("li", { class: "original" }),
    chip: element("canvas", { class: "chip", hidden: "hidden", title: "The ThumbHash of its manifest" }),
    title: element("h3"),
    facts: element("p", { class: "facts" }),
    state: element("span", { class: "state" }),
    remove: element("button", { type: "button", class: "button quiet small remove" }, "Delete"),
    why: element("p", { class: "why", hidden: "hidden" }),
    variants: element("div", { class: "variants" }),
    manifest: element("details", { hidden: "hidden" }),
    manifestBody: element("div", { class: "manifest" }),
    details: element("details"),
    log: element("pre", { class: "log" }),
    tiles: new Map(), // preset -> tile
  };
  parts.manifest.append(element("summary", {}, "Manifest"), parts.manifestBody);
  parts.manifest.addEventListener("toggle", () => drawManifest(parts, parts.account));
  parts.details.append(element("summary", {}, "Log of the run"), parts.log);
  parts.details.addEventListener("toggle", () => drawLog(parts));
  parts.remove.addEventListener("click", () => askToRemove(parts));
  parts.node.append(
    element("header", {}, parts.chip, parts.title, parts.facts, parts.state, parts.remove),
    parts.why, parts.variants, parts.manifest, parts.details,
  );
  return parts;
}

function draw(parts, account) {
  parts.account = account;
  parts.node.dataset.key = account.key;
  parts.node.dataset.state = account.state;
  parts.node.classList.toggle("busy", isBusy(account));
  const name = nameOf(account.key);
  const slash = name.lastIndexOf("/") + 1;
  parts.title.replaceChildren(element("span", {}, name.slice(0, slash)), name.slice(slash));
  parts.chip.hidden = !paint(parts.chip, account.placeholder);
  parts.facts.textContent = facts(
    account.type?.toUpperCase(), size(account.width, account.height),
    account.frames > 1 ? `${account.frames} frames` : "", bytes(account.bytes), milliseconds(account.ms), announced(account),
  );
  parts.state.className = `state ${account.state}`;
  parts.state.textContent = states[account.state](account);
  parts.remove.hidden = account.state === "removing";
  drawWhy(parts, account);
  const empty = !isBusy(account) && account.variants.every((v) => !v.key);
  drawTiles(parts, empty ? [] : account.variants, account);
  drawManifest(parts, account);
  parts.details.hidden = account.log.length === 0;
  if (parts.details.open) drawLog(parts);
}

// announced says how long after the upload the completion event came.
function announced(account) {
  const ms = Date.parse(account.announced) - Date.parse(account.uploaded);
  return ms >= 0 ? `announced after ${milliseconds(ms) || "0 ms"}` : "";
}

function drawWhy(parts, account) {
  const reason = account.state === "done" || isBusy(account) && account.state !== "retrying" && !account.error ? undefined : why(account);
  parts.why.hidden = !reason;
  if (!reason) return;
  const [word, text] = reason;
  parts.why.replaceChildren(element("b", {}, word || ""), word && text ? ": " : "", text || "");
  if (account.failure) {
    const time = clock(new Date(account.failure.time));
    parts.why.append(element("span", { class: "record" }, `Kept since ${time} in `, element("code", {}, account.failureKey), "; a good upload takes it away."));
  }
}

// askToRemove deletes at the second click.
function askToRemove(parts) {
  const button = parts.remove;
  if (!button.classList.contains("sure")) {
    button.classList.add("sure");
    button.textContent = "Delete it?";
    setTimeout(() => {
      button.classList.remove("sure");
      button.textContent = "Delete";
    }, 4000);
    return;
  }
  ask("DELETE", nameOf(parts.account.key)).catch((error) => refuse(`${nameOf(parts.account.key)}: ${error.message}`));
}

// logs

function drawLog(parts) {
  if (!parts.details.open) return;
  const lines = parts.account.log.map(logLine);
  parts.log.replaceChildren(...lines.flat());
}

function logLine(text) {
  let line;
  try {
    line = JSON.parse(text);
  } catch {
    return [`${text}\n`];
  }
  if (typeof line !== "object" || line === null) return [`${text}\n`];
  const { level = "", message, msg, time, timestamp, requestId, ...rest } = line;
  const out = [
    element("span", { class: "key" }, (timestamp || time || "").slice(11, 23)), " ",
    element("span", { class: `level ${level}` }, level), ` ${message || msg || ""}`,
  ];
  for (const [name, value] of Object.entries(rest)) {
    if (!Array.isArray(value)) out.push(...field(name, value));
  }
  for (const [name, value] of Object.entries(rest)) {
    if (!Array.isArray(value)) continue;
    for (const item of value) {
      out.push(`\n    ${name.replace(/s$/, "")}`);
      if (typeof item !== "object" || item === null) out.push(` ${item}`);
      else for (const [inner, innerValue] of Object.entries(item)) out.push(...field(inner, innerValue));
    }
  }
  return [...out, "\n"];
}

function field(name, value) {
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([inner, innerValue]) => field(`${name}.${inner}`, innerValue));
  }
  const text = typeof value === "string" && /[\s"=]/.test(value) ? JSON.stringify(value) : String(value);
  return [" ", element("span", { class: "key" }, `${name}=`), text];
}

// the list

let redrawing = false;
function redraw() {
  if (redrawing) return;
  redrawing = true;
  requestAnimationFrame(() => {
    redrawing = false;
    drawList();
  });
}

function drawList() {
  const words = $("search").value.trim().toLowerCase();
  const state = document.querySelector("input[name=state]:checked").value;
  const all = [...originals.values()];
  const matching = all.filter(({ account }) =>
    (state === "all" || (state === "busy" ? isBusy(account) : isBad(account))) &&
    nameOf(account.key).toLowerCase().includes(words));
  matching.sort((a, b) => b.uploaded - a.uploaded || (a.account.key < b.account.key ? -1 : 1));
  const visible = matching.slice(0, shown).map((entry) => {
    entry.card ??= card();
    if (entry.card.account !== entry.account) draw(entry.card, entry.account);
    return entry.card.node;
  });
  arrange($("list"), visible);
  drawMore(matching.length - visible.length);
  $("n-busy").textContent = all.filter(({ account }) => isBusy(account)).length;
  $("n-bad").textContent = all.filter(({ account }) => isBad(account)).length;
  $("empty").hidden = visible.length > 0;
  $("empty").textContent = all.length > 0
    ? "None of the originals matches."
    : "Nothing here yet. Drop an image above: its variants show up in a moment.";
}

// arrange moves only the nodes that are out of place, so that open logs and the focus stay.
function arrange(list, nodes) {
  const wanted = new Set(nodes);
  for (const node of [...list.children]) if (!wanted.has(node)) node.remove();
  nodes.forEach((node, i) => {
    if (list.children[i] !== node) list.insertBefore(node, list.children[i] ?? null);
  });
}

function drawMore(n) {
  let button = $("more");
  if (n <= 0) {
    button?.remove();
    return;
  }
  if (!button) {
    button = element("button", { id: "more", type: "button", class: "button quiet more" });
    button.addEventListener("click", () => {
      shown += perPage;
      redraw();
    });
    $("list").after(button);
  }
  button.textContent = `Show more (${n})`;
}

// what the server tells

function listen() {
  const source = new EventSource("events");
  const on = (name, act) => source.addEventListener(name, (event) => act(JSON.parse(event.data)));
  source.addEventListener("open", () => connection("live"));
  source.addEventListener("error", () => connection("the server does not answer; trying again", "lost"));
  on("reset", () => {
    originals.clear();
    clearCompletions();
    redraw();
  });
  on("originals", (accounts) => {
    for (const account of accounts) {
      const entry = originals.get(account.key) ?? {};
      announce(entry.account, account);
      originals.set(account.key, { ...entry, account, uploaded: Date.parse(account.uploaded) });
    }
    redraw();
  });
  on("removed", (keys) => {
    for (const key of keys) originals.delete(key);
    redraw();
  });
  on("completions", addCompletions);
  on("counters", (n) => {
    $("n-originals").textContent = n.originals;
    $("n-variants").textContent = n.variants;
    $("n-invocations").textContent = n.invocations;
    $("n-dead").textContent = n.deadLetters;
    $("dead").classList.toggle("alarm", n.deadLetters > 0);
  });
}

function connection(text, kind = "") {
  $("connection").textContent = text;
  $("connection").className = `connection ${kind}`;
}

// announce says aloud what came of an upload.
function announce(before, after) {
  if (before && isBusy(before) && !isBusy(after)) {
    const made = after.variants.filter((v) => v.key).length;
    const reason = after.state === "done" ? "" : `: ${why(after)?.filter(Boolean).join(": ") ?? after.state}`;
    $("news").textContent = `${nameOf(after.key)}: ${count(made, "variant")}${reason}`;
  }
}

// uploads

const sending = { queue: [], active: 0, sent: 0, total: 0 };

function send(files) {
  $("refused").replaceChildren();
  $("refused").hidden = true;
  sending.queue.push(...files);
  sending.total += files.length;
  for (let i = sending.active; i < 4; i++) next();
  drawSending();
}

async function next() {
  const job = sending.queue.shift();
  if (!job) return;
  sending.active++;
  try {
    await put(job);
  } catch (error) {
    refuse(`${job.name}: ${error.message}`);
  }
  sending.active--;
  sending.sent++;
  if (sending.active === 0 && sending.queue.length === 0) sending.sent = sending.total = 0;
  drawSending();
  next();
}

function refuse(text) {
  $("refused").hidden = false;
  $("refused").append(element("li", {}, text));
}

const put = ({ name, file }) => ask("PUT", name, { body: file, headers: { "Content-Type": file.type || "application/octet-stream" } });

// ask asks the server to do something about an original.
async function ask(method, name, rest = {}) {
  const path = name.split("/").map(encodeURIComponent).join("/");
  const response = await fetch(`originals/${path}`, { method, ...rest });
  if (response.ok) return;
  const { error } = await response.json().catch(() => ({}));
  throw new Error(error || `the server answered ${response.status}`);
}

function drawSending() {
  $("sending").hidden = sending.total === 0;
  $("sending").textContent = `Uploading ${Math.min(sending.sent + 1, sending.total)} of ${sending.total}`;
}

const isHidden = (name) => name.split("/").some((part) => part.startsWith("."));

// dropped gives the files of a drop, folders walked through.
async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (entries.length === 0) return [...transfer.files].map((file) => ({ name: file.name, file }));
  const files = [];
  for (const entry of entries) await walk(entry, "", files);
  return files;
}

async function walk(entry, folder, files) {
  const name = folder + entry.name;
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    if (folder === "" || !isHidden(name)) files.push({ name, file });
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const batch = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (batch.length === 0) return;
    for (const inner of batch) await walk(inner, `${name}/`, files);
  }
}

function acceptFiles() {
  let depth = 0; // of dragenter in nested elements
  const over = (on) => $("drop").classList.toggle("over", on);
  document.addEventListener("dragenter", () => over(++depth > 0));
  document.addEventListener("dragleave", () => over(--depth > 0));
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", async (event) => {
    event.preventDefault();
    depth = 0;
    over(false);
    send(await dropped(event.dataTransfer));
  });
  document.addEventListener("paste", (event) => {
    const files = [...event.clipboardData.files];
    const now = new Date().toISOString().slice(0, 19).replace(/[T:]/g, "-");
    send(files.map((file, i) => ({ name: `pasted-${now}${i ? `-${i}` : ""}-${file.name}`, file })));
  });
  for (const id of ["files", "folder"]) {
    $(id).addEventListener("change", (event) => {
      const files = [...event.target.files].map((file) => ({ name: file.webkitRelativePath || file.name, file }));
      send(files.filter(({ name }) => id === "files" || !isHidden(name)));
      event.target.value = "";
    });
  }
}

// surroundings

async function introduce() {
  const about = Object.assign(surroundings, await (await fetch("about")).json());
  $("prefix").textContent = about.originals;
  $("command").textContent = about.command;
  $("cdn").textContent = about.cdn;
  $("s3").textContent = about.s3;
  $("api").textContent = about.api;
  $("presets").replaceChildren(...about.presets.map(({ name, text }) =>
    element("li", {}, element("b", {}, name), " ", element("span", {}, text))));
}

async function showLetters() {
  const letters = await (await fetch("dead-letters")).json();
  $("letters-list").replaceChildren(...letters.reverse().map((letter) => {
    let event = letter.event;
    try {
      event = JSON.stringify(JSON.parse(event), null, 2);
    } catch { /* it is shown as it is */ }
    return element(
      "li", {}, element("p", {}, letter.error),
      element("p", {}, `${clock(new Date(letter.time))} · ${count(letter.attempts, "attempt")} · ${letter.id}`),
      element("details", {}, element("summary", {}, "Event"), element("pre", { class: "log" }, event)),
    );
  }));
  if (letters.length === 0) $("letters-list").append(element("li", {}, "None."));
  $("letters").showModal();
}

$("search").addEventListener("input", redraw);
for (const radio of document.querySelectorAll("input[name=state]")) radio.addEventListener("change", redraw);
$("n-dead").addEventListener("click", showLetters);
$("copy").addEventListener("click", async () => {
  await navigator.clipboard.writeText($("command").textContent);
  $("copy").textContent = "Copied";
  setTimeout(() => { $("copy").textContent = "Copy"; }, 1500);
});
acceptFiles();
await introduce();
listen();
redraw();
