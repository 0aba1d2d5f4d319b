// Other programs, run on temporary files. Each is a Debian package; testdata/README.md names them.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// run writes `inputs` (name -> bytes), runs the program beside them and returns the bytes of `output`.
export function run(program, args, inputs, output) {
  const folder = mkdtempSync(join(tmpdir(), "presize-"));
  try {
    for (const [name, bytes] of Object.entries(inputs)) writeFileSync(join(folder, name), bytes);
    execFileSync(program, args, { cwd: folder, stdio: "pipe" });
    return readFileSync(join(folder, output));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
