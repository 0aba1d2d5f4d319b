// sharp in three ways. The buffer of an upload is never seen twice, so that libvips' operation cache would only hold memory.
import sharp from 'sharp';

sharp.cache(false);

const widths = { small: 368, medium: 720, large: 1440 };
const thumbnail = { width: 150, height: 150, fit: 'cover' };

// The original's format at the quality and effort that everyone writes. AVIF is at Presize's default, which takes sharp a
// fifth of the time of its own, 4; and so is GIF.
const encoders = {
  jpeg: (image) => image.jpeg({ quality: 80 }),
  png: (image) => image.png({ compressionLevel: 6 }),
  webp: (image, animation) => image.webp({ quality: 80, effort: 4, ...animation }),
  gif: (image, animation) => image.gif({ effort: 3, ...animation }),
  avif: (image) => image.avif({ quality: 80, effort: 3, chromaSubsampling: '4:2:0' }),
};

const extensions = { jpeg: 'jpg', png: 'png', webp: 'webp', gif: 'gif', avif: 'avif' };

// The name of a format as encoders has it. What sharp calls heif is AVIF or, with an HEVC decoder, a phone's HEIC.
function formatOf({ format, compression }) {
  const name = format === 'heif' && compression === 'av1' ? 'avif' : format;
  if (!Object.hasOwn(encoders, name)) throw new Error(`sharp does not decode ${compression ?? format}`);
  return name;
}

// What makes each variant, given what opens the pixels that it is made from.
function jobs(open, format, animation) {
  const shrunk = Object.entries(widths).map(([preset, width]) => async () => ({
    preset,
    extension: extensions[format],
    data: await encoders[format](open().resize({ width, withoutEnlargement: true }), animation).toBuffer(),
  }));
  return [...shrunk, async () => ({
    preset: 'thumbnail',
    extension: 'webp',
    data: await open().resize(thumbnail).webp({ quality: 85, effort: 6, ...animation }).toBuffer(),
  })];
}

async function inTurn(list) {
  const made = [];
  for (const job of list) made.push(await job());
  return made;
}

const size = async (data) => {
  const { width, height, pageHeight } = await sharp(data).metadata();
  return { width, height: pageHeight ?? height };
};
const short = async () => '';

// As the tutorials have it: the original's bytes once more for each size.
async function fromBytes(original) {
  const format = formatOf(await sharp(original).metadata());
  return jobs(() => sharp(original, { animated: true }).autoOrient(), format);
}

export const blog = { render: async (original) => inTurn(await fromBytes(original)), size, short };

export const blogParallel = {
  render: async (original) => Promise.all((await fromBytes(original)).map((job) => job())),
  size,
  short,
};

// Decoded once to raw pixels of the largest size, and every variant from them.
export const once = {
  async render(original) {
    const metadata = await sharp(original).metadata();
    const format = formatOf(metadata);
    const { data, info } = await sharp(original, { animated: true })
      .autoOrient()
      .resize({ width: widths.large, withoutEnlargement: true })
      .raw()
      .toBuffer({ resolveWithObject: true });
    const raw = { width: info.width, height: info.height, channels: info.channels };
    if (!info.pageHeight) return inTurn(jobs(() => sharp(data, { raw }), format));
    raw.pageHeight = info.pageHeight;
    const animation = { delay: metadata.delay, loop: metadata.loop };
    return inTurn(jobs(() => sharp(data, { raw, animated: true }), format, animation));
  },
  size,
  short,
};
