// A terminal on the npm package iso_8583: each line of FILE is a message to be sent, in JSON
// {"0": MTI, "4": ...}, and its answer is waited for; after "post " it is not. "listen MS" waits so
// long and prints "silence" if nothing comes. What comes is printed as the package decodes it.
//   node terminal.js PORT FILE
'use strict';
const net = require('net');
const fs = require('fs');
const Iso = require('iso_8583');

const [port, file] = process.argv.slice(2);
const socket = net.connect(Number(port), '127.0.0.1');
let bytes = Buffer.alloc(0);
let came = 0;
let wanted = null;

// The package puts no stream together: each frame is cut out here.
socket.on('data', (more) => {
  bytes = Buffer.concat([bytes, more]);
  while (bytes.length >= 2 && bytes.length >= 2 + bytes.readUInt16BE(0)) {
    const size = 2 + bytes.readUInt16BE(0);
    const fields = new Iso().getIsoJSON(bytes.subarray(0, size));
    bytes = bytes.subarray(size);
    console.log(fields.error ? `refused: ${fields.error}` : JSON.stringify(fields));
    ++came;
    if (wanted) wanted();
  }
});
socket.on('error', (why) => { console.log(`refused: ${why}`); process.exit(1); });
socket.on('close', () => process.exit(1));

const answers = (count) => new Promise((resolve) => {
  wanted = () => { if (came >= count) { wanted = null; resolve(); } };
  wanted();
});

const silence = (ms) => new Promise((resolve) => {
  const before = came;
  setTimeout(() => { if (came === before) console.log('"silence"'); resolve(); }, ms);
});

async function run() {
  for (const line of fs.readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
    const [word, number] = line.split(' ');
    if (word === 'listen') {
      await silence(Number(number));
    } else {
      const frame = new Iso(JSON.parse(line.replace(/^post /, ''))).getBufferMessage();
      if (frame.error) throw new Error(frame.error);
      const before = came;
      socket.write(frame);
      if (word !== 'post') await answers(before + 1);
    }
  }
  process.exit(0);
}

socket.on('connect', () => run().catch((why) => { console.log(`refused: ${why}`); process.exit(1); }));
