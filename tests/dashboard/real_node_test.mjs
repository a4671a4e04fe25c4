// The page of a real node: node real_node_test.mjs DUCAT
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open } from './browser.mjs';
import { Node } from './node.mjs';

const [program] = process.argv.slice(2);
let browser;
let node;

before(async () => {
  browser = await launch(process.env.CHROMIUM);
  node = await Node.start(program, '--allow-faults');
});
after(async () => {
  await browser.close();
  await node.stop();
});

async function post(path, body, headers = {}) {
  const answer = await fetch(node.address + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  assert(answer.ok, `${path}: ${answer.status}`);
  return answer.json();
}

async function pay(key, amount) {
  return post('/v1/payments', { from: 'world', to: 'shop', amount: String(amount), currency: 'EUR' }, { 'Idempotency-Key': key });
}

test('a child is crashed by its button, and is seen to heal', async () => {
  const { page, close } = await open(browser, node.address);
  await page.waitForSelector('[data-connection="open"]');
  await page.waitForSelector('[data-balance="good"]');
  await page.click('nav a[href="#/tree"]');
  await page.waitForSelector('[data-child="ledger"][data-state="running"]');
  await page.waitForSelector('[data-child="payments/w1"][data-state="running"][data-restarts="0"]');
  await page.click('[data-crash="payments/w1"]');
  await page.click('[data-confirm]');
  await page.waitForSelector('[data-child="payments/w1"][data-state="running"][data-restarts="1"][data-life="2"]');
  await page.waitForSelector('[data-healing] >> text=payments/w1');
  assert.match(await page.innerText('[data-outcome]'), /payments\/w1 was hit/);
  await close();
});

test('the ledger is crashed and recovers: its light is green again', async () => {
  const { page, close } = await open(browser, node.address);
  await page.waitForSelector('[data-balance="good"]');
  await page.click('nav a[href="#/tree"]');
  await page.click('[data-crash="ledger"]');
  await page.click('[data-confirm]');
  await page.waitForSelector('[data-child="ledger"][data-state="running"][data-life="2"]');
  await page.click('nav a[href="#/"]');
  await page.waitForSelector('[data-balance="good"]');
  await page.waitForSelector('[data-figure="restarts"]');
  await close();
});

test('a payment shows as it happens, with its timeline', async () => {
  for (const id of ['world', 'shop']) await post('/v1/accounts', accountOf(id));
  const { page, close } = await open(browser, node.address);
  await page.click('nav a[href="#/payments"]');
  const { id } = await pay('dashboard-1', 2500);
  await page.click(`[data-payment="${id}"] a`);
  await page.waitForSelector('[data-timeline] >> text=captured');
  assert.match(await page.innerText('main'), /25\.00 EUR/);
  await page.click('nav a[href="#/"]');
  await page.waitForSelector('[data-balance="good"] >> text=/25.00 EUR debits/');
  await close();
});

test('several tabs show the same, and each has one connection that stays', async () => {
  const all = await Promise.all([1, 2, 3].map(() => open(browser, node.address)));
  for (const { page } of all) await page.waitForSelector('[data-balance="good"]');
  for (const { page } of all) {
    const streams = await page.evaluate(() => performance.getEntriesByType('resource').filter((e) => e.name.includes('/v1/')).length);
    assert(streams <= 1, `${streams} requests`);
  }
  for (const { close } of all) await close();
});

test('a node that does not allow faults shows no button for them', async () => {
  const careful = await Node.start(program);
  try {
    const { page, close } = await open(browser, careful.address);
    await page.waitForSelector('[data-balance="good"]');
    await page.click('nav a[href="#/tree"]');
    await page.waitForSelector('[data-child="payments/w1"]');
    assert.equal(await page.locator('[data-crash]').count(), 0);
    await close();
  } finally {
    await careful.stop();
  }
});

test('a page from elsewhere cannot crash anything', async () => {
  const body = JSON.stringify({ path: 'payments/w2' });
  const port = new URL(node.address).port;
  for (const headers of [
    { Origin: 'http://127.0.0.1:1' }, // Another program's page on this machine.
    { Origin: node.address }, // As a form could send it.
    { Origin: `http://localhost:${port}`, 'Ducat-Request': 'dashboard' },
  ]) {
    const answer = await fetch(`${node.address}/v1/crash`, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body });
    assert.equal(answer.status, 403, JSON.stringify(headers));
  }
});

function accountOf(id) {
  return id === 'world' ? { id, currency: 'EUR', overdraft: true } : { id, currency: 'EUR' };
}
