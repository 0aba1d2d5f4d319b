// The contestants on Node.js: `node worker.mjs blog|blog-parallel|sharp-once|jimp`. Each line of JSON on stdin is one
// upload, each line on stdout the answer to it (scripts/bench/contest/protocol).
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const mode = process.argv[2];
const modes = {
  blog: () => import('./sharp.mjs').then((m) => m.blog),
  'blog-parallel': () => import('./sharp.mjs').then((m) => m.blogParallel),
  'sharp-once': () => import('./sharp.mjs').then((m) => m.once),
  jimp: () => import('./jimp.mjs').then((m) => m.jimp),
};
if (!Object.hasOwn(modes, mode)) {
  console.error(`worker.mjs: ${mode ?? 'no mode'}: want one of ${Object.keys(modes).join(', ')}`);
  process.exit(1);
}
const contestant = await modes[mode]();

// Milliseconds, user and system, of all threads: getrusage(RUSAGE_SELF).
const processor = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

// One upload: the file into a fresh buffer, every variant by the clock, and only then sizes and writing.
async function answer(line) {
  const { file, out, quality } = JSON.parse(line);
  if (quality) throw new Error(`${mode} renders at the presets' own quality only`);
  const original = await readFile(file);
  const cpu = processor();
  const start = performance.now();
  const outputs = await contestant.render(original);
  const spent = { cpu: processor() - cpu, wall: performance.now() - start };
  const variants = [];
  for (const { preset, extension, data } of outputs) {
    const variant = { preset, ...(await contestant.size(data)), bytes: data.length };
    if (out) {
      variant.path = join(out, `${preset}.${extension}`);
      await writeFile(variant.path, data);
    }
    variants.push(variant);
  }
  return { ...spent, variants, error: '', short: await contestant.short(original) };
}

for await (const line of createInterface({ input: process.stdin })) {
  const reply = await answer(line).catch((err) => ({ cpu: 0, wall: 0, variants: [], error: err.message, short: '' }));
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
