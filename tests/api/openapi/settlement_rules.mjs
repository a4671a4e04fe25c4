// What a node promises of settlement. Needs the accounts of the payments' rules.
import assert from 'node:assert/strict';
import { isError } from './common.mjs';

const bank = { name: 'Mall', iban: 'DE89370400440532013000' };

async function aMerchantIsSettledAndPaid(client) {
  const ask = (id, body, more = {}) => client.ask(id, { body, expect: 200, ...more });
  const list = (id, params = {}) => client.ask(id, { params, expect: 200 });
  for (const id of ['mall', 'payer'])
    await ask('createAccount', { id, currency: 'EUR', overdraft: true }, { expect: 201 });
  await ask('configureSettlement', {
    currency: 'EUR', model: 'NET_MULTILATERAL_DEFERRED', business_date: 20261102, own: bank,
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
  await list('listLedgers');
  await list('listWindows', { currency: 'EUR' });
  await list('listMerchantWindows', { currency: 'EUR', window: '1' });
  await list('listMembers', { currency: 'EUR', window: '1', merchant: 'mall' });
  await list('listMerchants', { currency: 'EUR' });
  await list('listParticipants', { currency: 'EUR' });
  await list('listPositions', { currency: 'EUR', window: '1' });
}

export const ofSettlement = [aMerchantIsSettledAndPaid];
