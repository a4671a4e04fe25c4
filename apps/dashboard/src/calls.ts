/// What the page asks for besides its stream.
import type { Availability, Child, Payment, PaymentRow } from './model/messages';

export type Fault = 'throw' | 'exit' | 'hang' | 'segv';

export interface Page {
  children: Child[];
  count: number;
}

/// What changes something is marked: no page from elsewhere can do that.
const marked = { 'Content-Type': 'application/json', 'Ducat-Request': 'dashboard' };

async function answerOf<T>(asked: Promise<Response>): Promise<T> {
  const answer = await asked;
  const text = await answer.text();
  if (answer.ok) return JSON.parse(text) as T;
  throw new Error(messageIn(text) ?? `${answer.status}`);
}

/// Returns nothing if it is not from the node.
function messageIn(text: string): string | undefined {
  try {
    return JSON.parse(text).error.message;
  } catch {
    return undefined;
  }
}

/// Returns why the node does not let this browser in; '' if it does, or cannot be asked.
export async function refusal(): Promise<string> {
  const answer = await fetch('/v1/status').catch(() => undefined);
  if (answer?.status !== 401 && answer?.status !== 403) return '';
  return messageIn(await answer.text()) ?? `${answer.status}`;
}

/// A child of the node, or its connection to another node.
export type Target = { path: string } | { link: string; lease_ms: number };

export function crash(target: Target, fault: Fault): Promise<{ crashed: number }> {
  const body = JSON.stringify({ ...target, fault, times: 1 });
  return answerOf(fetch('/v1/crash', { method: 'POST', headers: marked, body }));
}

export function payment(id: string): Promise<Payment> {
  return answerOf(fetch(`/v1/payments/${encodeURIComponent(id)}`));
}

/// Returns a page of the oldest payments, or of those after one.
export function paymentsAfter(id: string): Promise<{ data: Payment[]; has_more: boolean }> {
  const after = id === '' ? '' : `&starting_after=${encodeURIComponent(id)}`;
  return answerOf(fetch(`/v1/payments?limit=50${after}`));
}

export function childrenOf(path: string, from: number): Promise<Page> {
  return answerOf(fetch(`/v1/dashboard/children?path=${encodeURIComponent(path)}&from=${from}`));
}

export function availabilityOf(window: string): Promise<Availability> {
  return answerOf(fetch(`/v1/availability?window=${window}`));
}

/// Returns a row of a payment that was asked for by its id.
export function rowOf(p: Payment): PaymentRow {
  return { ...p, event: '', type: '', at_ns: p.created_at_ns };
}
