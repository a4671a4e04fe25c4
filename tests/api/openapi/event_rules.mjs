// What a node promises of events and webhooks. Signatures are verified by the convention's own
// package. Needs the accounts of the payments' rules.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { body, isError } from './common.mjs';

/// An endpoint on this machine, and a configuration that lets a node post to it.
export async function receiverFor() {
  const config = '[webhooks]\nallow_private = true\n';
  const receiver = { config, posts: [], waiting: [], status: 200 };
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      receiver.posts.push({ headers: request.headers, text: Buffer.concat(chunks).toString() });
      response.writeHead(receiver.status).end();
      for (const wake of receiver.waiting.splice(0)) wake();
    });
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  receiver.url = `http://127.0.0.1:${server.address().port}/hook`;
  receiver.until = async (isEnough) => {
    while (!isEnough(receiver.posts)) await new Promise((wake) => receiver.waiting.push(wake));
  };
  receiver.stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return receiver;
}

async function eventsAreListedToTheirEnd(client) {
  const ids = [];
  for (let after, more = true; more; ) {
    const params = after === undefined ? { limit: 50 } : { limit: 50, after };
    const page = (await client.ask('listEvents', { params, expect: 200 })).body;
    ids.push(...page.data.map((event) => event.id));
    after = page.next;
    more = page.has_more;
  }
  assert.deepEqual(ids, [...new Set(ids)].sort());
  const event = (await client.ask('getEvent', { params: { id: ids[0] }, expect: 200 })).body;
  assert.equal(event.type, 'payment.created');
  assert.equal(event.payment.state, 'CREATED');
  const refunds = (await client.ask('listEvents', { params: { types: 'refund.*', limit: 100 }, expect: 200 })).body;
  assert(refunds.data.length > 0 && refunds.data.every(({ type }) => type.startsWith('refund.')));
  isError(await client.ask('getEvent', { params: { id: 'evt_1' }, expect: 404 }), 'event_not_found', 'never');
  isError(
    await client.ask('listEvents', { params: { after: 'evt_1' }, expect: 404 }), 'event_not_found', 'never');
  isError(
    await client.ask('listEvents', { params: { types: 'payment.lost' }, expect: 400 }),
    'event_type_unknown', 'never');
}

async function aTimelineHasOneRowForEachEvent(client) {
  const made = await client.ask('createPayment', { key: 'timeline', body, expect: 201 });
  const rows = (await client.ask('getTimeline', { params: { id: made.body.id }, expect: 200 })).body.data;
  assert.deepEqual(rows.map(({ what }) => what), ['created', 'authorized', 'captured']);
  await client.ask('getTimeline', { params: { id: 'pay_none' }, expect: 404 });
}

/// Reads a stream with fetch until `isEnough` of what has come.
async function readStream(address, headers, isEnough) {
  const stop = new AbortController();
  const answer = await fetch(address, {
    headers: { Accept: 'text/event-stream', ...headers }, signal: stop.signal,
  });
  assert.equal(answer.headers.get('content-type'), 'text/event-stream');
  const reader = answer.body.getReader();
  let text = '';
  while (!isEnough(text)) {
    const { value, done } = await reader.read();
    assert(!done, 'the stream has ended');
    text += Buffer.from(value).toString();
  }
  stop.abort();
  return text;
}

async function eventsAreStreamedAndResumed(client) {
  const before = (await client.ask('listEvents', { expect: 200 })).body.newest;
  const made = await client.ask('createPayment', { key: 'streamed', body, expect: 201 });
  const text = await readStream(`${client.address}/v1/events`, { 'Last-Event-ID': before },
    (so_far) => so_far.includes('event: payment.captured\n'));
  const data = text.split('\n').filter((line) => line.startsWith('data: ')).map((line) => JSON.parse(line.slice(6)));
  assert.deepEqual(data.map(({ payment_id, type }) => [payment_id, type]),
    ['created', 'authorized', 'captured'].map((what) => [made.body.id, `payment.${what}`]));
  const rows = await readStream(`${client.address}/v1/payments/${made.body.id}/timeline`, { 'Last-Event-ID': '2' },
    (so_far) => so_far.includes('id: 3\n'));
  assert(!rows.includes('id: 2\n'));
}

