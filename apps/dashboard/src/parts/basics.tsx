/// Small parts that views are made of.
import type { ComponentChildren } from 'preact';
import { words } from '../model/format';
import { problems } from '../store';

export type Tone = 'good' | 'bad' | 'warn' | 'quiet';

/// A coloured dot with its meaning as a text: colour alone says nothing to many.
export function Light({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return (
    <span class={`light ${tone}`}>
      <span class="dot" aria-hidden="true" />
      {children}
    </span>
  );
}

export function Panel(props: { title: string; topics?: string[]; id?: string; children: ComponentChildren }) {
  const why = (props.topics ?? []).map((topic) => problems.value[topic]).find(Boolean);
  return (
    <section class="panel" aria-label={props.title} id={props.id}>
      <h2>{props.title}</h2>
      {why && <p class="stale">Not up to date: {why}.</p>}
      {props.children}
    </section>
  );
}

/// One figure with what it is.
export function Figure(props: { label: string; value: ComponentChildren; tone?: Tone; name?: string }) {
  return (
    <div class={`figure ${props.tone ?? ''}`} data-figure={props.name}>
      <dt>{props.label}</dt>
      <dd>{props.value}</dd>
    </div>
  );
}

/// A table that scrolls by itself if the screen is too narrow for it.
export function Table({ label, head, children }: { label: string; head: string[]; children: ComponentChildren }) {
  return (
    <div class="scroller" tabIndex={0} role="region" aria-label={label}>
      <table>
        <thead>
          <tr>
            {head.map((each) => (
              <th scope="col" key={each}>
                {each}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

const good = ['CAPTURED', 'AUTHORIZED', 'SETTLED', 'running', 'alive', 'signed_on', 'serving', 'closed', 'IN_BALANCE'];
const bad = ['EXCEPTION', 'FAILED', 'failed', 'silent', 'gone', 'down', 'open', 'ABORTED', 'OUT_OF_BALANCE'];
const warn = ['IN_DOUBT', 'AUTHORIZING', 'restarting', 'draining', 'suspect', 'half_open', 'connected', 'INTERRUPTED'];

export function toneOf(state: string): Tone {
  if (good.includes(state)) return 'good';
  if (bad.includes(state)) return 'bad';
  return warn.includes(state) ? 'warn' : 'quiet';
}

export function State({ of }: { of: string }) {
  return <Light tone={toneOf(of)}>{words(of)}</Light>;
}
