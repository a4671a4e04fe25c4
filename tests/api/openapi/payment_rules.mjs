// What a node promises of accounts and payments. Each rule asks the node; the client checks every
// answer.
import assert from 'node:assert/strict';
import { body, isError } from './common.mjs';

/// Asks twice, and asserts that the second answer is the first one again.
async function asksTwice(client, id, request) {
  const first = await client.ask(id, request);
  const again = await client.ask(id, request);
  assert.equal(first.headers.get('idempotent-replayed'), null);
  assert.equal(again.headers.get('idempotent-replayed'), 'true');
  assert.equal(again.headers.get('ducat-receipt'), first.headers.get('ducat-receipt'));
  assert.equal(again.headers.get('ducat-refund'), first.headers.get('ducat-refund'));
  assert.equal(again.text, first.text);
  return first;
}

async function accountsAreOpenedOnce(client) {
  await asksTwice(client, 'createAccount', {
    body: { id: 'world', currency: 'EUR', overdraft: true },
    expect: 201,
  });
  await client.ask('createAccount', { body: { id: 'alice', currency: 'EUR' }, expect: 201 });
  isError(
    await client.ask('createAccount', { body: { id: 'alice', currency: 'USD' }, expect: 409 }),
    'account_exists', 'never');
  isError(
    await client.ask('createAccount', { body: { id: 'a b', currency: 'EUR' }, expect: 400, wrong: true }),
    'account_id_invalid', 'never');
  await client.ask('getAccount', { params: { id: 'alice' }, expect: 200 });
  isError(
    await client.ask('getAccount', { params: { id: 'nobody' }, expect: 404 }),
    'account_not_found', 'never');
}

async function aPaymentIsMadeOnceAndShowsItsMetadata(client) {
  const metadata = { zebra: '1', order: 'A-1', empty: '', Upper_1: 'ü' };
  const made = await asksTwice(client, 'createPayment', {
    key: 'once', body: { ...body, description: 'Two books', metadata }, expect: 201,
  });
  assert.equal(made.body.state, 'CAPTURED');
  assert.deepEqual(made.body.metadata, metadata);
  const shown = await client.ask('getPayment', { params: { id: made.body.id }, expect: 200 });
  assert.deepEqual(shown.body.metadata, metadata);
  isError(
    await client.ask('getPayment', { params: { id: 'pay_none' }, expect: 404 }),
    'payment_not_found', 'never');
}

async function aKeyIsGoodForOneRequest(client) {
  await client.ask('createPayment', { key: 'k', body: { ...body, metadata: { a: '1' } }, expect: 201 });
  for (const other of [{ ...body }, { ...body, metadata: { a: '2' } }, { ...body, amount: 1 }])
    isError(
      await client.ask('createPayment', { key: 'k', body: other, expect: 422 }),
      'idempotency_key_reused', 'never');
  const held = await client.ask('createPayment', {
    key: 'other', body: { ...body, capture_method: 'MANUAL' }, expect: 201,
  });
  for (const change of ['capturePayment', 'voidPayment', 'refundPayment'])
    isError(
      await client.ask(change, { params: { id: held.body.id }, key: 'k', expect: 422 }),
      'idempotency_key_reused', 'never');
}

async function wrongPaymentsAreRefused(client) {
  const refused = async (change, code, status = 400, key = 'wrong') => {
    const request = { key: key ?? undefined, body: { ...body, ...change }, expect: status, wrong: true };
    isError(await client.ask('createPayment', request), code, 'never');
  };
  await refused({ amount: 0 }, 'amount_must_be_positive');
  await refused({ amount: '9223372036854775808' }, 'field_wrong_type');
  await refused({ amount: 1.5 }, 'field_wrong_type');
  await refused({ currency: 'XXQ' }, 'currency_unknown');
  await refused({ to: 'world' }, 'accounts_must_be_different');
  await refused({ from: 'nobody' }, 'account_not_found', 404);
  await refused({ description: 'x'.repeat(256) }, 'description_too_long');
  await refused({ metadata: { 'a b': '' } }, 'metadata_key_invalid');
  await refused({ metadata: { a: 'x'.repeat(501) } }, 'metadata_value_too_long');
  await refused({ metadata: { a: 1 } }, 'field_wrong_type');
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, '']));
  await refused({ metadata: many }, 'metadata_too_large');
  await refused({}, 'idempotency_key_missing', 400, null);
  await refused({}, 'idempotency_key_invalid', 400, 'x'.repeat(256));
}

/// What the server refuses because of its shape does not fit the schema either.
async function metadataHasTheLimitsOfItsSchema(client) {
  const create = client.operations.get('createPayment');
  const many = (count) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, '']));
  for (const metadata of [many(51), { 'a b': '' }, { a: 'x'.repeat(501) }, { a: 1 }, { '': '' }])
    assert.notEqual(client.bodyMisfit(create, { ...body, metadata }), '', JSON.stringify(metadata));
  const most = { ...many(48), [`${'k'.repeat(40)}`]: 'x'.repeat(500), 'A-z_0': '' };
  await client.ask('createPayment', { key: 'most', body: { ...body, metadata: most }, expect: 201 });
}

