// An acquirer on the npm package iso_8583: says its port, then prints each message that comes, as
// the package decodes it, and answers it. A payment of 13 is approved in silence.
'use strict';
const net = require('net');
const Iso = require('iso_8583');

const echoed = ['3', '4', '7', '11', '37', '41', '42', '49', '70', '90'];

function answer(fields) {
  const made = { 0: fields['0'].slice(0, 2) + (fields['0'][2] === '2' ? '3' : '1') + '0', 39: '00' };
  for (const field of echoed) if (fields[field] !== undefined) made[field] = fields[field];
  if (fields['0'] === '0200') made['38'] = 'NPM001';
  return new Iso(made).getBufferMessage();
}

net.createServer((socket) => {
  let bytes = Buffer.alloc(0);
  socket.on('error', () => {});
  socket.on('data', (more) => {
    bytes = Buffer.concat([bytes, more]);
    while (bytes.length >= 2 && bytes.length >= 2 + bytes.readUInt16BE(0)) {
      const size = 2 + bytes.readUInt16BE(0);
      const fields = new Iso().getIsoJSON(bytes.subarray(0, size));
      bytes = bytes.subarray(size);
      console.log(fields.error ? `refused: ${fields.error}` : JSON.stringify(fields));
      if (!(fields['0'] === '0200' && fields['4'] === '000000000013')) socket.write(answer(fields));
    }
  });
}).listen(0, '127.0.0.1', function () { console.log(`port=${this.address().port}`); });
