import { signal } from '@preact/signals';
import { render } from 'preact';
import { useEffect } from 'preact/hooks';
import type { ComponentChild } from 'preact';
import { CrashDialog } from './parts/crash';
import { Light } from './parts/basics';
import { connection, refusal, status } from './store';
import { follow } from './stream';
import './style.css';
import { Alerts } from './views/alerts';
import { AvailabilityView } from './views/availability';
import { Devices } from './views/devices';
import { Overview } from './views/overview';
import { InDoubt, OnePayment, Payments } from './views/payments';
import { Settlement } from './views/settlement';
import { TreeView } from './views/tree';

const where = signal(location.hash);
addEventListener('hashchange', () => (where.value = location.hash));

const views: [string, string, () => ComponentChild][] = [
  ['', 'Overview', () => <Overview />],
  ['tree', 'Tree', () => <TreeView />],
  ['payments', 'Payments', () => <Payments />],
  ['doubt', 'In doubt', () => <InDoubt />],
  ['devices', 'Devices', () => <Devices />],
  ['alerts', 'Alerts', () => <Alerts />],
  ['settlement', 'Settlement', () => <Settlement />],
  ['availability', 'Availability', () => <AvailabilityView />],
];

const lights = {
  connecting: <Light tone="warn">connecting</Light>,
  open: <Light tone="good">live</Light>,
  lost: <Light tone="bad">connection lost</Light>,
  refused: <Light tone="bad">not let in</Light>,
};

function Connection() {
  const now = connection.value;
  return (
    <span role="status" data-connection={now}>
      {lights[now]}
    </span>
  );
}

function Page() {
  const [, name = '', id = ''] = where.value.split('/');
  const found = views.find(([each]) => each === name) ?? views[0]!;
  useEffect(() => document.querySelector('nav [aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' }), [found]);
  return (
    <>
      <header>
        <a class="skip" href="#main" onClick={(e) => (e.preventDefault(), document.getElementById('main')?.focus())}>
          To the content
        </a>
        <h1>
          ducat <span data-name>{status.value?.node ?? ''}</span>
        </h1>
        <Connection />
        <nav aria-label="Views">
          {views.map(([each, title]) => (
            <a key={each} href={`#/${each}`} aria-current={each === found[0] ? 'page' : undefined}>
              {title}
            </a>
          ))}
        </nav>
      </header>
      {connection.value === 'lost' && <p class="lost">Connection lost: what is shown is of before. The page comes back by itself.</p>}
      {connection.value === 'refused' && <p class="lost">This node does not let you in: {refusal.value}.</p>}
      <main id="main" tabIndex={-1}>
        {found[0] === 'payments' && id ? <OnePayment id={id} /> : found[2]()}
      </main>
      <CrashDialog />
    </>
  );
}

render(<Page />, document.getElementById('page')!);
follow();