async function webhooksAreSignedSoThatOthersCanVerifyThem(client, receiver) {
  const made = await client.ask('createWebhook', {
    body: { url: receiver.url, id: 'we_orders', types: ['payment.captured'] }, expect: 201,
  });
  assert.match(made.body.secret, /^whsec_/);
  isError(
    await client.ask('createWebhook', { body: { url: receiver.url, id: 'we_orders' }, expect: 409 }),
    'webhook_exists', 'never');
  isError(
    await client.ask('createWebhook', { body: { url: 'ftp://x' }, expect: 400 }), 'webhook_url_invalid', 'never');
  const paid = await client.ask('createPayment', { key: 'told', body, expect: 201 });
  await receiver.until((posts) => posts.length > 0);
  const post = receiver.posts[0];
  const told = new Webhook(made.body.secret).verify(post.text, post.headers);
  assert.equal(told.type, 'payment.captured');
  assert.equal(told.data.id, post.headers['webhook-id']);
  assert.equal(told.data.payment_id, paid.body.id);
  assert.throws(() => new Webhook(made.body.secret).verify(`${post.text} `, post.headers));
}

async function afterARotationBothSecretsVerify(client, receiver) {
  const params = { id: 'we_orders' };
  const rotated = (await client.ask('rotateWebhook', { params, expect: 200 })).body;
  assert.equal(rotated.secrets, 2);
  // Whoever delivers knows of it within a second.
  const isSignedTwice = ({ headers }) => headers['webhook-signature'].includes(' ');
  for (let i = 0; !receiver.posts.some(isSignedTwice); ++i) {
    const { length } = receiver.posts;
    await client.ask('createPayment', { key: `rotated-${i}`, body, expect: 201 });
    await receiver.until((posts) => posts.length > length);
  }
  const post = receiver.posts.find(isSignedTwice);
  new Webhook(rotated.secret).verify(post.text, post.headers);
}

async function webhooksAreChangedReplayedAndRemoved(client, receiver) {
  const params = { id: 'we_orders' };
  for (const [id, enabled] of [['disableWebhook', false], ['enableWebhook', true]])
    assert.equal((await client.ask(id, { params, expect: 200 })).body.enabled, enabled);
  const shown = (await client.ask('getWebhook', { params, expect: 200 })).body;
  assert.equal(shown.secret, '');
  assert.equal((await client.ask('listWebhooks', { expect: 200 })).body.data.length, 1);
  await client.ask('listDeliveries', { params, expect: 200 });
  const { length } = receiver.posts;
  const event = receiver.posts[0].headers['webhook-id'];
  const replayed = await client.ask('replayWebhook', { params, body: { event_id: event }, expect: 200 });
  assert.equal(replayed.body.events, 1);
  await receiver.until((posts) => posts.slice(length).some(({ headers }) => headers['webhook-id'] === event));
  isError(await client.ask('replayWebhook', { params, body: {}, expect: 400 }), 'replay_ambiguous', 'never');
  await client.ask('removeWebhook', { params, expect: 200 });
  for (const id of ['getWebhook', 'enableWebhook', 'disableWebhook', 'rotateWebhook', 'removeWebhook', 'listDeliveries'])
    isError(await client.ask(id, { params, expect: 404 }), 'webhook_not_found', 'never');
  isError(
    await client.ask('replayWebhook', { params, body: { dead: true }, expect: 404 }), 'webhook_not_found', 'never');
}

export const ofEvents = [
  eventsAreListedToTheirEnd, aTimelineHasOneRowForEachEvent, eventsAreStreamedAndResumed,
  webhooksAreSignedSoThatOthersCanVerifyThem, afterARotationBothSecretsVerify,
  webhooksAreChangedReplayedAndRemoved,
];
