// Writing files, and the tables that say what each must come out as.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const testdata = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

export function write(file, bytes) {
  mkdirSync(dirname(join(testdata, file)), { recursive: true });
  writeFileSync(join(testdata, file), bytes);
}

// Table collects entries, one line each in the JSON file, sorted by file.
export class Table {
  #entries = [];

  constructor(folder) {
    this.folder = folder;
  }

  // add writes the bytes, when there are any, and notes the facts.
  add(file, bytes, facts) {
    if (bytes) write(join(this.folder, file), bytes);
    this.#entries.push({ file, ...facts });
  }

  save(name) {
    const sorted = this.#entries.sort((a, b) => (a.file < b.file ? -1 : 1));
    write(name, `[\n${sorted.map((e) => "  " + JSON.stringify(e)).join(",\n")}\n]\n`);
  }
}

// still: the facts of a picture with one frame.
export function still(type, { width, height }, note, more = {}) {
  return { type, width, height, frames: 1, alpha: false, ...more, note };
}
