// What a busy node of a cluster could say: for pictures, and for what a real one shows rarely.

export function child(path, more = {}) {
  return {
    path, kind: 'worker', state: 'running', incarnation: '1', restarts: '0', restart_type: 'permanent', strategy: '',
    restarts_max: 0, window_ms: '0', last_exit: '', ...more,
  };
}

export function supervisor(path, more = {}) {
  return child(path, { kind: 'supervisor', strategy: 'one_for_one', restarts_max: 5, window_ms: '10000', ...more });
}

const workers = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => child(`payments/w${n}`));

export const tree = {
  root: { strategy: 'one_for_one', restarts_max: 5, window_ms: '10000' },
  children: [
    child('ledger'),
    supervisor('payments', { restarts_max: 100, window_ms: '5000' }),
    ...workers,
    child('payments/router', { kind: 'router' }),
    child('gateway', { incarnation: '2', restarts: '1', last_exit: 'ducat::crashed(gateway: thrown by a test)' }),
    child('webhooks'),
    supervisor('settlement'),
    child('settlement/w1', { state: 'stopped' }),
    supervisor('acquirers'),
    child('acquirers/acme-link'),
    child('acquirers/acme-link2', { state: 'restarting', restarts: '3', incarnation: '4', last_exit: 'connection refused' }),
    supervisor('terminals', { strategy: 'simple_one_for_one', restarts_max: 50 }),
  ],
  crowds: [{ path: 'terminals', count: 10000, states: { running: 9990, restarting: 10 }, restarts: 35 }],
};

const noDoubt = { link: '', open: '0', oldest_at_ns: '0', oldest_age_ms: '0', ended: '0', p50_ms: '0', p99_ms: '0', longest_ms: '0' };

export const status = {
  node: 'node1', version: '0.1.0', uptime_ms: '93784000', log_index: '1284993', log_hash: '00', epoch: '7',
  accounts: '1204', payments: '40000',
  payments_by_state: { captured: '38112', declined: '1204', authorized: '590', in_doubt: '3', exception: '1', voided: '90' },
  totals: [
    { currency: 'EUR', debits_posted: '1234567890', credits_posted: '1234567890', debits_pending: '5900', credits_pending: '5900', in_balance: true },
    { currency: 'JPY', debits_posted: '9120000', credits_posted: '9120000', debits_pending: '0', credits_pending: '0', in_balance: true },
  ],
  restarts: '39', faults_allowed: true, last_end: 'killed by signal 11 (SEGV) in payments/w3 after 12 s',
  time_in_doubt: { ...noDoubt, open: '3', oldest_age_ms: '8200', ended: '412', p50_ms: '180', p99_ms: '4200', longest_ms: '31000' },
  time_in_doubt_by_link: [
    { ...noDoubt, link: 'acme', open: '3', oldest_age_ms: '8200', ended: '412', p50_ms: '180', p99_ms: '4200', longest_ms: '31000' },
  ],
};

export const nodes = {
  nodes: [
    ['node1', 'alive', true, '1284993'], ['node2', 'alive', false, '1284990'], ['node3', 'silent', false, '1283001'],
  ].map(([id, state, holds_log, applied], i) => ({
    id, state, holds_log, epoch: holds_log ? '7' : '0', linked: state === 'alive', applied, priority: i + 1,
    link: '', api: '', version: '0.1.0', kept: '0',
  })),
};

const all = ['node1', 'node2', 'node3'];
export const groups = {
  groups: [
    { pool: 'payments', redundancy: { nodes: all, mode: 'primary_backup', standby: 'hot', takeover: false }, granted: 'node1', epoch: '1284001', serving: ['node1'] },
    { pool: 'settlement', redundancy: { nodes: all, mode: 'exclusive', standby: 'cold', takeover: false }, granted: 'node2', epoch: '1', serving: ['node2'] },
  ],
};

function link(name, state, holder, more = {}) {
  return { name, state, why: '', since_ms: '93000', holder, in_flight: '4', answered: '39872', unknown: '3', unmatched: '0', answer_p50_us: '11200', answer_p99_us: '48000', ...more };
}

export const links = {
  acquirers: [
    { name: 'acme', node: 'node1', holder: 'acme-link', epoch: '44', breaker: 'closed', links: [
      link('acme-link', 'signed_on', true),
      link('acme-link2', 'down', false, { why: 'connection refused', in_flight: '0', answer_p50_us: undefined, answer_p99_us: undefined }),
    ] },
    { name: 'globex', node: 'node1', holder: 'globex-link', epoch: '0', breaker: 'half_open', links: [link('globex-link', 'suspect', true, { why: '3 of 10 answers late' })] },
  ],
};

function subject(kind, name, more = {}) {
  return {
    subject: name, kind, state: 'serving', fault_present: false, observed_us: '600000000', serving_us: '600000000', failed_us: '0',
    failures: '0', repairs: '0', availability: 1, ...more,
  };
}

const failed = { failures: '1', repairs: '1', serving_us: '588000000', failed_us: '12000000', availability: 0.98, mtbf_us: '588000000', mttr_us: '12000000' };
export const availability = {
  node: 'node1', window: 'start', left_out: '0',
  subjects: [
    subject('cluster', 'local'), subject('node', 'node1'), subject('node', 'node2'), subject('node', 'node3', { ...failed, state: 'failed' }),
    subject('group', 'payments', { ...failed, availability: 0.99987 }), subject('group', 'settlement'),
    ...tree.children.map((c) => subject('child', c.path)),
  ],
};

