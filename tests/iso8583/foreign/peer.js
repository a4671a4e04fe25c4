// Encodes and decodes messages with the npm package iso_8583.
//   node peer.js encode FILE   JSON lines {"0": MTI, "4": ...} -> hexadecimal lines
//   node peer.js decode FILE   hexadecimal lines -> JSON lines
// A line that the package refuses is printed as "refused: WHY".
'use strict';
const fs = require('fs');
const Iso = require('iso_8583');

function encode(line) {
  const bytes = new Iso(JSON.parse(line)).getBufferMessage();
  return bytes.error ? `refused: ${bytes.error}` : bytes.toString('hex');
}

function decode(line) {
  const fields = new Iso().getIsoJSON(Buffer.from(line, 'hex'));
  return fields.error ? `refused: ${fields.error}` : JSON.stringify(fields);
}

const [what, file] = process.argv.slice(2);
for (const line of fs.readFileSync(file, 'utf8').split('\n').filter(Boolean))
  console.log((what === 'encode' ? encode : decode)(line));
