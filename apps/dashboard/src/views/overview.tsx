/// All of the node at a glance: whether its books balance first.
import { FiringNow } from './alerts';
import { Chart } from '../parts/chart';
import { CutButton, KillButton, outcome } from '../parts/crash';
import { Figure, Light, Panel, State, Table } from '../parts/basics';
import type { Tone } from '../parts/basics';
import { duration, grouped, money, numberOf, words } from '../model/format';
import type { ClusterNode, LedgerTotals, Status } from '../model/messages';
import { acquirers, availability, beat, figures, groups, nodes, problems, status, tree } from '../store';

function said({ debits_posted, credits_posted, currency, in_balance }: LedgerTotals): string {
  const debits = `${money(debits_posted, currency)} debits`;
  return in_balance ? `${debits}, the same in credits` : `${debits}, ${money(credits_posted, currency)} credits`;
}

function Balance({ totals }: { totals: LedgerTotals[] }) {
  const off = totals.filter((each) => !each.in_balance);
  const tone: Tone = off.length > 0 ? 'bad' : 'good';
  const text = off.length > 0 ? `Out of balance: ${off.map((each) => each.currency).join(', ')}` : 'Ledger in balance';
  const isOld = Boolean(problems.value.status);
  return (
    <div class={`balance ${isOld ? 'old' : tone}`} role="status" data-balance={isOld ? 'old' : tone}>
      <span class="lamp" aria-hidden="true" />
      <div>
        <strong>{isOld ? `${text}, when it was last asked` : text}</strong>
        <p>
          {totals.length === 0
            ? 'Nothing has been posted yet.'
            : totals.map(said).join(' · ')}
        </p>
      </div>
    </div>
  );
}

function doubtTone({ open, oldest_age_ms }: Status['time_in_doubt']): Tone {
  if (numberOf(open) === 0) return 'good';
  return numberOf(oldest_age_ms) > 60_000 ? 'bad' : 'warn';
}

function latest(values: (number | null)[]): number {
  return values.at(-1) ?? 0;
}

function Figures({ of }: { of: Status }) {
  beat.value; // The rate grows with it.
  const doubt = of.time_in_doubt;
  const children = tree.value?.children ?? [];
  const down = children.filter((c) => c.state === 'restarting').length;
  return (
    <dl class="figures">
      <Figure name="rate" label="Payments a second" value={latest(figures.payments.values).toFixed(1)} />
      <Figure name="payments" label="Payments" value={grouped(of.payments)} />
      <Figure name="doubt" label="In doubt" tone={doubtTone(doubt)} value={numberOf(doubt.open) === 0 ? '0' : `${grouped(doubt.open)}, up to ${duration(numberOf(doubt.oldest_age_ms))}`} />
      <Figure name="restarts" label="Restarts" value={grouped(of.restarts)} />
      <Figure name="restarting" label="Restarting now" tone={down > 0 ? 'warn' : undefined} value={down} />
      <Figure name="log" label="Log entry" value={grouped(of.log_index)} />
      <Figure name="epoch" label="Epoch of the log" value={grouped(of.epoch)} />
      <Figure name="uptime" label="Up for" value={duration(numberOf(of.uptime_ms))} />
      <Figure name="accounts" label="Accounts" value={grouped(of.accounts)} />
    </dl>
  );
}

function Nodes({ all }: { all: ClusterNode[] }) {
  const newest = Math.max(...all.map((n) => numberOf(n.applied)));
  return (
    <Table label="Nodes" head={['Node', 'State', 'Log', 'Lag', 'Applied', 'Version', '']}>
      {all.map((n) => (
        <tr key={n.id} data-node={n.id} data-state={n.state}>
          <th scope="row">{n.id}</th>
          <td>
            <State of={n.state} />
          </td>
          <td>{n.holds_log ? `writes it (epoch ${n.epoch})` : 'follows'}</td>
          <td>{n.state === 'gone' ? '–' : grouped(newest - numberOf(n.applied))}</td>
          <td>{grouped(n.applied)}</td>
          <td>{n.version}</td>
          <td>{n.id === status.value?.node ? <KillButton /> : n.linked ? <CutButton node={n.id} /> : <span class="soft">no connection</span>}</td>
        </tr>
      ))}
    </Table>
  );
}