/// What it is `seconds` later, with node3 failed all the time.
export function availabilityAfter(seconds, isGroupFailed = false) {
  const later = structuredClone(availability);
  for (const each of later.subjects) {
    const us = seconds * 1e6;
    const fails = each.state === 'failed' || (isGroupFailed && each.subject === 'payments' && each.kind === 'group');
    each.observed_us = String(Number(each.observed_us) + us);
    each.failed_us = String(Number(each.failed_us) + (fails ? us : 0));
  }
  return later;
}

const now = Date.now() * 1e6;
function row(n, type, state, more = {}) {
  const id = `pay_${String(n).padStart(4, '0')}0f3b1c9de77aa01b2c3d4e5f6071`;
  return { id, event: `evt_${n}`, type, at_ns: String(now - n * 37e6), state, from: 'world', to: `shop-${n % 7}`, amount: String(1000 + 137 * n), currency: 'EUR', card: '', ...more };
}

export const payments = {
  data: Array.from({ length: 30 }, (_, n) =>
    n % 9 === 4 ? row(n, 'payment.declined', 'DECLINED') : row(n, 'payment.captured', 'CAPTURED', n % 3 ? {} : { card: '424242******4242' })),
};
export const doubt = {
  data: [1, 2, 3].map((n) => row(n + 90, 'payment.in_doubt', 'IN_DOUBT', { card: '424242******4242' })).concat(row(99, 'payment.exception', 'EXCEPTION')),
};

export const windows = {
  data: [['EUR', '42', 'OPEN'], ['EUR', '41', 'PENDING_SETTLEMENT'], ['EUR', '40', 'SETTLED'], ['JPY', '12', 'OPEN']].map(
    ([currency, number, state], i) => ({
      currency, number, state, business_date: 20261130 - i, opened_index: '1', opened_at_ns: String(now), cut_index: '0', cut_at_ns: '0',
      total: { captures: { count: '3811', amount: '91234500' }, refunds: { count: '12', amount: '23000' }, fees: '120200', net: '91091300' },
      merchants: '17', settlement: i === 0 ? '' : `stl_${i}`, final: i > 1,
    })),
};

export const payment = {
  ...payments.data[0], capture_method: 'AUTOMATIC', description: 'Two tickets', captured: '1000', refunded: '0', authorized: '1000',
  decline_code: '', failure_reason: '', created_at_ns: String(now - 2e9), metadata: {}, refunds: [], attempts: [], advices: [],
  timeline: [
    ['created', 0, 0, ''], ['sent', 4, 1, 'acme'], ['in_doubt', 812, 1, 'timeout'], ['reversing', 813, 1, 'acme'], ['reversed', 1204, 1, ''],
    ['sent', 1210, 2, 'globex'], ['approved', 1290, 2, '00'], ['captured', 1291, 0, ''],
  ].map(([what, ms, attempt, detail], i) => ({
    index: String(1284900 + i), at_ns: String(now - 2e9 + ms * 1e6), what, attempt, by: i === 3 ? '' : 'node1/payments/w3#2', detail,
  })),
};

export const figures = {
  children: [
    { path: '', waiting: 0, restarts_left: 4, zombies: 0 }, { path: 'payments', waiting: 0, restarts_left: 30, zombies: 1 },
    { path: 'payments/w2', waiting: 17, zombies: 0 }, { path: 'ledger', waiting: 1204, zombies: 0 },
  ],
};

function alert(rule, subject, text, more = {}) {
  return {
    rule, subject, severity: 'page', state: 'firing', text, action: 'See its service\'s journal.', began_at_ms: String(Date.now() - 94e3),
    fired_at_ms: String(Date.now() - 92e3), acknowledged_by: '', silenced: false, ...more,
  };
}

export const alerts = {
  alerts: [
    alert('DucatNodeDown', 'node3', 'node3 is silent'),
    alert('DucatAcquirerOutOfBalance', 'acme EUR', 'acme and we differ on totals in EUR', { severity: 'ticket', acknowledged_by: 'night shift' }),
    alert('DucatBreakerOpen', 'globex', 'nothing is sent to globex, too much went wrong', { state: 'pending', fired_at_ms: '0' }),
  ],
  silences: [{ id: '2', rule: '', subject: 'node3', until_ms: String(Date.now() + 3.5e6), by: 'night shift', reason: 'its disk is replaced' }],
  looked_at_ms: String(Date.now()),
};

/// Says all of it.
export function sayAll(node) {
  node.answers.set(`/v1/payments/${payment.id}`, payment);
  const said = { tree, nodes, groups, status, links, availability, payments, doubt, windows, figures, alerts };
  for (const [topic, data] of Object.entries(said)) node.say(topic, data);
}

/// The status `seconds` later: payments come in, more of them at times.
export function statusAfter(seconds) {
  const open = seconds > 90 && seconds < 140 ? 40 - Math.abs(115 - seconds) : 3;
  return {
    ...status, payments: String(countAfter(seconds)), restarts: String(39 + (seconds > 90 ? 4 : 0)),
    time_in_doubt: { ...status.time_in_doubt, open: String(open) },
  };
}

function countAfter(seconds) {
  return 40000 + 120 * seconds + Math.round(900 * Math.sin(seconds / 20));
}

/// What the page shows as their number then.
export function paymentsAfter(seconds) {
  return countAfter(seconds).toLocaleString('en-US');
}
