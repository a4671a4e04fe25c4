/// What the page knows. Every part is a signal: who reads it is drawn again when it changes.
import { signal } from '@preact/signals';
import { numberOf } from './model/format';
import type {
  Acquirer, AcquirerLinks, Alert, AlertList, Availability, ChildFigures, ClusterNode, Group, PaymentRow, Problems, Status, Tree, Window,
} from './model/messages';
import { RestartLog } from './model/restarts';
import { Rate, Series } from './model/series';
import { Strip } from './model/strip';

export type Connection = 'connecting' | 'open' | 'lost' | 'refused';

export const connection = signal<Connection>('connecting');
export const refusal = signal(''); // Why the node does not let this browser in.
export const tree = signal<Tree | null>(null);
export const nodes = signal<ClusterNode[]>([]);
export const groups = signal<Group[]>([]);
export const status = signal<Status | null>(null);
export const links = signal<AcquirerLinks[]>([]);
export const acquirers = signal<Acquirer[]>([]);
export const availability = signal<Availability | null>(null);
export const payments = signal<PaymentRow[]>([]);
export const doubt = signal<PaymentRow[]>([]);
export const windows = signal<Window[]>([]);
export const measured = signal<Map<string, ChildFigures>>(new Map()); // By path.
export const alerts = signal<AlertList | null>(null);
export const problems = signal<Problems>({});
/// Raised whenever figures have grown.
export const beat = signal(0);

export const restarts = new RestartLog();
export const strips = new Map<string, Strip>(); // By kind and subject.
const minutes = 15 * 60;
export const figures = {
  payments: new Series(minutes),
  doubt: new Series(minutes),
  restarts: new Series(minutes),
  lag: new Series(minutes),
};
const paid = new Rate();

/// Takes one event of the stream.
export const takers: Record<string, (data: never, now: number) => void> = {
  tree: (data: Tree, now) => {
    restarts.see(now, data.children, data.crowds);
    tree.value = data;
  },
  nodes: (data: { nodes: ClusterNode[] }) => (nodes.value = data.nodes),
  groups: (data: { groups: Group[] }) => (groups.value = data.groups),
  status: (data: Status, now) => takeStatus(data, now),
  links: (data: { acquirers: AcquirerLinks[] }) => (links.value = data.acquirers),
  acquirers: (data: { data: Acquirer[] }) => (acquirers.value = data.data),
  availability: (data: Availability, now) => takeAvailability(data, now),
  payments: (data: { data: PaymentRow[] }) => (payments.value = data.data),
  doubt: (data: { data: PaymentRow[] }) => (doubt.value = data.data),
  windows: (data: { data: Window[] }) => (windows.value = data.data),
  figures: (data: { children: ChildFigures[] }) => (measured.value = new Map(data.children.map((each) => [each.path, each]))),
  alerts: (data: AlertList) => (alerts.value = data),
  problems: (data: Problems) => (problems.value = data),
};

/// Returns the alerts that fire and that nobody takes care of.
export function firing(): Alert[] {
  const all = alerts.value?.alerts ?? [];
  return all.filter((each) => each.state === 'firing' && !each.silenced && !each.acknowledged_by);
}

function takeStatus(data: Status, now: number): void {
  status.value = data;
  const seconds = now / 1000;
  figures.payments.add(seconds, paid.next(seconds, numberOf(data.payments)));
  figures.doubt.add(seconds, numberOf(data.time_in_doubt.open));
  figures.restarts.add(seconds, numberOf(data.restarts));
  figures.lag.add(seconds, lagMax());
  beat.value++;
}

/// Returns how many entries the node that is furthest behind has not applied; null if there is one node.
export function lagMax(): number | null {
  const applied = nodes.value.filter((n) => n.state !== 'gone').map((n) => numberOf(n.applied));
  return applied.length < 2 ? null : Math.max(...applied) - Math.min(...applied);
}

function takeAvailability(data: Availability, now: number): void {
  for (const subject of data.subjects) {
    const key = `${subject.kind} ${subject.subject}`;
    const strip = strips.get(key) ?? new Strip();
    strips.set(key, strip);
    strip.find(now / 1000);
    strip.see(now / 1000, subject);
  }
  availability.value = data;
  beat.value++;
}

/// The stream has begun, maybe with another life of the node.
export function begin(): void {
  restarts.forget();
  paid.forget();
  connection.value = 'open';
}

/// There is no stream, as the node does not let this browser in. What is shown, if anything, is of before.
export function stayOut(why: string): void {
  connection.value = 'refused';
  refusal.value = why;
}

/// The stream has ended: what is shown is of before.
export function lose(now: number): void {
  if (connection.value !== 'open') return;
  connection.value = 'lost';
  for (const strip of strips.values()) strip.lose(now / 1000);
  for (const series of Object.values(figures)) series.add(now / 1000, null);
  beat.value++;
}
