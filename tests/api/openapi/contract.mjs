// Holds a running node to its OpenAPI document: node contract.mjs OPENAPI DUCAT API_SHAPE
import { execFileSync } from 'node:child_process';
import { Client } from './client.mjs';
import { Document } from './document.mjs';
import { Node } from './node.mjs';
import { ofEvents, receiverFor } from './event_rules.mjs';
import {
  everyOtherDocumentedAnswerCame, faultsAreForNodesThatAllowThem, linksAreShownDrainedAndResumed, ofNodes,
} from './node_rules.mjs';
import { ofPayments } from './payment_rules.mjs';
import { ofSettlement } from './settlement_rules.mjs';
import * as shape from './shape.mjs';

const [openapi, program, shapeProgram] = process.argv.slice(2);
const document = new Document(openapi);
const printed = JSON.parse(execFileSync(shapeProgram, { encoding: 'utf8' }));
let failed = 0;

async function hold(rule, ...to) {
  try {
    await rule(...to);
    console.log(`ok   ${rule.name}`);
  } catch (why) {
    ++failed;
    console.log(`FAIL ${rule.name}: ${why.message}`);
  }
}

await hold(shape.everyRouteIsDocumentedAndTheOtherWayRound, document, printed.routes);
await hold(shape.everyFieldIsDocumentedAndTheOtherWayRound, document, printed.messages);

const receiver = await receiverFor();
const node = await Node.startConfigured(program, `[alerts]\n${receiver.config}`, '--allow-faults');
const careful = await Node.start(program);
const linked = await Node.startConfigured(program, `
[[acquirer]]
name = "acme"
addresses = ["127.0.0.1:1", "127.0.0.1:1"] # Nobody is there.
plain = true
terminal = "TERM0001"
merchant = "MERCHANT0000001"
`);
try {
  const client = new Client(document, node.address);
  for (const rule of [...ofPayments, ...ofNodes, ...ofSettlement]) await hold(rule, client);
  for (const rule of ofEvents) await hold(rule, client, receiver);
  client.address = careful.address;
  await hold(faultsAreForNodesThatAllowThem, client);
  client.address = linked.address;
  await hold(linksAreShownDrainedAndResumed, client);
  await hold(everyOtherDocumentedAnswerCame, client);
} finally {
  await Promise.all([node.stop(), careful.stop(), linked.stop()]);
  receiver.stop();
}
process.exitCode = failed === 0 ? 0 : 1;
