// What the page makes of what it is told, without a browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { duration, grouped, money, percent } from './model/format.mjs';
import { RestartLog } from './model/restarts.mjs';
import { Rate, Series } from './model/series.mjs';
import { Strip } from './model/strip.mjs';
import { drawnMax, layOut, parentOf, treeOf } from './model/tree.mjs';

const child = (path, more = {}) => ({ path, kind: 'worker', state: 'running', restarts: '0', last_exit: '', ...more });

test('amounts are written in the major unit of their currency', () => {
  assert.equal(money('123456', 'EUR'), '1,234.56 EUR');
  assert.equal(money('5', 'EUR'), '0.05 EUR');
  assert.equal(money('-250', 'EUR'), '-2.50 EUR');
  assert.equal(money('1234', 'JPY'), '1,234 JPY');
  assert.equal(money('1234', 'KWD'), '1.234 KWD');
  assert.equal(money('123456789012345678901234', 'EUR'), '1,234,567,890,123,456,789,012.34 EUR');
});

test('numbers, times and shares are written for people', () => {
  assert.equal(grouped('1234567'), '1,234,567');
  assert.deepEqual([12, 1200, 42_000, 90_000, 7_260_000, 90_000_000].map(duration), [
    '12 ms', '1.2 s', '42 s', '1 min 30 s', '2 h 1 min', '1 d 1 h',
  ]);
  assert.deepEqual([1, 0.5, 0.99987, undefined].map(percent), ['100 %', '50.0 %', '99.987 %', '–']);
});

test('a tree has its children below their supervisors, and crowds as leaves', () => {
  const root = treeOf('node1', {
    children: [child('a'), child('b', { kind: 'supervisor' }), child('b/x')],
    crowds: [{ path: 'b', count: 10000, states: { running: 10000 }, restarts: 0 }],
  });
  assert.equal(root.name, 'node1');
  assert.deepEqual(root.children.map((n) => n.path), ['a', 'b']);
  assert.deepEqual(root.children[1].children.map((n) => n.path), ['b/x', 'b/*']);
  assert.equal(parentOf('b/x'), 'b');
  assert.equal(parentOf('b'), '');
});

test('no more are drawn than can be looked at', () => {
  const children = Array.from({ length: 10000 }, (_, n) => child(`c${n}`));
  assert.equal(treeOf('node1', { children, crowds: [] }).children.length, drawnMax);
});

for (const width of [360, 1240])
  test(`at ${width} pixels no two boxes are on each other, and all have a line`, () => {
    const children = [child('a'), child('b', { kind: 'supervisor' })];
    for (let n = 1; n < 9; n++) children.push(child(`b/w${n}`));
    children.push(child('c', { kind: 'supervisor' }), child('c/d', { kind: 'supervisor' }), child('c/d/e'));
    const { places, lines, height } = layOut(treeOf('node1', { children, crowds: [] }), width);
    assert.equal(places.length, children.length + 1);
    assert.equal(lines.length, children.length);
    for (const one of places) {
      assert(one.x >= 0 && one.x + one.width <= width + 0.5, `${one.node.path} is inside`);
      assert(one.y > 0 && one.y < height, `${one.node.path} is inside`);
      for (const other of places.filter((o) => o !== one)) {
        const isBeside = one.x + one.width <= other.x || other.x + other.width <= one.x;
        assert(isBeside || Math.abs(one.y - other.y) >= 30, `${one.node.path} and ${other.node.path}`);
      }
    }
  });

test('what is seen for the first time has not restarted', () => {
  const log = new RestartLog();
  log.see(0, [child('a', { restarts: '7' })], []);
  assert.deepEqual(log.happenings, []);
  assert(!log.hasSeen('a'));
  log.see(1, [child('a', { restarts: '8', state: 'restarting', last_exit: 'thrown' })], []);
  log.see(2, [child('a', { restarts: '8' })], []);
  assert.deepEqual(log.happenings.map((h) => [h.at, h.path, h.restarts, h.state, h.why]), [
    [2, 'a', 0, 'running', ''], [1, 'a', 1, 'restarting', 'thrown'],
  ]);
  assert(log.hasSeen('a'));
});

test('a budget counts restarts of its own children, within its window', () => {
  const log = new RestartLog();
  const at = (now, n) => log.see(now, [child('a', { restarts: String(n) }), child('p/w1', { restarts: String(n) })], []);
  at(0, 0);
  at(1000, 1);
  at(3000, 3);
  assert.equal(log.used('', 5000, 4000), 3);
  assert.equal(log.used('p', 5000, 4000), 3);
  assert.equal(log.used('', 1500, 4000), 2);
  assert.equal(log.used('', 500, 4000), 0);
});

test('the children of a crowd are counted in the budget of its supervisor', () => {
  const log = new RestartLog();
  const crowd = (restarts) => [{ path: 'terminals', count: 10000, states: {}, restarts }];
  log.see(0, [], crowd(5));
  log.see(10, [], crowd(9));
  assert.equal(log.used('terminals', 1000, 10), 4);
});

test('another life of the node is not compared with the one before', () => {
  const log = new RestartLog();
  log.see(0, [child('a', { restarts: '0' })], []);
  log.forget();
  log.see(1, [child('a', { restarts: '4' })], []);
  assert.deepEqual(log.happenings, []);
});

test('a rate is not known at first, nor when a node begins anew', () => {
  const rate = new Rate();
  assert.deepEqual([rate.next(0, 10), rate.next(2, 30), rate.next(3, 0), rate.next(4, 5)], [null, 10, null, 5]);
});

test('a series forgets the oldest', () => {
  const series = new Series(2);
  for (const n of [1, 2, 3]) series.add(n, n * 10);
  assert.deepEqual([series.times, series.values], [[2, 3], [20, 30]]);
});

const subject = (state, observed, failed) => ({ state, observed_us: String(observed * 1e6), failed_us: String(failed * 1e6), failures: '0' });
const colours = (strip) => strip.runs.map((r) => [r.from, r.to, r.colour]);

test('a failure between two looks shows for as long as it was', () => {
  const strip = new Strip();
  strip.see(10, subject('serving', 10, 0));
  strip.see(12, subject('serving', 12, 0));
  strip.see(14, subject('serving', 14, 0.5));
  assert.deepEqual(colours(strip), [[10, 12, 'serving'], [12, 12.5, 'failed'], [12.5, 14, 'serving']]);
});

test('while a subject fails the strip says so', () => {
  const strip = new Strip();
  strip.see(0, subject('serving', 0, 0));
  strip.see(1, subject('failed', 1, 0.2));
  strip.see(2, subject('failed', 2, 1.2));
  strip.see(3, subject('stopped', 3, 1.2));
  assert.deepEqual(colours(strip), [[0, 2, 'failed'], [2, 3, 'stopped']]);
});

test('what nobody has seen is no time served', () => {
  const strip = new Strip();
  strip.see(0, subject('serving', 0, 0));
  strip.see(1, subject('serving', 1, 0));
  strip.lose(3);
  strip.find(7);
  strip.see(7, subject('serving', 2, 0));
  strip.see(8, subject('serving', 3, 0));
  assert.deepEqual(colours(strip), [[0, 1, 'serving'], [1, 7, 'unseen'], [7, 8, 'serving']]);
});
