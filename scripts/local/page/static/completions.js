// The completion events, as they come over the bus.

import { $, clock, count, element, nameOf } from "./words.js";

const most = 100; // that are shown

export function clearCompletions() {
  $("completions").replaceChildren();
  $("no-completions").hidden = false;
  $("n-completions").textContent = 0;
}

export function addCompletions(all) {
  $("no-completions").hidden = true;
  for (const one of all) $("completions").prepend(line(one));
  while ($("completions").children.length > most) $("completions").lastChild.remove();
  $("n-completions").textContent = all.at(-1).number;
}

function line({ received, detailType, event }) {
  const time = new Date(received);
  const body = element("pre", { class: "log" });
  const details = element(
    "details", {},
    element(
      "summary", {},
      element("time", { datetime: received }, `${clock(time)}.${String(time.getMilliseconds()).padStart(3, "0")}`),
      element("span", { class: `badge ${event.status}` }, event.status),
      element("span", { class: "completion-name" }, nameOf(event.original.key)),
      element("span", { class: "soft" }, says(event)),
    ),
    body,
  );
  details.addEventListener("toggle", () => {
    if (details.open) body.textContent = `${detailType}\n${JSON.stringify(event, null, 2)}`;
  });
  return element("li", { "data-status": event.status, "data-key": event.original.key }, details);
}

function says(event) {
  if (event.kind === "removed") return event.presets?.length ? `${count(event.presets.length, "variant")} gone` : "nothing is left of it";
  const failure = event.manifest?.failures?.[0];
  if (failure) return failure.reason;
  return event.manifest ? count(event.manifest.variants.length, "variant") : "";
}
