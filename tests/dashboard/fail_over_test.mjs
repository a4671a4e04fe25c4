// A group fails over in the page of another node: node fail_over_test.mjs DUCAT
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { launch, open } from './browser.mjs';

const [program] = process.argv.slice(2);

/// A cluster of `ducat up`, whose nodes are killed by their ids.
class Cluster {
  static async start(...options) {
    const cluster = new Cluster();
    cluster.folder = mkdtempSync(join(tmpdir(), 'ducat-dashboard-'));
    const words = ['up', '--dir', join(cluster.folder, 'cluster'), '--base-port', '0', ...options];
    cluster.process = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    cluster.ended = new Promise((resolve) => cluster.process.once('exit', resolve));
    cluster.pids = new Map();
    cluster.addresses = new Map();
    const lines = createInterface({ input: cluster.process.stdout });
    cluster.heard = new Promise((resolve, reject) => {
      lines.on('line', (line) => cluster.hear(line, resolve));
      lines.on('close', () => reject(new Error('the cluster ended before it was ready')));
    });
    await cluster.heard;
    return cluster;
  }

  hear(line, ready) {
    const [, name, pid] = /^(node\d) started pid=(\d+)/.exec(line) ?? [];
    if (name) this.pids.set(name, Number(pid));
    const [, id, address] = /node_ready id=(\S+) .*http=(\S+)/.exec(line) ?? [];
    if (id) this.addresses.set(id, `http://${address}`);
    if (this.addresses.size === 3) ready();
  }

  async stop() {
    this.process.kill('SIGTERM');
    await this.ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

test('a node is killed, and another one is seen to serve its group', async () => {
  const cluster = await Cluster.start('--nodes', '3', '--payments', 'primary_backup', '--allow-faults');
  const browser = await launch(process.env.CHROMIUM);
  try {
    const watched = 'node3';
    const { page, close } = await open(browser, cluster.addresses.get(watched), { lossy: true });
    await page.waitForSelector('[data-balance="good"]');
    const group = page.locator('[data-group="payments"]');
    await page.waitForSelector('[data-group="payments"][data-serving^="node"]');
    const serving = await group.getAttribute('data-serving');
    assert.notEqual(serving, watched, 'the preferred node serves, which is not the last');
    process.kill(cluster.pids.get(serving), 'SIGKILL');
    await page.waitForSelector(`[data-group="payments"]:not([data-serving="${serving}"]):not([data-serving=""])`, { timeout: 60_000 });
    assert.notEqual(await group.getAttribute('data-serving'), serving);
    // It comes back, and stands by.
    await page.waitForSelector(`[data-node="${serving}"][data-state="alive"]`, { timeout: 60_000 });
    await page.waitForSelector('[data-balance="good"]');
    await close();
  } finally {
    await browser.close();
    await cluster.stop();
  }
});

test('a link to another node is cut, and is there again', async () => {
  const cluster = await Cluster.start('--nodes', '3', '--allow-faults');
  const browser = await launch(process.env.CHROMIUM);
  try {
    const { page, close } = await open(browser, cluster.addresses.get('node3'));
    await page.click('[data-cut="node1"]');
    await page.click('[data-confirm]');
    await page.waitForSelector('[data-node="node1"]:not(:has([data-cut]))', { timeout: 60_000 });
    assert.equal(await page.locator('[data-cut="node2"]').count(), 1, 'the other link stays');
    await page.waitForSelector('[data-cut="node1"]', { timeout: 60_000 });
    await page.waitForSelector('[data-balance="good"]');
    await close();
  } finally {
    await browser.close();
    await cluster.stop();
  }
});

test('a node is killed by its own page, which says that it is gone and comes back', async () => {
  const cluster = await Cluster.start('--nodes', '3', '--allow-faults');
  const browser = await launch(process.env.CHROMIUM);
  try {
    const { page, close } = await open(browser, cluster.addresses.get('node2'), { lossy: true });
    await page.waitForSelector('[data-balance="good"]');
    await page.click('[data-kill]');
    await page.click('[data-confirm]');
    await page.waitForSelector('[data-connection="lost"]', { timeout: 60_000 });
    await page.waitForSelector('[data-connection="open"]', { timeout: 60_000 });
    await page.waitForSelector('[data-balance="good"]');
    await close();
  } finally {
    await browser.close();
    await cluster.stop();
  }
});
