// What a node promises of itself and of every route. Needs the accounts of the payments' rules.
import assert from 'node:assert/strict';
import { body, isError } from './common.mjs';

async function theNodeIsAliveAndReady(client) {
  await client.ask('isAlive', { expect: 200 });
  await client.ask('isReady', { expect: 200 });
}

async function theNodeServesThisDocument(client) {
  const served = await client.ask('getOpenApi', { expect: 200 });
  assert.equal(served.text, client.document.text);
  const status = await client.ask('getStatus', { expect: 200 });
  assert.equal(client.document.tree.info.version, status.body.version);
}

async function unknownFieldsAreRefusedEverywhere(client) {
  const surprise = { surprise: true };
  const params = { id: '1', name: 'payment.after_capture' };
  for (const operation of client.operations.values()) {
    if (operation.method !== 'POST') continue;
    assert.notEqual(client.bodyMisfit(operation, surprise), '', operation.id);
    const ofPath = Object.entries(params).filter(([name]) => operation.path.includes(`{${name}}`));
    const request = { params: Object.fromEntries(ofPath), key: 'surprise', body: surprise };
    const answer = await client.ask(operation.id, { ...request, expect: 400, wrong: true });
    isError(answer, 'field_unknown', 'never');
    assert.equal(answer.body.error.param, 'surprise');
  }
}

async function unknownParametersAreRefusedEverywhere(client) {
  for (const operation of client.operations.values()) {
    if (operation.method !== 'GET') continue;
    const ofPath = operation.path.includes('{id}') ? { id: '1' } : {};
    const params = { ...ofPath, surprise: '1' };
    isError(await client.ask(operation.id, { params, expect: 400 }), 'parameter_unknown', 'never');
  }
}

async function theNodeShowsWhatItRuns(client) {
  await client.ask('getTree', { expect: 200 });
  await client.ask('getFigures', { expect: 200 });
  await client.ask('getAvailability', { expect: 200 });
  const one = await client.ask('getAvailability', {
    params: { subject: 'payments/w1', window: '1h' }, expect: 200,
  });
  assert.equal(one.body.subjects[0].subject, 'payments/w1');
  await client.ask('getAvailability', { params: { subject: 'nobody' }, expect: 404 });
  await client.ask('getAvailability', { params: { window: '1y' }, expect: 400, wrong: true });
  await client.ask('listNodes', { expect: 200 });
  await client.ask('listGroups', { expect: 200 });
  const links = (await client.ask('listLinks', { expect: 200 })).body.acquirers;
  assert.deepEqual(links, []); // It has no acquirer.
  for (const change of ['drainLink', 'resumeLink'])
    isError(
      await client.ask(change, { params: { name: 'acme-link' }, body: {}, expect: 404 }),
      'not_found', 'never');
  for (const change of ['drainNode', 'resumeNode', 'removeNode']) // It is alone.
    isError(
      await client.ask(change, { params: { id: 'node1' }, body: {}, expect: 400 }),
      'invalid_argument', 'never');
}

async function faultsAreArmedAndFired(client) {
  const params = { name: 'payment.after_authorize' };
  await client.ask('armFault', { params, body: { fault: 'throw', times: 1 }, expect: 200 });
  const request = { key: 'crashed', body };
  isError(await client.ask('createPayment', { ...request, expect: 504 }), 'outcome_unknown', 'same_key');
  const again = await client.ask('createPayment', { ...request, expect: 201 });
  assert.equal(again.body.state, 'CAPTURED');
  const points = (await client.ask('listFaults', { expect: 200 })).body.points;
  assert.equal(points.find((point) => point.name === params.name).fired, '1');
  await client.ask('disarmFault', { params, expect: 200 });
  for (const change of ['armFault', 'disarmFault'])
    await client.ask(change, { params: { name: 'none' }, expect: 404 });
  await client.ask('armFault', { params, body: { fault: 'melt' }, expect: 400, wrong: true });
  await client.ask('crash', { body: { path: 'payments/w1', fault: 'throw' }, expect: 200 });
  await client.ask('crash', { body: { path: 'nobody' }, expect: 404 });
}

async function theDashboardIsTold(client) {
  await client.follow('followDashboard', 'event: status\ndata: {');
  const ask = (params, more) => client.ask('listDashboardChildren', { params, expect: 200, ...more });
  const { children, count } = (await ask({ path: 'payments' })).body;
  assert.equal(children.length, count);
  assert(children.some((child) => child.path === 'payments/w1'));
  assert.equal((await ask({ path: 'payments', from: count })).body.children.length, 0);
  await ask({ from: 'x' }, { expect: 400, wrong: true });
}

async function thereAreNoDeadLetters(client) {
  const letters = (await client.ask('listDeadLetters', { expect: 200 })).body;
  assert.deepEqual(letters.letters, []);
  for (const id of ['getDeadLetter', 'retryDeadLetter', 'discardDeadLetter']) {
    await client.ask(id, { params: { id: '1' }, expect: 404 });
    await client.ask(id, { params: { id: 'x' }, expect: 400, wrong: true });
  }
}

