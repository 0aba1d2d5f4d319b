// The page of the pipeline on one machine. The server tells of originals (whole accounts, again whenever one changes)
// by server-sent events; this draws them, and sends files.

const $ = (id) => document.getElementById(id);
const originals = new Map(); // key -> {account, uploaded, card}
const perPage = 60;
let shown = perPage;
let about = { originals: "originals/", bucket: "photos" };

function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== "") node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== undefined && child !== ""));
  return node;
}

// words

function bytes(n) {
  if (n < 0 || n === undefined) return "";
  if (n < 1000) return `${n} B`;
  for (const unit of ["kB", "MB"]) {
    n /= 1000;
    if (n < 999.5) return `${n < 10 ? n.toFixed(1) : Math.round(n)} ${unit}`;
  }
  return `${(n / 1000).toFixed(1)} GB`;
}

const milliseconds = (ms) => (ms ? `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms` : "");
const size = (width, height) => (width ? `${width} × ${height}` : "");
const facts = (...all) => all.filter(Boolean).join(" · ");
const count = (n, one) => `${n} ${one}${n === 1 ? "" : "s"}`;
const nameOf = (key) => (key.startsWith(about.originals) ? key.slice(about.originals.length) : key);
const isBusy = (account) => ["queued", "running", "retrying"].includes(account.state);
const isBad = (account) => account.state === "failed" || account.state === "incomplete";

const states = {
  queued: () => "queued",
  running: (a) => (a.attempt > 1 ? `attempt ${a.attempt}` : "rendering"),
  retrying: () => "waiting for a retry",
  done: (a) => `${count(a.variants.length, "variant")}`,
  failed: () => "failed",
  skipped: () => "skipped",
  incomplete: () => "variants missing",
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
  const node = element("li", { class: "original" });
  const parts = {
    node,
    title: element("h3"),
    facts: element("p", { class: "facts" }),
    state: element("span", { class: "state" }),
    why: element("p", { class: "why", hidden: "hidden" }),
    variants: element("div", { class: "variants" }),
    details: element("details"),
    log: element("pre", { class: "log" }),
    tiles: new Map(), // preset -> {node, signature}
  };
  parts.details.append(element("summary", {}, "Log of the run"), parts.log);
  parts.details.addEventListener("toggle", () => drawLog(parts));
  node.append(element("header", {}, parts.title, parts.facts, parts.state), parts.why, parts.variants, parts.details);
  return parts;
}

function draw(parts, account) {
  parts.account = account;
  parts.node.classList.toggle("busy", isBusy(account));
  const name = nameOf(account.key);
  const slash = name.lastIndexOf("/") + 1;
  parts.title.replaceChildren(element("span", {}, name.slice(0, slash)), name.slice(slash));
  parts.facts.textContent = facts(
    account.type?.toUpperCase(), size(account.width, account.height),
    account.frames > 1 ? `${account.frames} frames` : "", bytes(account.bytes), milliseconds(account.ms),
  );
  parts.state.className = `state ${account.state}`;
  parts.state.textContent = states[account.state](account);
  const reason = account.state === "done" || isBusy(account) && account.state !== "retrying" ? undefined : why(account);
  parts.why.hidden = !reason;
  if (reason) {
    const [word, text] = reason;
    parts.why.replaceChildren(element("b", {}, word || ""), word && text ? ": " : "", text || "");
  }
  const empty = !isBusy(account) && account.variants.every((v) => !v.key);
  drawVariants(parts, empty ? [] : account.variants, account);
  parts.details.hidden = account.log.length === 0;
  if (parts.details.open) drawLog(parts);
}

function drawVariants(parts, variants, account) {
  for (const [preset, tile] of parts.tiles) {
    if (!variants.some((v) => v.preset === preset)) {
      tile.node.remove();
      parts.tiles.delete(preset);
    }
  }
  for (const v of variants) {
    const signature = JSON.stringify([v, isBusy(account)]);
    const old = parts.tiles.get(v.preset);
    if (old?.signature === signature) continue;
    const node = tile(v, account, old?.node);
    if (old && node !== old.node) old.node.replaceWith(node);
    else if (!old) parts.variants.append(node);
    parts.tiles.set(v.preset, { node, signature });
  }
}

function tile(v, account, old) {
  const caption = element("div", { class: "caption" }, element("b", {}, v.preset));
  if (!v.key) {
    caption.append(element("span", {}, v.reason || (isBusy(account) ? "…" : "not made")));
    return element("div", { class: "variant waiting" }, element("div", { class: "frame" }), caption);
  }
  caption.append(element("span", {}, size(v.width, v.height), element("br"), facts(bytes(v.bytes), milliseconds(v.ms))));
  const source = v.etag ? `${v.url}?v=${v.etag}` : v.url; // past the browser's copy of an older variant
  const shownImage = old?.querySelector("img");
  if (shownImage && (shownImage.getAttribute("src") === source || !v.etag)) { // only the numbers are new
    old.querySelector(".caption").replaceWith(caption);
    return old;
  }
  const image = element("img", {
    src: source, loading: "lazy", decoding: "async", width: v.width, height: v.height,
    alt: `${nameOf(account.key)} as ${v.preset}, ${v.width} by ${v.height} pixels`,
  });
  return element(
    "a", { class: "variant", href: v.url, target: "_blank", rel: "noopener", title: v.key },
    element("div", { class: "frame" }, image), caption,
  );
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
    $("refused").hidden = false;
    $("refused").append(element("li", {}, `${job.name}: ${error.message}`));
  }
  sending.active--;
  sending.sent++;
  if (sending.active === 0 && sending.queue.length === 0) sending.sent = sending.total = 0;
  drawSending();
  next();
}

async function put({ name, file }) {
  const path = name.split("/").map(encodeURIComponent).join("/");
  const response = await fetch(`originals/${path}`, {
    method: "PUT", body: file, headers: { "Content-Type": file.type || "application/octet-stream" },
  });
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
  about = await (await fetch("about")).json();
  $("prefix").textContent = about.originals;
  $("command").textContent = about.command;
  $("cdn").textContent = about.cdn;
  $("s3").textContent = about.s3;
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
      element("p", {}, `${new Date(letter.time).toLocaleTimeString()} · ${count(letter.attempts, "attempt")} · ${letter.id}`),
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
