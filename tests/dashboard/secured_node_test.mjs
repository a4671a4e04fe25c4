// The page of a node that asks who calls, over TLS: node secured_node_test.mjs DUCAT
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launch, open } from './browser.mjs';
import { Node } from './node.mjs';

const [program] = process.argv.slice(2);
const certs = mkdtempSync(join(tmpdir(), 'ducat-certs-'));
let browser;
let node;

function ducat(...words) {
  execFileSync(program, words, { stdio: ['ignore', 'ignore', 'inherit'] });
}

before(async () => {
  ducat('certs', 'init', '--dir', certs, '--cluster', 'test');
  ducat('certs', 'node', 'n1', '--dir', certs, '--host', '127.0.0.1');
  for (const role of ['chaos', 'viewer']) ducat('certs', 'client', `a-${role}`, '--role', role, '--dir', certs);
  const config = `cluster = "test"\n[access]\nca = "${certs}/ca.crt"\ncertificate = "${certs}/n1.crt"\nkey = "${certs}/n1.key"\n`;
  node = await Node.startConfigured(program, config, '--allow-faults');
  browser = await launch(process.env.CHROMIUM);
});
after(async () => {
  await browser.close();
  await node.stop();
  rmSync(certs, { recursive: true });
});

/// Opens the page as the one with that certificate would; the CA of the node is no public one.
async function openAs(name, options = {}) {
  const address = node.address.replace('http:', 'https:');
  const clientCertificates = name ? [{ origin: address, certPath: join(certs, `${name}.crt`), keyPath: join(certs, `${name}.key`) }] : undefined;
  return open(browser, address, { ignoreHTTPSErrors: true, clientCertificates, ...options });
}

test('whoever may, crashes a child, and sees it heal', async () => {
  const { page, close } = await openAs('a-chaos');
  await page.waitForSelector('[data-balance="good"]');
  await page.click('nav a[href="#/tree"]');
  await page.click('[data-crash="payments/w1"]');
  await page.click('[data-confirm]');
  await page.waitForSelector('[data-child="payments/w1"][data-state="running"][data-restarts="1"][data-life="2"]');
  await close();
});

test('who may only look is told so, and nothing is crashed', async () => {
  const { page, close } = await openAs('a-viewer', { refused: true });
  await page.waitForSelector('[data-balance="good"]');
  await page.click('nav a[href="#/tree"]');
  await page.waitForSelector('[data-child="payments/w2"][data-state="running"][data-life="1"]');
  await page.click('[data-crash="payments/w2"]');
  await page.click('[data-confirm]');
  await page.waitForSelector('[data-outcome] >> text=/w2 was not hit: .*viewer/');
  assert.equal(await page.getAttribute('[data-child="payments/w2"]', 'data-life'), '1');
  await close();
});

test('nobody is shown anything but that they are not let in', async () => {
  const { page, close } = await openAs(null, { refused: true });
  await page.waitForSelector('[data-connection="refused"]');
  assert.match(await page.innerText('body'), /does not let you in: a certificate of a client of this cluster is needed/);
  assert.equal(await page.locator('[data-child]').count(), 0);
  await close();
});
