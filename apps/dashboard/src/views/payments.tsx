/// Payments as they change, one payment's timeline, and those in doubt.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { payment, paymentsAfter, rowOf } from '../calls';
import { duration, grouped, money, numberOf, timeOfDay, words } from '../model/format';
import type { Payment, PaymentRow, TimeInDoubt } from '../model/messages';
import { Figure, Panel, State, Table } from '../parts/basics';
import { doubt, payments, status } from '../store';

function Rows({ label, rows }: { label: string; rows: PaymentRow[] }) {
  return (
    <Table label={label} head={['Payment', 'State', 'Amount', 'At', 'From', 'To', 'What happened']}>
      {rows.map((row) => (
        <tr key={row.event || row.id} data-payment={row.id}>
          <th scope="row">
            <a href={`#/payments/${row.id}`} title={row.id}>
              {row.id.slice(0, 10)}…
            </a>
          </th>
          <td>
            <State of={row.state} />
          </td>
          <td class="number">{money(row.amount, row.currency)}</td>
          <td>{timeOfDay(row.at_ns)}</td>
          <td>{row.card || row.from}</td>
          <td>{row.to}</td>
          <td>{row.type}</td>
        </tr>
      ))}
    </Table>
  );
}

/// All of them, from the oldest on: lists of the API go forward only.
function AllPayments() {
  const rows = useSignal<PaymentRow[]>([]);
  const hasMore = useSignal(true);
  const why = useSignal('');
  const more = async () => {
    try {
      const page = await paymentsAfter(rows.value.at(-1)?.id ?? '');
      rows.value = [...rows.value, ...page.data.map(rowOf)].slice(-500);
      hasMore.value = page.has_more;
      why.value = '';
    } catch (e) {
      why.value = (e as Error).message;
    }
  };
  return (
    <Panel title="All payments, the oldest first">
      {rows.value.length > 0 && <Rows label="All payments" rows={rows.value} />}
      {why.value && <p class="stale">{why.value}</p>}
      {hasMore.value ? (
        <button type="button" data-more onClick={() => void more()}>
          {rows.value.length === 0 ? 'Show' : 'Show the next 50'}
        </button>
      ) : (
        <p class="soft">That was the newest one.</p>
      )}
    </Panel>
  );
}

function Timeline({ of }: { of: Payment }) {
  const first = numberOf(of.timeline[0]?.at_ns);
  return (
    <ol class="timeline" data-timeline>
      {of.timeline.map((row, i) => (
        <li key={i}>
          <time>{timeOfDay(row.at_ns)}</time>
          <span class="soft">+{duration((numberOf(row.at_ns) - first) / 1e6)}</span>
          <strong>{words(row.what)}</strong>
          {row.attempt > 0 && <span>attempt {row.attempt}</span>}
          {row.detail && <span>{row.detail}</span>}
          <span class="soft">
            entry {grouped(row.index)}
            {row.by ? `, by ${row.by}` : ', by a deadline'}
          </span>
        </li>
      ))}
    </ol>
  );
}

function Facts({ of }: { of: Payment }) {
  return (
    <dl class="figures">
      <Figure label="State" value={<State of={of.state} />} />
      <Figure label="Amount" value={money(of.amount, of.currency)} />
      <Figure label="Captured" value={money(of.captured, of.currency)} />
      <Figure label="Refunded" value={money(of.refunded, of.currency)} />
      <Figure label="From" value={of.card || of.from} />
      <Figure label="To" value={of.to} />
      {of.decline_code && <Figure label="Declined" value={words(of.decline_code)} />}
      {of.failure_reason && <Figure label="Failed" value={words(of.failure_reason)} />}
      {of.description && <Figure label="Description" value={of.description} />}
    </dl>
  );
}

/// Asked again whenever something has happened to it.
export function OnePayment({ id }: { id: string }) {
  const found = useSignal<Payment | null>(null);
  const why = useSignal('');
  const newest = payments.value.find((row) => row.id === id)?.event ?? '';
  useEffect(() => {
    let isCurrent = true;
    payment(id).then(
      (p) => isCurrent && ((found.value = p), (why.value = '')),
      (e: Error) => isCurrent && (why.value = e.message),
    );
    return () => {
      isCurrent = false;
    };
  }, [id, newest]);
  return (
    <>
      <p>
        <a href="#/payments">All payments</a>
      </p>
      <Panel title={`Payment ${id}`}>
        {why.value && <p class="stale">{why.value}</p>}
        {found.value && <Facts of={found.value} />}
      </Panel>
      {found.value && (
        <Panel title="Timeline">
          <Timeline of={found.value} />
        </Panel>
      )}
    </>
  );
}

export function Payments() {
  return (
    <>
      <Panel title="What happens to payments, the newest first" topics={['payments']}>
        {payments.value.length === 0 ? <p class="soft">Nothing has happened lately.</p> : <Rows label="What happens" rows={payments.value} />}
      </Panel>
      <AllPayments />
    </>
  );
}

/// Of no attempt at all nothing is known.
function taken({ ended }: TimeInDoubt, ms: string): string {
  return numberOf(ended) === 0 ? '–' : duration(numberOf(ms));
}

export function InDoubt() {
  const all = status.value?.time_in_doubt_by_link ?? [];
  const total = status.value?.time_in_doubt;
  return (
    <>
      <Panel title="In doubt" topics={['status', 'doubt']}>
        <p data-open-doubt={total?.open}>
          {numberOf(total?.open) === 0 ? 'No attempt is in doubt.' : `${grouped(total!.open)} attempts are in doubt, the oldest for ${duration(numberOf(total!.oldest_age_ms))}.`}
        </p>
        {doubt.value.length > 0 && <Rows label="In doubt" rows={doubt.value} />}
      </Panel>
      {all.length > 0 && (
        <Panel title="How long attempts are in doubt" topics={['status']}>
          <Table label="Time in doubt" head={['Link', 'Open', 'Oldest', 'Ended', 'Median', '99 %', 'Longest']}>
            {all.map((each) => (
              <tr key={each.link}>
                <th scope="row">{each.link}</th>
                <td>{grouped(each.open)}</td>
                <td>{numberOf(each.open) > 0 ? duration(numberOf(each.oldest_age_ms)) : '–'}</td>
                <td>{grouped(each.ended)}</td>
                <td>{taken(each, each.p50_ms)}</td>
                <td>{taken(each, each.p99_ms)}</td>
                <td>{taken(each, each.longest_ms)}</td>
              </tr>
            ))}
          </Table>
        </Panel>
      )}
    </>
  );
}
