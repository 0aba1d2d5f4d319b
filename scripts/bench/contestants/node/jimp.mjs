// jimp: no native code. It decodes once and clones, the only way its API offers.
import { Jimp, JimpMime } from 'jimp';

const widths = { small: 368, medium: 720, large: 1440 };

const extensions = { [JimpMime.jpeg]: 'jpg', [JimpMime.png]: 'png' };

const options = {
  [JimpMime.jpeg]: { quality: 80 },
  [JimpMime.png]: { deflateLevel: 6 },
};

export const jimp = {
  async render(original) {
    const image = await Jimp.fromBuffer(original);
    if (image.mime === JimpMime.gif) throw new Error('jimp keeps the first frame of an animation only');
    if (!Object.hasOwn(options, image.mime)) throw new Error(`jimp has no encoder for ${image.mime}`);
    const made = [];
    for (const [preset, width] of Object.entries(widths)) {
      const small = image.clone();
      if (small.width > width) small.resize({ w: width });
      made.push({ preset, extension: extensions[image.mime], data: await small.getBuffer(image.mime, options[image.mime]) });
    }
    const data = await image.cover({ w: 150, h: 150 }).getBuffer(JimpMime.jpeg, { quality: 85 });
    made.push({ preset: 'thumbnail', extension: 'jpg', data });
    return made;
  },

  async size(data) {
    const { width, height } = await Jimp.fromBuffer(data);
    return { width, height };
  },

  // What its variants showed: it turns by EXIF, and knows no profiles.
  async short(original) {
    const image = await Jimp.fromBuffer(original);
    const short = ['thumbnail as JPEG'];
    if (image.hasAlpha()) short.push('transparency lost in it');
    if (original.includes('ICC_PROFILE\0') || original.includes('iCCP')) short.push('colour profile ignored');
    return short.join('; ');
  },
};