async function theAuditIsEmptyWhereNobodyIsKnown(client) {
  const audit = (await client.ask('listAudit', { expect: 200 })).body;
  assert.deepEqual(audit, { data: [], has_more: false, newest: '0', head: '' });
  await client.ask('listAudit', { params: { after: 'x' }, expect: 400, wrong: true });
}

async function nothingWaitsForASecondPersonWhereNobodyIsKnown(client) {
  const changes = (await client.ask('listChanges', { expect: 200 })).body;
  assert.deepEqual(changes, { data: [], has_more: false });
  const wrong = { params: { only_pending: 'maybe' }, expect: 400, wrong: true };
  isError(await client.ask('listChanges', wrong), 'only_pending_invalid', 'never');
  const decision = { decision: 'APPROVE', reason: 'because' };
  for (const id of ['chg_1', 'chg_x'])
    isError(
      await client.ask('decideChange', { params: { id }, body: decision, expect: 404 }),
      'change_not_found', 'never');
}

async function alertsAreListedAndSilenced(client) {
  const { alerts, silences } = (await client.ask('listAlerts', { expect: 200 })).body;
  assert.deepEqual([alerts.filter((each) => each.state === 'firing'), silences], [[], []]);
  const made = (await client.ask('silenceAlerts', { body: { rule: 'R', for_ms: '60000', by: 'us' }, expect: 201 })).body;
  assert.equal((await client.ask('listAlerts', { expect: 200 })).body.silences[0].id, made.id);
  await client.ask('liftSilence', { params: { id: made.id }, expect: 200 });
  isError(await client.ask('liftSilence', { params: { id: made.id }, expect: 404 }), 'silence_not_found', 'never');
  await client.ask('liftSilence', { params: { id: 'x' }, expect: 400, wrong: true });
  isError(await client.ask('silenceAlerts', { body: { for_ms: '1' }, expect: 400 }), 'silence_of_what', 'never');
  isError(
    await client.ask('acknowledgeAlert', { body: { rule: 'none', by: 'us' }, expect: 404 }), 'alert_not_found', 'never');
  await client.ask('acknowledgeAlert', { body: { rule: 'none', by: '' }, expect: 400, wrong: true });
}

export async function faultsAreForNodesThatAllowThem(client) {
  const params = { name: 'payment.after_authorize' };
  await client.ask('crash', { body: { path: 'payments/w1' }, expect: 403 });
  await client.ask('armFault', { params, expect: 403 });
  await client.ask('disarmFault', { params, expect: 403 });
}

/// Answers that no well node on its own gives. The fields of their bodies are compared with those
/// of the messages all the same.
const elsewhere = [
  '* 500', '* 503', '* 504', '* default', // Broken, busy, or wrong in ways that HTTP itself has.
  'drainNode 200', 'drainNode 403', 'drainNode 404', // In a cluster.
  'resumeNode 200', 'resumeNode 403', 'resumeNode 404',
  'removeNode 200', 'removeNode 403', 'removeNode 404',
  'listEvents 409', 'getEvent 409', // Events that are not kept any more.
  'decidePayment 200', 'resolveAdvice 200', 'resolveAdvice 409', // With an acquirer:
  'reconcileAcquirer 200', 'reconcileAcquirer 409', // tests/acquiring, tests/payment.
  'abortSettlement 200', // The node is faster.
  'acknowledgeAlert 200', // Nothing fires.
  'decideChange 200', 'decideChange 409', // Of a node that asks who calls: tests/program.
  'silenceAlerts 404', 'silenceAlerts 409', // Every node of these tests looks, and there are few silences.
  'getDeadLetter 200', 'retryDeadLetter 200', 'discardDeadLetter 200', // Nothing is poison here.
];

export async function linksAreShownDrainedAndResumed(client) {
  const [acme] = (await client.ask('listLinks', { expect: 200 })).body.acquirers;
  assert.deepEqual(acme.links.map((link) => link.name), ['acme-link', 'acme-link2']);
  assert.equal(acme.epoch, '0');
  const drained = await client.ask('drainLink', { params: { name: 'acme-link' }, body: {}, expect: 200 });
  assert.equal(drained.body.state, 'down');
  await client.ask('resumeLink', { params: { name: 'acme-link' }, body: {}, expect: 200 });
}

export async function everyOtherDocumentedAnswerCame(client) {
  const missing = [];
  for (const operation of client.operations.values())
    for (const status of Object.keys(client.document.at(operation.pointer).responses))
      if (!client.seen.get(operation.id)?.has(status)) missing.push(`${operation.id} ${status}`);
  const isElsewhere = (line) => elsewhere.includes(line) || elsewhere.includes(line.replace(/^\S+/, '*'));
  assert.deepEqual(missing.filter((line) => !isElsewhere(line)), []);
}

export const ofNodes = [
  theNodeIsAliveAndReady, theNodeServesThisDocument, unknownFieldsAreRefusedEverywhere,
  unknownParametersAreRefusedEverywhere, theNodeShowsWhatItRuns, faultsAreArmedAndFired,
  theDashboardIsTold, thereAreNoDeadLetters, theAuditIsEmptyWhereNobodyIsKnown,
  nothingWaitsForASecondPersonWhereNobodyIsKnown,
  alertsAreListedAndSilenced,
];
