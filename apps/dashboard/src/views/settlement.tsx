/// Windows of settlement.
import { grouped, money, timeOfDay } from '../model/format';
import { Panel, State, Table } from '../parts/basics';
import { windows } from '../store';

function date(yyyymmdd: number): string {
  const text = String(yyyymmdd);
  return text.length === 8 ? `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}` : '–';
}

export function Settlement() {
  return (
    <Panel title="Settlement windows, the newest first" topics={['windows']}>
      {windows.value.length === 0 ? (
        <p class="soft">No currency is settled here.</p>
      ) : (
        <Table label="Windows" head={['Window', 'State', 'Business date', 'Opened', 'Captures', 'Refunds', 'Fees', 'Net', 'Merchants', 'Settlement']}>
          {windows.value.map((w) => (
            <tr key={`${w.currency} ${w.number}`} data-window={`${w.currency} ${w.number}`}>
              <th scope="row">
                {w.currency} {w.number}
              </th>
              <td>
                <State of={w.state} />
              </td>
              <td>{date(w.business_date)}</td>
              <td>{timeOfDay(w.opened_at_ns)}</td>
              <td>
                {grouped(w.total?.captures?.count ?? 0)} · {money(w.total?.captures?.amount ?? '0', w.currency)}
              </td>
              <td>
                {grouped(w.total?.refunds?.count ?? 0)} · {money(w.total?.refunds?.amount ?? '0', w.currency)}
              </td>
              <td class="number">{money(w.total?.fees ?? '0', w.currency)}</td>
              <td class="number">{money(w.total?.net ?? '0', w.currency)}</td>
              <td>{grouped(w.merchants)}</td>
              <td>{w.settlement || '–'}</td>
            </tr>
          ))}
        </Table>
      )}
    </Panel>
  );
}
