// What the rules share.
import assert from 'node:assert/strict';

/// A payment that is captured.
export const body = { from: 'world', to: 'alice', amount: '2500', currency: 'EUR' };

/// Asserts that an answer is an error with this code, and what the caller may do about it.
export function isError(answer, code, retry) {
  assert.equal(answer.body.error.code, code);
  assert.equal(answer.body.error.retry, retry);
}
