// What a node promises of settlement. Needs the accounts of the payments' rules.
import assert from 'node:assert/strict';
import { isError } from './common.mjs';

const bank = { name: 'Mall', iban: 'DE89370400440532013000' };

async function exceptionsAreDisposedOfBeforeAWindowIsFinal(client) {
  const difference = {
    leg: 'ACQUIRER', what: 'MISSING_EXTERNAL', reference: 'r1', window: '1',
    internal: { amount: '10000', currency: 'EUR', fee: '100' },
  };
  const body = { currency: 'EUR', owner: 'ann', due_hours: 24, differences: [difference] };
  const open = () => client.ask('openSettlementExceptions', { body, expect: 200 });
  const [made] = (await open()).body.data;
  assert.deepEqual(made.suspense, [{ currency: 'EUR', amount: '9900', excess: false }]);
  assert.equal((await open()).headers.get('idempotent-replayed'), 'true');
  const final = { body: { currency: 'EUR', window: '1' }, expect: 409 };
  isError(await client.ask('finalizeWindow', final), 'window_has_exceptions', 'same_key');
  const list = async (params) =>
    (await client.ask('listSettlementExceptions', { params, expect: 200 })).body.data;
  assert.equal((await list({ currency: 'EUR', window: '1', only_open: true }))[0].id, made.id);
  assert.deepEqual(await list({ window: '2' }), []);
  assert.deepEqual(await list({ starting_after: made.id, limit: 1 }), []);
  const params = { id: made.id };
  const assign = { params, body: { owner: 'bob' }, expect: 200 };
  assert.equal((await client.ask('assignSettlementException', assign)).body.data[0].owner, 'bob');
  const how = { how: 'CORRECTED', reason: 'sent again', by: 'bob' };
  const dispose = { params, body: how, expect: 200 };
  const disposed = (await client.ask('disposeOfSettlementException', dispose)).body.data[0];
  assert.equal(disposed.how, 'CORRECTED');
  assert.deepEqual(await list({ only_open: true }), []);
  assert.equal((await list(params))[0].by, 'bob');
  for (const [id, asked] of [
    ['assignSettlementException', { owner: 'eve' }], ['disposeOfSettlementException', { ...how, how: 'ACCEPTED' }],
  ]) {
    const refused = (more) => client.ask(id, { params, body: asked, ...more });
    isError(await refused({ expect: 409 }), 'exception_disposed', 'never');
    isError(await refused({ params: { id: 'exc_0' }, expect: 404 }), 'exception_not_found', 'never');
    const other = { ...asked, id: 'exc_0' };
    isError(await refused({ body: other, expect: 400, wrong: true }), 'id_mismatch', 'never');
  }
  const later = { ...body, differences: [{ ...difference, window: '9' }] };
  isError(
    await client.ask('openSettlementExceptions', { body: later, expect: 404 }), 'window_not_found', 'never');
}

async function aMerchantIsSettledAndPaid(client) {
  const ask = (id, body, more = {}) => client.ask(id, { body, expect: 200, ...more });
  const list = (id, params = {}) => client.ask(id, { params, expect: 200 });
  for (const id of ['mall', 'payer'])
    await ask('createAccount', { id, currency: 'EUR', overdraft: true }, { expect: 201 });
  await ask('configureSettlement', {
    currency: 'EUR', model: 'NET_MULTILATERAL_DEFERRED', business_date: 20261102, own: bank, exception_hours: 48,
  });
  const terms = { id: 'mall', bank, discount: { tiers: [{ basis_points: 100 }] } };
  const made = await ask('putMerchant', terms);
  assert.equal(made.body.terms.discount.tiers[0].basis_points, 100);
  const again = await ask('putMerchant', terms);
  assert.equal(again.headers.get('idempotent-replayed'), 'true');
  await ask('putParticipant', { id: 'bank1', currency: 'EUR', accounts: ['payer'] });
  await ask('fundParticipant', { amount: '1000' }, { params: { id: 'bank1' }, key: 'fund' });
  const items = [{ reference: 'r1', from: 'world', to: 'mall', amount: '10000' }];
  assert.equal((await ask('presentCaptures', { items })).body.taken, '1');
  const payment = await ask('createPayment',
    { from: 'world', to: 'mall', amount: '500', currency: 'EUR' }, { key: 'mall', expect: 201 });
  await ask('disputePayment', { payment_id: payment.body.id, event: 'OPENED', reason: 'fraud' });
  await ask('cutWindow', { currency: 'EUR', window: '1', next_business_date: 20261103 });
  const begun = await ask('runSettlement', { currency: 'EUR', first_window: '1', last_window: '1' });
  for (let state; state !== 'SETTLED'; )
    [{ state }] = (await list('listSettlements', { id: begun.body.id })).body.data;
  await exceptionsAreDisposedOfBeforeAWindowIsFinal(client);
  await ask('finalizeWindow', { currency: 'EUR', window: '1' });
  isError(
    await ask('abortSettlement', { reason: 'late' }, { params: { id: begun.body.id }, expect: 409 }),
    'settlement_committed', 'never');
  await ask('batchPayouts', { currency: 'EUR', batch: '1', execution_date: 20261104 });
  for (let state; state !== 'SUBMITTED'; )
    [{ state }] = (await list('listPayoutBatches', { currency: 'EUR' })).body.data;
  const [payout] = (await list('listPayouts', { merchant: 'mall' })).body.data;
  assert.equal(payout.state, 'SUBMITTED');
  await ask('resolvePayouts', { results: [{ payout: payout.id, event: 'PAID' }] });
  const [ledger] = (await list('listLedgers')).body.data;
  assert.equal(ledger.terms.exception_hours, 48);
  await list('listWindows', { currency: 'EUR' });
  await list('listMerchantWindows', { currency: 'EUR', window: '1' });
  await list('listMembers', { currency: 'EUR', window: '1', merchant: 'mall' });
  await list('listMerchants', { currency: 'EUR' });
  await list('listParticipants', { currency: 'EUR' });
  await list('listPositions', { currency: 'EUR', window: '1' });
}

export const ofSettlement = [aMerchantIsSettledAndPaid];
