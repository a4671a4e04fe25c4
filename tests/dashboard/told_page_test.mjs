// The page as it shows what a made-up node tells it: node told_page_test.mjs PAGE PICTURES
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, afterEach, test } from 'node:test';
import { launch, open } from './browser.mjs';
import { FakeNode } from './fake_node.mjs';
import * as madeUp from './made_up.mjs';

const [folder, pictures] = process.argv.slice(2);
let browser;
let node;

before(async () => (browser = await launch(process.env.CHROMIUM)));
after(() => browser.close());
beforeEach(async () => {
  node = await FakeNode.start(folder);
  madeUp.sayAll(node);
});
afterEach(() => node.stop());

test('whether the books balance is seen first', async () => {
  const { page, close } = await open(browser, node.address);
  await page.waitForSelector('[data-balance="good"]');
  const first = await page.locator('main > :first-child').getAttribute('data-balance');
  assert.equal(first, 'good');
  const off = structuredClone(madeUp.status);
  off.totals[0].in_balance = false;
  off.totals[0].credits_posted = '1';
  node.say('status', off);
  await page.waitForSelector('[data-balance="bad"]');
  assert.match(await page.locator('[data-balance]').innerText(), /Out of balance: EUR/);
  await close();
});

test('what cannot be had is said to be of before', async () => {
  const { page, close } = await open(browser, node.address);
  await page.waitForSelector('[data-balance="good"]');
  node.say('problems', { status: 'the gateway is restarting' });
  await page.waitForSelector('[data-balance="old"]');
  assert.match(await page.innerText('main'), /Not up to date: the gateway is restarting/);
  node.say('problems', {});
  await page.waitForSelector('[data-balance="good"]');
  await close();
});

test('alerts are seen on the first page, until somebody takes care of them', async () => {
  const { page, close } = await open(browser, node.address);
  await page.waitForSelector('[role="alert"]');
  assert.match(await page.innerText('[role="alert"]'), /1 alert fires: node3 is silent/);
  await page.click('[role="alert"] a');
  await page.waitForSelector('[data-alert="DucatNodeDown"][data-state="firing"]');
  assert.equal(await page.locator('[data-alert]').count(), 3);
  assert.match(await page.innerText('[data-silence="2"]'), /every rule.*its disk is replaced/s);
  const cared = structuredClone(madeUp.alerts);
  cared.alerts[0].acknowledged_by = 'me';
  node.say('alerts', cared);
  await page.click('nav a[href="#/"]');
  await page.waitForSelector('[data-balance="good"]');
  assert.equal(await page.locator('[role="alert"]').count(), 0);
  node.say('alerts', { alerts: [], silences: [], looked_at_ms: '0' });
  await page.click('nav a[href="#/alerts"]');
  await page.waitForFunction(() => document.querySelector('main').textContent.includes('does not look for alerts itself'));
  await close();
});

test('how many messages wait and what is left of a budget is as the node says', async () => {
  const { page, close } = await open(browser, node.address);
  await page.click('nav a[href="#/tree"]');
  await page.waitForSelector('[data-child="ledger"] [data-waiting="1204"]');
  assert.equal(await page.getAttribute('[data-child="payments"] [role="meter"]', 'aria-valuenow'), '70');
  assert.match(await page.innerText('[data-child="payments"]'), /1 zombie/);
  node.say('figures', { children: [] });
  await page.waitForSelector('[data-child="ledger"] [data-waiting]', { state: 'detached' });
  await close();
});

test('a cut connection is said, and the page comes back by itself', async () => {
  const { page, close } = await open(browser, node.address, { lossy: true });
  await page.waitForSelector('[data-connection="open"]');
  // Nobody is there for a while.
  node.refuses = true;
  node.cut();
  await page.waitForSelector('[data-connection="lost"]');
  assert.match(await page.innerText('body'), /Connection lost/);
  node.refuses = false;
  await page.waitForSelector('[data-connection="open"]');
  await close();
});