function Groups() {
  return (
    <Table label="Groups" head={['Group', 'Serves', 'Stands by', 'Mode', 'Epoch']}>
      {groups.value.map((g) => (
        <tr key={g.pool} data-group={g.pool} data-serving={g.serving.join(' ')} data-epoch={g.epoch}>
          <th scope="row">{g.pool}</th>
          <td>{g.serving.length > 0 ? <Light tone="good">{g.serving.join(', ')}</Light> : <Light tone="bad">nobody</Light>}</td>
          <td>{g.redundancy.nodes.filter((n) => !g.serving.includes(n)).join(', ') || '–'}</td>
          <td>
            {words(g.redundancy.mode)}, {g.redundancy.standby}
          </td>
          <td>{grouped(g.epoch)}</td>
        </tr>
      ))}
    </Table>
  );
}

function States({ of }: { of: Status }) {
  const all = Object.entries(of.payments_by_state);
  if (all.length === 0) return <p class="soft">No payment yet.</p>;
  return (
    <ul class="states">
      {all.map(([state, count]) => (
        <li key={state}>
          <State of={state.toUpperCase()} /> <strong>{grouped(count)}</strong>
        </li>
      ))}
    </ul>
  );
}

function Reconciled() {
  const off = acquirers.value.filter((a) => a.state === 'OUT_OF_BALANCE');
  if (off.length === 0) return null;
  return <p class="stale">Out of balance with {off.map((a) => `${a.link} (${a.currency})`).join(', ')}.</p>;
}

function Charts() {
  beat.value;
  const of = (name: keyof typeof figures) => figures[name].values.at(-1);
  return (
    <div class="charts">
      <Chart label="Payments a second" now={latest(figures.payments.values).toFixed(1)} series={figures.payments} />
      <Chart label="In doubt" now={String(of('doubt') ?? '–')} series={figures.doubt} />
      <Chart label="Restarts" now={String(of('restarts') ?? '–')} series={figures.restarts} />
      {nodes.value.length > 1 && <Chart label="Largest lag, entries" now={String(of('lag') ?? '–')} series={figures.lag} />}
    </div>
  );
}

function Served() {
  const subjects = (availability.value?.subjects ?? []).filter((s) => s.kind === 'cluster');
  return (
    <>
      {subjects.map((s) => (
        <p key={s.subject}>
          The cluster <State of={s.state} />: {s.failures} failure{s.failures === '1' ? '' : 's'} since this node watches.
        </p>
      ))}
    </>
  );
}

export function Overview() {
  const now = status.value;
  return (
    <>
      {now ? <Balance totals={now.totals} /> : <p class="balance unknown" data-balance="unknown" role="status">The ledger has not answered yet{problems.value.status ? `: ${problems.value.status}` : ''}.</p>}
      <FiringNow />
      {now && (
        <Panel title="This node" topics={['status']}>
          <Figures of={now} />
          <Served />
          <Reconciled />
          {now.last_end && <p class="soft">The process before it ended: {now.last_end}</p>}
          {nodes.value.length === 0 && <KillButton />}
        </Panel>
      )}
      {nodes.value.length > 0 && (
        <Panel title="Nodes" topics={['nodes']}>
          <Nodes all={nodes.value} />
          <p class="outcome" role="status" aria-live="polite" data-outcome>
            {outcome.value}
          </p>
        </Panel>
      )}
      {groups.value.length > 0 && (
        <Panel title="Groups" topics={['groups']}>
          <Groups />
        </Panel>
      )}
      <Panel title="Over time" topics={['status']}>
        <Charts />
      </Panel>
      {now && (
        <Panel title="Payments by state" topics={['status']}>
          <States of={now} />
        </Panel>
      )}
    </>
  );
}
