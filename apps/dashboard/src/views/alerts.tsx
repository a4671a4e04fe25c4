/// What somebody has to look at.
import { duration, numberOf } from '../model/format';
import type { Alert, Silence } from '../model/messages';
import { Light, Panel, Table } from '../parts/basics';
import type { Tone } from '../parts/basics';
import { alerts, beat, firing } from '../store';

function toneOf({ state, severity }: Alert): Tone {
  if (state !== 'firing') return 'quiet';
  return severity === 'page' ? 'bad' : 'warn';
}

function careOf({ acknowledged_by, silenced }: Alert): string {
  if (acknowledged_by) return `${acknowledged_by} takes care`;
  return silenced ? 'silenced' : '';
}

function Row({ of }: { of: Alert }) {
  return (
    <tr data-alert={of.rule} data-subject={of.subject} data-state={of.state}>
      <th scope="row">
        <Light tone={toneOf(of)}>{of.state === 'firing' ? of.severity : of.state}</Light>
      </th>
      <td>{of.text}</td>
      <td>{duration(Math.max(0, Date.now() - numberOf(of.began_at_ms)))}</td>
      <td>{of.action}</td>
      <td>{careOf(of)}</td>
      <td>{of.rule}</td>
    </tr>
  );
}

function SilenceRow({ of }: { of: Silence }) {
  return (
    <tr data-silence={of.id}>
      <th scope="row">{of.id}</th>
      <td>{of.rule || 'every rule'}</td>
      <td>{of.subject || 'everything'}</td>
      <td>{duration(Math.max(0, numberOf(of.until_ms) - Date.now()))}</td>
      <td>{of.by}</td>
      <td>{of.reason}</td>
    </tr>
  );
}

/// Nothing unless something fires.
export function FiringNow() {
  const all = firing();
  if (all.length === 0) return null;
  const [first] = all;
  return (
    <p class="alarm" role="alert">
      <a href="#/alerts">
        {all.length === 1 ? '1 alert fires' : `${all.length} alerts fire`}: {first!.text}
      </a>
    </p>
  );
}

export function Alerts() {
  beat.value; // Times grow with it.
  const now = alerts.value;
  if (!now || numberOf(now.looked_at_ms) === 0)
    return (
      <Panel title="Alerts" topics={['alerts']}>
        <p class="soft">This node does not look for alerts itself: it does with the table [alerts] in its configuration.</p>
      </Panel>
    );
  return (
    <>
      <Panel title="Alerts" topics={['alerts']}>
        {now.alerts.length === 0 ? (
          <p>
            <Light tone="good">Nothing has to be looked at.</Light>
          </p>
        ) : (
          <Table label="Alerts" head={['How', 'What', 'For', 'Do first', 'Care', 'Rule']}>
            {now.alerts.map((each) => (
              <Row of={each} key={`${each.rule} ${each.subject}`} />
            ))}
          </Table>
        )}
        <p class="soft">Taken care of and silenced with `ducat alerts`.</p>
      </Panel>
      {now.silences.length > 0 && (
        <Panel title="Silences" topics={['alerts']}>
          <Table label="Silences" head={['Silence', 'Rule', 'Of', 'Left', 'By', 'Why']}>
            {now.silences.map((each) => (
              <SilenceRow of={each} key={each.id} />
            ))}
          </Table>
        </Panel>
      )}
    </>
  );
}