test('who is not let in any more is told why', async () => {
  const { page, close } = await open(browser, node.address, { lossy: true, refused: true });
  await page.waitForSelector('[data-connection="open"]');
  node.refusal = 'a certificate is needed';
  node.cut();
  await page.waitForSelector('[data-connection="refused"]');
  assert.match(await page.innerText('body'), /does not let you in: a certificate is needed\./);
  node.refusal = '';
  await page.reload();
  await page.waitForSelector('[data-connection="open"]');
  assert.doesNotMatch(await page.innerText('body'), /let you in/);
  await close();
});

test('ten thousand children are counted, and shown a page at a time', async () => {
  const { page, close } = await open(browser, `${node.address}`);
  const all = Array.from({ length: 10000 }, (_, n) => madeUp.child(`terminals/t${n}`));
  for (let from = 0; from < 200; from += 50)
    node.answers.set(`/v1/dashboard/children?path=terminals&from=${from}`, { children: all.slice(from, from + 50), count: all.length });
  await page.click('nav a[href="#/tree"]');
  await page.waitForSelector('[data-child="terminals/*"]');
  assert.match(await page.innerText('[data-child="terminals/*"]'), /10,000 children/);
  assert((await page.locator('[data-child]').count()) < 50);
  await page.click('[data-open="terminals"]');
  await page.waitForSelector('[data-row="terminals/t49"]');
  assert.equal(await page.innerText('[data-range]'), '1–50 of 10,000');
  await page.click('[data-next]');
  await page.waitForSelector('[data-row="terminals/t99"]');
  assert.equal(await page.locator('[data-row]').count(), 50);
  // Hundreds of them restart at once.
  for (let n = 0; n < 100; n++)
    node.say('tree', { ...madeUp.tree, crowds: [{ path: 'terminals', count: 10000, states: { running: 10000 - n, restarting: n }, restarts: 35 + n }] });
  await page.waitForSelector('[data-child="terminals/*"][data-restarts="134"]');
  await close();
});

test('a child is crashed by two clicks, marked as a request of the page, and not by one', async () => {
  const { page, close } = await open(browser, node.address);
  await page.click('nav a[href="#/tree"]');
  const button = page.locator('[data-crash="payments/w1"]');
  await button.focus();
  await page.keyboard.press('Enter');
  await page.waitForSelector('dialog[open]');
  await page.keyboard.press('Escape');
  await page.waitForSelector('dialog:not([open])', { state: 'attached' });
  await button.click();
  await page.click('dialog [data-cancel]');
  await page.waitForSelector('dialog:not([open])', { state: 'attached' });
  assert.equal(node.posted.length, 0);
  await button.click();
  await page.selectOption('dialog select', 'exit');
  await page.click('dialog [data-confirm]');
  await page.waitForFunction(() => document.querySelector('[data-outcome]').textContent.includes('payments/w1 was hit'));
  assert.equal(node.posted.length, 1);
  const [{ url, headers, body }] = node.posted;
  assert.equal(url, '/v1/crash');
  assert.deepEqual(body, { path: 'payments/w1', fault: 'exit', times: 1 });
  assert.equal(headers['ducat-request'], 'dashboard');
  assert.equal(headers.origin, node.address);
  await close();
});

test('the link to another node is cut by its button, and to nobody else', async () => {
  const { page, close } = await open(browser, node.address);
  await page.waitForSelector('[data-cut="node2"]');
  assert.equal(await page.locator('[data-cut]').count(), 1, 'node1 is this one, node3 has no link');
  await page.click('[data-cut="node2"]');
  assert.match(await page.innerText('dialog'), /Cut the link to node2/);
  await page.click('dialog [data-confirm]');
  await page.waitForFunction(() => document.querySelector('[data-outcome]').textContent.includes('the link to node2 was hit'));
  assert.deepEqual(node.posted.map((each) => each.body), [{ link: 'node2', lease_ms: 10_000, fault: 'hang', times: 1 }]);
  await close();
});

