/// Links to acquirers.
import { duration, grouped, numberOf } from '../model/format';
import type { AcquirerLinks, Link } from '../model/messages';
import { Light, Panel, State, Table } from '../parts/basics';
import { links } from '../store';

function micros(us: string | undefined): string {
  return us === undefined ? '–' : duration(numberOf(us) / 1000);
}

function Row({ link }: { link: Link }) {
  return (
    <tr data-link={link.name}>
      <th scope="row">{link.name}</th>
      <td>
        <State of={link.state} />
        {link.why && <span class="soft"> {link.why}</span>}
      </td>
      <td>{link.holder ? <Light tone="good">carries payments</Light> : 'stands by'}</td>
      <td>{duration(numberOf(link.since_ms))}</td>
      <td>{grouped(link.in_flight)}</td>
      <td>{grouped(link.answered)}</td>
      <td>{grouped(link.unknown)}</td>
      <td>
        {micros(link.answer_p50_us)} / {micros(link.answer_p99_us)}
      </td>
    </tr>
  );
}

function AcquirerPanel({ of }: { of: AcquirerLinks }) {
  return (
    <Panel title={`Acquirer ${of.name}`} topics={['links']}>
      <p>
        Breaker <State of={of.breaker} />
        {numberOf(of.epoch) > 0 && ` · granted to ${of.holder} (epoch ${of.epoch})`}
      </p>
      <Table label={`Links of ${of.name}`} head={['Link', 'State', 'Holds', 'Since', 'In flight', 'Answered', 'Unknown', 'Median / 99 %']}>
        {of.links.map((link) => (
          <Row link={link} key={link.name} />
        ))}
      </Table>
    </Panel>
  );
}

export function Devices() {
  if (links.value.length === 0)
    return (
      <Panel title="Links to acquirers" topics={['links']}>
        <p class="soft">This node has no acquirer in its configuration.</p>
      </Panel>
    );
  return (
    <>
      {links.value.map((each) => (
        <AcquirerPanel of={each} key={each.name} />
      ))}
      <p class="soft">A link is a child of the tree: its crash button is there.</p>
    </>
  );
}
