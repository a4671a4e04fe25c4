/// What the node says, as JSON: 64-bit numbers are texts. See apps/api/openapi.yaml.

export interface Child {
  path: string;
  kind: string; // worker, supervisor, router
  state: string; // running, restarting, stopped
  incarnation: string;
  restarts: string;
  restart_type: string;
  strategy: string;
  restarts_max: number;
  window_ms: string;
  last_exit: string;
}

/// Children of one supervisor that are too many to be shown one by one.
export interface Crowd {
  path: string; // Of the supervisor; empty: the root.
  count: number;
  states: Record<string, number>;
  restarts: number; // Of those that are there.
}

export interface Tree {
  root: { strategy: string; restarts_max: number; window_ms: string };
  children: Child[];
  crowds: Crowd[];
}

/// What is measured of a child.
export interface ChildFigures {
  path: string;
  waiting: number; // Messages that it has not handled.
  restarts_left?: number; // Of a supervisor.
  zombies: number; // Lives it has given up that still hold a thread.
}

export interface LedgerTotals {
  currency: string;
  debits_posted: string;
  credits_posted: string;
  debits_pending: string;
  credits_pending: string;
  in_balance: boolean;
}

export interface TimeInDoubt {
  link: string;
  open: string;
  oldest_at_ns: string;
  oldest_age_ms: string;
  ended: string;
  p50_ms: string;
  p99_ms: string;
  longest_ms: string;
}

export interface Status {
  node: string;
  version: string;
  uptime_ms: string;
  log_index: string;
  log_hash: string;
  epoch: string;
  accounts: string;
  payments: string;
  payments_by_state: Record<string, string>;
  totals: LedgerTotals[];
  restarts: string;
  faults_allowed: boolean;
  last_end: string;
  time_in_doubt: TimeInDoubt;
  time_in_doubt_by_link: TimeInDoubt[];
}

export interface ClusterNode {
  id: string;
  state: string; // alive, silent, draining, gone
  holds_log: boolean;
  epoch: string;
  linked: boolean;
  applied: string;
  priority: number;
  link: string;
  api: string;
  version: string;
  kept: string;
}

export interface Group {
  pool: string;
  redundancy: { nodes: string[]; mode: string; standby: string; takeover: boolean };
  granted: string;
  epoch: string;
  serving: string[];
}

export interface Link {
  name: string;
  state: string;
  why: string;
  since_ms: string;
  holder: boolean;
  in_flight: string;
  answered: string;
  unknown: string;
  unmatched: string;
  answer_p50_us?: string;
  answer_p99_us?: string;
}

export interface AcquirerLinks {
  name: string;
  node: string;
  holder: string;
  epoch: string;
  breaker: string;
  links: Link[];
}

export interface Acquirer {
  link: string;
  currency: string;
  owed: string;
  state: string;
}

export interface Subject {
  subject: string;
  kind: string; // cluster, node, group, child
  state: string; // serving, failed, stopped
  fault_present: boolean;
  observed_us: string;
  serving_us: string;
  failed_us: string;
  failures: string;
  repairs: string;
  availability?: number;
  fault_tolerance?: number;
  mtbf_us?: string;
  mttr_us?: string;
}

export interface Availability {
  node: string;
  window: string;
  subjects: Subject[];
  left_out: string;
}

/// A change of a payment, and the payment as that left it.
export interface PaymentRow {
  id: string; // Of the payment.
  event: string;
  type: string; // payment.captured, ...
  at_ns: string;
  state: string;
  from: string;
  to: string;
  amount: string;
  currency: string;
  card: string;
}

export interface PaymentEvent {
  index: string;
  at_ns: string;
  what: string;
  attempt: number;
  by: string;
  detail: string;
}

export interface Payment {
  id: string;
  state: string;
  from: string;
  to: string;
  amount: string;
  currency: string;
  description: string;
  captured: string;
  refunded: string;
  authorized: string;
  decline_code: string;
  failure_reason: string;
  card: string;
  created_at_ns: string;
  timeline: PaymentEvent[];
}

export interface Tally {
  count: string;
  amount: string;
}

export interface Window {
  currency: string;
  number: string;
  state: string;
  business_date: number;
  opened_at_ns: string;
  cut_at_ns: string;
  total?: { captures?: Tally; refunds?: Tally; fees: string; net: string };
  merchants: string;
  settlement: string;
  final: boolean;
}

export interface Alert {
  rule: string;
  subject: string;
  severity: string; // page, ticket
  state: string; // pending, firing
  text: string;
  action: string;
  began_at_ms: string;
  fired_at_ms: string;
  acknowledged_by: string;
  silenced: boolean;
}

export interface Silence {
  id: string;
  rule: string;
  subject: string;
  until_ms: string;
  by: string;
  reason: string;
}

export interface AlertList {
  alerts: Alert[];
  silences: Silence[];
  looked_at_ms: string; // 0: nobody looks.
}

/// What could not be had at the last try, and why: the others are as of now.
export type Problems = Record<string, string>;
