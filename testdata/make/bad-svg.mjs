// Drawings that reach outside themselves, run scripts, or grow without end.

export function svgs(add) {
  const svg = (inner, attributes = "", before = "") =>
    `${before}<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="100" height="100"${attributes}>${inner}</svg>\n`;
  const external = (name, text, note) => add(`svg-external-${name}.svg`, "svg-external", text, note);
  const host = "http://127.0.0.1:9/presize"; // the discard port: no page will ever answer there
  external("image-http", svg(`<image width="100" height="100" href="${host}.png"/>`), "image from the network");
  external("image-xlink", svg(`<image width="100" height="100" xlink:href="${host}.png"/>`), "the same by xlink:href");
  external("image-file", svg(`<image width="100" height="100" href="file:///etc/hostname"/>`), "image from the disk");
  external(
    "image-relative",
    svg(`<image width="100" height="100" href="../originals/photos/cat.jpg"/>`),
    "image from beside it",
  );
  external("use", svg(`<use href="${host}.svg#a"/>`), "use of another document");
  external(
    "css-import",
    svg(`<style>@import url("${host}.css");</style><rect width="100" height="100"/>`),
    "style sheet by @import",
  );
  external(
    "css-url",
    svg(`<style>rect{fill:url(${host}.svg#g)}</style><rect width="100" height="100"/>`),
    "url() in a style",
  );
  external(
    "stylesheet",
    svg(
      `<rect width="100" height="100"/>`,
      "",
      `<?xml version="1.0"?>\n<?xml-stylesheet type="text/css" href="${host}.css"?>\n`,
    ),
    "style sheet by processing instruction",
  );
  external(
    "fe-image",
    svg(`<filter id="f"><feImage href="${host}.png"/></filter><rect width="100" height="100" filter="url(#f)"/>`),
    "image in a filter",
  );

  const unsafe = (name, text, note) => add(`svg-unsafe-${name}.svg`, "svg-unsafe", text, note);
  unsafe("script", svg(`<script>alert(1)</script><rect width="100" height="100"/>`), "script element");
  unsafe("onload", svg(`<rect width="100" height="100"/>`, ` onload="alert(1)"`), "script in an attribute");
  unsafe(
    "foreign-object",
    svg(
      `<foreignObject width="100" height="100"><body xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></body></foreignObject>`,
    ),
    "HTML inside",
  );
  const laughs = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join("\n");
  unsafe(
    "billion-laughs",
    svg(`<text y="50">&l9;</text>`, "", `<?xml version="1.0"?>\n<!DOCTYPE svg [\n<!ENTITY l0 "lol">\n${laughs}\n]>\n`),
    "entities that grow to a billion",
  );
  unsafe(
    "external-entity",
    svg(
      `<text y="50">&x;</text>`,
      "",
      `<?xml version="1.0"?>\n<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/hostname">]>\n`,
    ),
    "entity that reads a file (XXE)",
  );
  const doubled = Array.from(
    { length: 30 },
    (_, i) => `<g id="u${i + 1}"><use href="#u${i}"/><use href="#u${i}" x="1"/></g>`,
  ).join("");
  unsafe(
    "use-bomb",
    svg(`<defs><rect id="u0" width="1" height="1"/>${doubled}</defs><use href="#u30"/>`),
    "use of use of use: a billion rectangles",
  );
  unsafe(
    "use-loop",
    svg(`<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>`),
    "two groups that use each other",
  );
  add(
    "svg-huge.svg",
    "too-many-pixels",
    `<svg xmlns="http://www.w3.org/2000/svg" width="1000000" height="1000000"><rect width="10" height="10"/></svg>\n`,
    "a million pixels on each side",
  );
}
