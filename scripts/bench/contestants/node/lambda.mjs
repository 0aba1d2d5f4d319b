#!/usr/bin/env node
// A thumbnail function for Lambda as blog posts write it: GetObject, one resize for each size, each from the original's bytes, and
// PutObject. It checks nothing and looks after nothing, which keeps it fast. The loop at its end does what Lambda's own runtime
// for Node.js does around a handler.

import http from 'node:http';

import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import sharp from 'sharp';

const sizes = [
  { name: 'small', resize: { width: 368, withoutEnlargement: true } },
  { name: 'medium', resize: { width: 720, withoutEnlargement: true } },
  { name: 'large', resize: { width: 1440, withoutEnlargement: true } },
  { name: 'thumbnail', resize: { width: 150, height: 150, fit: 'cover' }, webp: { quality: 85, effort: 6 } },
];

// ONLY is the name of the one size to make.
const wanted = sizes.filter((size) => (process.env.ONLY || size.name) === size.name);
if (wanted.length === 0) throw new Error(`ONLY is "${process.env.ONLY}"; it must be one of ${sizes.map((size) => size.name).join(', ')}`);

const s3 = new S3Client({ forcePathStyle: true }); // with AWS_ENDPOINT_URL_S3

async function handle(event) {
  for (const record of event.Records) {
    const Bucket = record.s3.bucket.name;
    const key = decodeURIComponent(record.s3.object.key.replaceAll('+', ' '));
    const object = await s3.send(new GetObjectCommand({ Bucket, Key: key }));
    const original = Buffer.from(await object.Body.transformToByteArray());
    for (const { name, resize, webp } of wanted) {
      const image = sharp(original, { animated: true }).autoOrient().resize(resize);
      if (webp) image.webp(webp);
      else image.jpeg({ quality: 80, force: false }).webp({ quality: 80, force: false }).avif({ quality: 80, effort: 3, force: false });
      const { data, info } = await image.toBuffer({ resolveWithObject: true });
      const Key = key.replace(/^originals\//, `resized/${name}/`).replace(/\.[^./]*$/, `.${info.format}`);
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: data, ContentType: `image/${info.format}` }));
    }
  }
  return { done: event.Records.length };
}

// The Runtime API: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html.
const runtime = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation/`;
const agent = new http.Agent({ keepAlive: true });

function call(method, path, value) {
  const body = value === undefined ? '' : JSON.stringify(value);
  const headers = body ? { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) } : {};
  return new Promise((resolve, reject) => {
    const request = http.request(runtime + path, { method, agent, headers }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks).toString() }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

for (;;) {
  const next = await call('GET', 'next');
  const id = next.headers['lambda-runtime-aws-request-id'];
  try {
    await call('POST', `${id}/response`, await handle(JSON.parse(next.body)));
  } catch (error) {
    await call('POST', `${id}/error`, { errorMessage: error.message, errorType: error.name });
  }
}
