// Debian's chromium with a fresh profile, and a page that must not complain.
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

export async function launch(executablePath) {
  // The profile is in a temporary folder that goes with it. A container as a rule has neither a
  // sandbox for a browser that root runs, nor room in /dev/shm.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'] });
}

/// Opens `address` in a context of its own, and notes all that must not happen: errors on the console,
/// and requests elsewhere. `lossy`: the node goes away meanwhile, `refused`: it answers 401 or 403, which
/// the browser itself reports.
export async function open(browser, address, { lossy = false, refused = false, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, ...options });
  const page = await context.newPage();
  const complaints = [];
  page.on('pageerror', (why) => complaints.push(`error: ${why}`));
  page.on('console', (message) => {
    const isOfLoss = lossy && /net::ERR_(CONNECTION|INCOMPLETE|EMPTY|SOCKET)/.test(message.text());
    const isOfRefusal = refused && /status of 40[13]/.test(message.text());
    if (message.type() === 'error' && !isOfLoss && !isOfRefusal) complaints.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(`${address}/`)) complaints.push(`request elsewhere: ${request.url()}`);
  });
  await page.goto(`${address}/`);
  const close = async () => {
    await context.close();
    assert.deepEqual(complaints, []);
  };
  return { page, close };
}