test('what is stopped cannot be crashed', async () => {
  const { page, close } = await open(browser, node.address);
  await page.click('nav a[href="#/tree"]');
  await page.waitForSelector('[data-crash="settlement/w1"]:disabled');
  await page.waitForSelector('[data-crash="payments/w1"]:enabled');
  await close();
});

test('a short gap is seen, whatever served after it', async () => {
  const { page, close } = await open(browser, node.address);
  await page.click('nav a[href="#/availability"]');
  const group = '[data-subject="group payments"]';
  await page.waitForSelector(group);
  node.say('availability', madeUp.availabilityAfter(1));
  await page.waitForSelector(`${group} rect.serving`);
  const failed = structuredClone(madeUp.availabilityAfter(2));
  const payments = failed.subjects.find((each) => each.kind === 'group' && each.subject === 'payments');
  payments.failed_us = String(Number(payments.failed_us) + 10);
  node.say('availability', failed);
  node.say('availability', { ...failed, subjects: failed.subjects.map((each) => ({ ...each, observed_us: String(Number(each.observed_us) + 1e6) })) });
  const last = page.locator(`${group} rect.failed:last-child`);
  await last.waitFor({ state: 'attached' });
  assert(Number(await last.getAttribute('width')) >= 1);
  assert.match(await page.getAttribute(`${group} svg`, 'aria-label'), /failed for/);
  await close();
});

test('there is no crash button where faults are not allowed', async () => {
  const { page, close } = await open(browser, node.address);
  await page.click('nav a[href="#/tree"]');
  await page.waitForSelector('[data-crash]');
  node.say('status', { ...madeUp.status, faults_allowed: false });
  await page.waitForSelector('[data-crash]', { state: 'detached' });
  await page.click('nav a[href="#/"]');
  await page.waitForSelector('[data-balance]');
  assert.equal(await page.locator('[data-kill], [data-cut]').count(), 0);
  await close();
});

test('what others wrote is text and nothing else', async () => {
  const { page, close } = await open(browser, node.address);
  const hostile = '<img src=x onerror="document.title=\'taken\'">';
  const row = { ...madeUp.payments.data[0], to: hostile, from: hostile, card: '' };
  node.say('payments', { data: [row] });
  await page.click('nav a[href="#/payments"]');
  await page.getByText(hostile).first().waitFor();
  assert.equal(await page.title(), 'ducat');
  await close();
});

const views = ['', 'tree', 'payments', `payments/${madeUp.payment.id}`, 'doubt', 'devices', 'alerts', 'settlement', 'availability'];
const screens = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 } },
};
for (const [name, options] of Object.entries(screens))
  test(`every view has its picture: ${name}`, async () => {
    mkdirSync(pictures, { recursive: true });
    const { page, close } = await open(browser, node.address, options);
    await page.clock.install();
    await page.reload();
    await page.waitForSelector('[data-balance="good"]');
    // Five minutes pass at once.
    for (let second = 1; second <= 300; second += 3) {
      await page.clock.fastForward(3000);
      node.say('availability', madeUp.availabilityAfter(second, second > 90 && second < 120));
      node.say('status', madeUp.statusAfter(second));
      await page.waitForSelector(`[data-figure="payments"] >> text="${madeUp.paymentsAfter(second)}"`);
    }
    for (const view of views) {
      await page.goto(`${node.address}/#/${view}`);
      await page.waitForSelector(`nav [aria-current][href="#/${view.split('/')[0]}"]`);
      if (view.includes('/')) await page.waitForSelector('[data-timeline]');
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert(wide <= 0, `${view || 'overview'} is ${wide} pixels too wide`);
      const file = `${name}-${view.split('/')[1] ? 'payment' : view || 'overview'}.png`;
      await page.screenshot({ path: join(pictures, file), fullPage: name === 'phone' });
    }
    await page.goto(`${node.address}/#/tree`);
    await page.click('[data-crash="payments/w1"]');
    await page.waitForSelector('dialog[open]');
    await page.screenshot({ path: join(pictures, `${name}-crash.png`) });
    await close();
  });
