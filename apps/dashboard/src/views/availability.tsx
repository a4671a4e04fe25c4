/// What served over time, and its gaps.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { availabilityOf } from '../calls';
import { duration, grouped, numberOf, percent } from '../model/format';
import type { Subject } from '../model/messages';
import type { Strip } from '../model/strip';
import { Light, Panel, State, Table } from '../parts/basics';
import { availability, beat, strips } from '../store';

const shownSeconds = 300;

function Gaps({ strip, name, now }: { strip: Strip; name: string; now: number }) {
  const from = now - shownSeconds;
  const seen = strip.runs.filter((run) => run.to > from);
  // What failed is drawn last, so that a short gap is not hidden by what served after it.
  const runs = [...seen.filter((run) => run.colour !== 'failed'), ...seen.filter((run) => run.colour === 'failed')];
  const failed = runs.filter((run) => run.colour === 'failed').reduce((sum, run) => sum + run.to - Math.max(run.from, from), 0);
  const text = failed > 0 ? `${name} failed for ${duration(failed * 1000)} of the last 5 minutes` : `${name} has not failed in the last 5 minutes`;
  return (
    <svg class="strip" viewBox={`0 0 ${shownSeconds} 10`} preserveAspectRatio="none" role="img" aria-label={text}>
      {runs.map((run) => {
        const x = Math.max(0, run.from - from);
        const least = run.colour === 'failed' ? 1.5 : 0; // A short gap is to be seen.
        return <rect key={run.from} class={run.colour} x={x} y="0" width={Math.max(least, run.to - from - x)} height="10" />;
      })}
    </svg>
  );
}

function Strips({ subjects }: { subjects: Subject[] }) {
  beat.value;
  const now = Date.now() / 1000;
  return (
    <ul class="strips">
      {subjects.map((s) => {
        const strip = strips.get(`${s.kind} ${s.subject}`);
        return (
          <li key={`${s.kind} ${s.subject}`} data-subject={`${s.kind} ${s.subject}`} data-failures={s.failures}>
            <span class="name">
              {s.kind} <strong>{s.subject}</strong>
            </span>
            {strip && <Gaps strip={strip} name={`${s.kind} ${s.subject}`} now={now} />}
            <span class="share">{percent(s.availability)}</span>
          </li>
        );
      })}
    </ul>
  );
}

function Numbers({ subjects }: { subjects: Subject[] }) {
  const us = (value: string | undefined) => (value === undefined ? '–' : duration(numberOf(value) / 1000));
  return (
    <Table label="Availability" head={['Subject', 'Kind', 'State', 'Availability', 'Fault tolerance', 'Failures', 'Failed for', 'Between failures', 'To repair']}>
      {subjects.map((s) => (
        <tr key={`${s.kind} ${s.subject}`}>
          <th scope="row">{s.subject}</th>
          <td>{s.kind}</td>
          <td>
            <State of={s.state} />
          </td>
          <td>{percent(s.availability)}</td>
          <td>{percent(s.fault_tolerance)}</td>
          <td>{grouped(s.failures)}</td>
          <td>{us(s.failed_us)}</td>
          <td>{us(s.mtbf_us)}</td>
          <td>{us(s.mttr_us)}</td>
        </tr>
      ))}
    </Table>
  );
}

const spans: [string, string][] = [
  ['start', 'since this node watches'],
  ['1m', 'last minute'],
  ['1h', 'last hour'],
  ['1d', 'last day'],
];

export function AvailabilityView() {
  const span = useSignal('start');
  const other = useSignal<Subject[]>([]);
  const now = availability.value;
  useEffect(() => {
    let isCurrent = true;
    if (span.value !== 'start')
      availabilityOf(span.value).then(
        (found) => isCurrent && (other.value = found.subjects),
        () => isCurrent && (other.value = []),
      );
    return () => {
      isCurrent = false;
    };
  }, [span.value, now]);
  if (!now) return <p class="soft">Nothing has been observed yet.</p>;
  const whole = now.subjects.filter((s) => s.kind !== 'child');
  const parts = now.subjects.filter((s) => s.kind === 'child');
  return (
    <>
      <Panel title="The last 5 minutes, as far as this page was open" topics={['availability']}>
        <Strips subjects={whole} />
        <details>
          <summary>{grouped(parts.length)} children</summary>
          <Strips subjects={parts} />
        </details>
        <p class="legend">
          <Light tone="good">served</Light> <Light tone="bad">failed</Light> <Light tone="quiet">stopped in order, or not seen (hatched)</Light>
        </p>
      </Panel>
      <Panel title="Measured" topics={['availability']}>
        <label>
          Over{' '}
          <select value={span.value} onChange={(e) => (span.value = e.currentTarget.value)}>
            {spans.map(([value, text]) => (
              <option value={value} key={value}>
                {text}
              </option>
            ))}
          </select>
        </label>
        <Numbers subjects={span.value === 'start' ? now.subjects : other.value} />
      </Panel>
    </>
  );
}
