// Unpacks Chromium, its libraries and a font from the npm package into the folder that is named, beside a program `run` that
// starts it with them. Nothing of the system's is needed but the C library.
import { createReadStream, createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import tar from 'tar-fs';

const to = resolve(process.argv[2]);
const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
const from = join(dirname(entry), '..', 'bin');

const unpack = (name, sink) => pipeline(createReadStream(join(from, name)), createBrotliDecompress(), sink);

mkdirSync(to, { recursive: true });
await unpack('al2023.tar.br', tar.extract(to)); // lib/
await unpack('swiftshader.tar.br', tar.extract(to));
await unpack('fonts.tar.br', tar.extract(to)); // fonts/
await unpack('chromium.br', createWriteStream(join(to, 'chromium'), { mode: 0o755 }));

writeFileSync(join(to, 'fonts.conf'), `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(to, 'fonts')}</dir>
  <cachedir>${join(to, 'fonts-cache')}</cachedir>
  <match><edit name="family" mode="append_last"><string>Open Sans</string></edit></match>
</fontconfig>
`);
// The zygote of this build ends at once outside of Lambda.
writeFileSync(join(to, 'run'), `#!/bin/sh
here=$(dirname "$0")
export LD_LIBRARY_PATH="$here/lib" FONTCONFIG_FILE="$here/fonts.conf"
exec "$here/chromium" --no-zygote "$@"
`, { mode: 0o755 });