async function aHoldIsCapturedOrVoidedOnce(client) {
  const hold = async (key) =>
    (await client.ask('createPayment', { key, body: { ...body, capture_method: 'MANUAL' }, expect: 201 })).body;
  const captured = await hold('hold-1');
  assert.equal(captured.state, 'AUTHORIZED');
  const params = { id: captured.id };
  isError(
    await client.ask('refundPayment', { params, key: 'early', expect: 409 }),
    'payment_not_captured', 'new_attempt');
  isError(
    await client.ask('capturePayment', { params, key: 'much', body: { amount: '2501' }, expect: 409 }),
    'amount_exceeds_authorized', 'new_attempt');
  await asksTwice(client, 'capturePayment', { params, key: 'capture-1', body: { amount: 2000 }, expect: 200 });
  isError(
    await client.ask('capturePayment', { params, key: 'capture-2', expect: 409 }),
    'payment_not_authorized', 'new_attempt');
  isError(
    await client.ask('voidPayment', { params, key: 'late', body: {}, expect: 409 }),
    'payment_not_authorized', 'new_attempt');
  const voided = await hold('hold-2');
  await asksTwice(client, 'voidPayment', { params: { id: voided.id }, key: 'void-1', expect: 200 });
  for (const change of ['capturePayment', 'voidPayment', 'refundPayment']) {
    isError(
      await client.ask(change, { params: { id: 'pay_none' }, key: `${change}-none`, expect: 404 }),
      'payment_not_found', 'never');
    isError(
      await client.ask(change, { params, expect: 400, wrong: true }),
      'idempotency_key_missing', 'never');
  }
}

async function refundsAreMadeOnceAndNamed(client) {
  const made = await client.ask('createPayment', { key: 'refunded', body, expect: 201 });
  const params = { id: made.body.id };
  const refunded = await asksTwice(client, 'refundPayment', {
    params, key: 'refund-1', body: { amount: '500' }, expect: 201,
  });
  assert.equal(refunded.body.refunds[0].id, refunded.headers.get('ducat-refund'));
  isError(
    await client.ask('refundPayment', { params, key: 'refund-2', body: { amount: 2001 }, expect: 409 }),
    'amount_exceeds_captured', 'new_attempt');
}

async function onlyExceptionsAreDecided(client) {
  const made = await client.ask('createPayment', { key: 'no-exception', body, expect: 201 });
  const params = { id: made.body.id };
  const decision = { decision: 'WAS_PAID', reason: 'asked the bank', decided_by: 'carla' };
  isError(
    await client.ask('decidePayment', { params, key: 'decide-1', body: decision, expect: 409 }),
    'payment_not_in_exception', 'new_attempt');
  isError(
    await client.ask('decidePayment', { params, key: 'no-exception', body: decision, expect: 422 }),
    'idempotency_key_reused', 'never');
  isError(
    await client.ask('decidePayment', {
      params, key: 'decide-2', body: { ...decision, reason: '' }, expect: 400, wrong: true,
    }),
    'reason_invalid', 'never');
  isError(
    await client.ask('decidePayment', {
      params: { id: 'pay_none' }, key: 'decide-3', body: decision, expect: 404,
    }),
    'payment_not_found', 'never');
  const action = { advice: 1, action: 'RETRY', reason: 'the bank was away' };
  isError(
    await client.ask('resolveAdvice', { params, body: action, expect: 404 }),
    'advice_not_found', 'never');
  await client.ask('resolveAdvice', { params, body: { ...action, nothing: 1 }, expect: 400, wrong: true });
}

async function acquirersAndExceptionsAreListed(client) {
  assert.deepEqual((await client.ask('listAcquirers', { expect: 200 })).body.data, []);
  assert.deepEqual((await client.ask('listExceptions', { expect: 200 })).body.data, []);
  for (const id of ['listAcquirers', 'listExceptions'])
    await client.ask(id, { params: { nothing: '1' }, expect: 400, wrong: true });
  const params = { link: 'acme' };
  isError(
    await client.ask('reconcileAcquirer', { params, body: { currency: 'EUR' }, expect: 404 }),
    'acquirer_not_found', 'never');
  isError(
    await client.ask('reconcileAcquirer', { params, body: { currency: 'XXQ' }, expect: 400 }),
    'currency_unknown', 'never');
}

async function aDeclineIsNoError(client) {
  await client.ask('createAccount', { body: { id: 'poor', currency: 'EUR' }, expect: 201 });
  const declined = await client.ask('createPayment', { key: 'poor', body: { ...body, from: 'poor' }, expect: 201 });
  assert.equal(declined.body.state, 'DECLINED');
  assert.equal(declined.body.decline_code, 'exceeds_credits');
}

async function listsGoForwardToTheirEnd(client) {
  for (const id of ['listPayments', 'listAccounts']) {
    const ids = [];
    for (let after, more = true; more; after = ids.at(-1)) {
      const params = after === undefined ? { limit: 2 } : { limit: 2, starting_after: after };
      const page = (await client.ask(id, { params, expect: 200 })).body;
      assert(page.data.length === 2 || !page.has_more);
      ids.push(...page.data.map((row) => row.id));
      more = page.has_more;
    }
    const all = (await client.ask(id, { params: { limit: 100 }, expect: 200 })).body;
    assert.deepEqual(ids, all.data.map((row) => row.id));
    assert.equal(new Set(ids).size, ids.length);
    isError(
      await client.ask(id, { params: { starting_after: 'none' }, expect: 400 }),
      'cursor_not_found', 'never');
    isError(
      await client.ask(id, { params: { limit: 101 }, expect: 400, wrong: true }),
      'limit_invalid', 'never');
    isError(
      await client.ask(id, { params: { ending_before: ids[0] }, expect: 400 }),
      'parameter_unknown', 'never');
  }
}

export const ofPayments = [
  accountsAreOpenedOnce, aPaymentIsMadeOnceAndShowsItsMetadata, aKeyIsGoodForOneRequest,
  wrongPaymentsAreRefused, metadataHasTheLimitsOfItsSchema, aHoldIsCapturedOrVoidedOnce,
  refundsAreMadeOnceAndNamed, onlyExceptionsAreDecided, acquirersAndExceptionsAreListed,
  aDeclineIsNoError, listsGoForwardToTheirEnd,
];
