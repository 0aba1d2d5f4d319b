// Real files of kinds that are not rendered, each as small as its kind allows.
import { png } from "./lib/png.mjs";

export function unsupported(add) {
  const kind = (file, bytes, note) => add(file, "unsupported-type", bytes, note);
  const bmp = Buffer.alloc(58);
  bmp.write("BM");
  bmp.writeUInt32LE(58, 2);
  bmp.writeUInt32LE(54, 10);
  bmp.writeUInt32LE(40, 14);
  bmp.writeInt32LE(1, 18);
  bmp.writeInt32LE(1, 22);
  bmp.writeUInt16LE(1, 26);
  bmp.writeUInt16LE(24, 28);
  bmp.writeUInt32LE(4, 34);
  bmp.set([0, 0, 255], 54);
  kind("pixel.bmp", bmp, "BMP, one red pixel");

  const small = png({ width: 16, height: 16, colour: "rgb", depth: 8, samples: Array(768).fill(90) });
  const ico = Buffer.alloc(22);
  ico.set([0, 0, 1, 0, 1, 0, 16, 16, 0, 0, 1, 0, 32, 0]);
  ico.writeUInt32LE(small.length, 14);
  ico.writeUInt32LE(22, 18);
  kind("favicon.ico", Buffer.concat([ico, small]), "ICO that holds a PNG");

  const psd = Buffer.alloc(26 + 12 + 2 + 3);
  psd.write("8BPS");
  psd.writeUInt16BE(1, 4);
  psd.writeUInt16BE(3, 12);
  psd.writeUInt32BE(1, 14);
  psd.writeUInt32BE(1, 18);
  psd.writeUInt16BE(8, 22);
  psd.writeUInt16BE(3, 24);
  kind("pixel.psd", psd, "PSD, one black pixel");

  const objects = [
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>",
  ];
  let pdf = "%PDF-1.4\n";
  const at = objects.map((o, i) => {
    const here = pdf.length;
    pdf += `${i + 1} 0 obj${o}endobj\n`;
    return here;
  });
  const xref = pdf.length;
  pdf += `xref\n0 4\n0000000000 65535 f \n${at.map((a) => `${String(a).padStart(10, "0")} 00000 n \n`).join("")}trailer<</Size 4/Root 1 0 R>>\nstartxref\n${xref}\n%%EOF\n`;
  kind("page.pdf", pdf, "PDF, one empty page");
  kind("page.jpg", pdf, "the same, named .jpg");
  kind(
    "drawing.eps",
    "%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 72 72\n%%EndComments\n0 0 72 72 rectfill\nshowpage\n%%EOF\n",
    "EPS",
  );

  const box = (type, ...body) => {
    const b = Buffer.concat(body);
    const h = Buffer.alloc(8);
    h.writeUInt32BE(b.length + 8);
    h.write(type, 4);
    return Buffer.concat([h, b]);
  };
  const mvhd = Buffer.alloc(100);
  mvhd.writeUInt32BE(1000, 12);
  mvhd.writeUInt32BE(0x10000, 20);
  mvhd.writeUInt16BE(0x100, 24);
  mvhd.writeUInt32BE(1, 96);
  kind(
    "movie.mp4",
    Buffer.concat([
      box("ftyp", Buffer.from("isom\0\0\x02\0isommp41")),
      box("moov", box("mvhd", mvhd)),
      box("mdat", Buffer.alloc(16)),
    ]),
    "MP4 without a track",
  );
}
