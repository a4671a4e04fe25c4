/// The supervision tree: what runs, what restarts, and what is left of each budget.
import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { childrenOf } from '../calls';
import type { Page } from '../calls';
import { grouped, numberOf, timeOfDay, words } from '../model/format';
import type { Child, Crowd, Tree } from '../model/messages';
import { layOut, treeOf } from '../model/tree';
import type { Place, TreeNode } from '../model/tree';
import { Light, Panel, State, Table, toneOf } from '../parts/basics';
import { CrashButton, outcome } from '../parts/crash';
import { Meter } from '../parts/meter';
import { measured, restarts, status, tree } from '../store';

function budgetOf(node: TreeNode, of: Tree): { most: number; windowMs: number } | null {
  if (node.path === '') return { most: of.root.restarts_max, windowMs: numberOf(of.root.window_ms) };
  if (!node.child || node.child.kind !== 'supervisor') return null;
  return { most: node.child.restarts_max, windowMs: numberOf(node.child.window_ms) };
}

function Budget({ node, of }: { node: TreeNode; of: Tree }) {
  const budget = budgetOf(node, of);
  if (!budget || budget.windowMs === 0) return null;
  const left = measured.value.get(node.path)?.restarts_left;
  const used = left === undefined ? restarts.used(node.path, budget.windowMs, Date.now()) : budget.most - left;
  return <Meter used={used} most={budget.most} windowMs={budget.windowMs} />;
}

/// Messages that wait for a child, and lives of its children that hold a thread.
function Load({ path }: { path: string }) {
  const { waiting = 0, zombies = 0 } = measured.value.get(path) ?? {};
  return (
    <>
      {waiting > 0 && (
        <span class="count" data-waiting={waiting} title={`${waiting} messages wait`} aria-label={`${waiting} messages wait`}>
          ✉ {grouped(waiting)}
        </span>
      )}
      {zombies > 0 && <span class="state" title="lives that were given up still hold a thread">{zombies === 1 ? '1 zombie' : `${zombies} zombies`}</span>}
    </>
  );
}

function ChildBox({ child, name, children }: { child: Child; name: string; children?: preact.ComponentChildren }) {
  const count = numberOf(child.restarts);
  const about = [words(child.kind), child.strategy && words(child.strategy), child.restart_type, `life ${child.incarnation}`, child.last_exit && `the life before ended: ${child.last_exit}`];
  return (
    <>
      <span class={`dot ${toneOf(child.state)}`} aria-hidden="true" />
      <span class="name" title={about.filter(Boolean).join(', ')}>
        {name}
      </span>
      {child.state !== 'running' && <span class="state">{child.state}</span>}
      {count > 0 && (
        <span class="count" title={`${count} restarts`} aria-label={`${count} restarts`}>
          ↻ {grouped(count)}
        </span>
      )}
      <Load path={child.path} />
      {children}
      <CrashButton child={child} />
    </>
  );
}

function crowdText(crowd: Crowd): string {
  const states = Object.entries(crowd.states).map(([state, n]) => `${grouped(n)} ${state}`);
  return `${grouped(crowd.count)} children: ${states.join(', ')}`;
}

function Box({ place, of, onOpen }: { place: Place; of: Tree; onOpen: (path: string) => void }) {
  const { node, x, y, width } = place;
  const style = { left: `${x}px`, top: `${y - 15}px`, width: `${width}px` };
  const { child, crowd } = node;
  const life = child ? `${child.incarnation}` : '';
  return (
    <li class={`box ${child?.kind ?? (crowd ? 'crowd' : 'root')}`} style={style} data-child={node.path} data-state={child?.state} data-restarts={child?.restarts ?? crowd?.restarts} data-life={life}>
      {restarts.hasSeen(node.path) && <span class="healed" key={life} aria-hidden="true" />}
      {child && (
        <ChildBox child={child} name={node.name}>
          <Budget node={node} of={of} />
        </ChildBox>
      )}
      {crowd && (
        <>
          <span class="name">{crowdText(crowd)}</span>
          <span class="count">↻ {grouped(crowd.restarts)}</span>
          <button type="button" data-open={crowd.path} onClick={() => onOpen(crowd.path)}>
            Show
          </button>
        </>
      )}
      {!child && !crowd && (
        <>
          <span class="name">{node.name}</span>
          <span class="state">{words(of.root.strategy)}</span>
          <Budget node={node} of={of} />
        </>
      )}
    </li>
  );
}

/// The width of an element, which changes with the window.
function useWidth() {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const watch = new ResizeObserver(() => setWidth(box.current?.clientWidth ?? 0));
    watch.observe(box.current!);
    return () => watch.disconnect();
  }, []);
  return { box, width };
}

function Drawing({ of, onOpen }: { of: Tree; onOpen: (path: string) => void }) {
  const { box, width } = useWidth();
  const name = status.value?.node ?? 'node';
  const laid = useMemo(() => (width > 0 ? layOut(treeOf(name, of), width) : null), [of, name, width]);
  return (
    <div class="tree" ref={box}>
      {laid && (
        <>
          <svg width={laid.width} height={laid.height} aria-hidden="true">
            {laid.lines.map((line) => (
              <path d={line} key={line} />
            ))}
          </svg>
          <ul style={{ height: `${laid.height}px` }} aria-label="Children, depth first">
            {laid.places.map((place) => (
              <Box place={place} of={of} onOpen={onOpen} key={place.node.path} />
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

const pageSize = 50;

/// The children of a crowd, a page at a time. Asked again when the crowd changes.
function CrowdPages({ crowd, onClose }: { crowd: Crowd; onClose: () => void }) {
  const from = useSignal(0);
  const page = useSignal<Page | null>(null);
  const why = useSignal('');
  const version = JSON.stringify(crowd);
  useEffect(() => {
    let isCurrent = true;
    childrenOf(crowd.path, from.value).then(
      (found) => isCurrent && ((page.value = found), (why.value = '')),
      (e: Error) => isCurrent && (why.value = e.message),
    );
    return () => {
      isCurrent = false;
    };
  }, [version, from.value]);
  const count = page.value?.count ?? 0;
  const rows = page.value?.children ?? [];
  const last = Math.min(from.value + pageSize, count);
  return (
    <Panel title={`Children of ${crowd.path || 'the root'}`} id="crowd">
      <div class="pager">
        <button type="button" disabled={from.value === 0} onClick={() => (from.value = Math.max(0, from.value - pageSize))}>
          Before
        </button>
        <span data-range>
          {count === 0 ? 0 : grouped(from.value + 1)}–{grouped(last)} of {grouped(count)}
        </span>
        <button type="button" data-next disabled={last >= count} onClick={() => (from.value += pageSize)}>
          Next
        </button>
        <button type="button" onClick={onClose}>
          Close
        </button>
      </div>
      {why.value && <p class="stale">{why.value}</p>}
      <Table label="Children" head={['Child', 'State', 'Life', 'Restarts', 'The life before ended', '']}>
        {rows.map((c) => (
          <tr key={c.path} data-row={c.path} data-restarts={c.restarts}>
            <th scope="row">{c.path.slice(c.path.lastIndexOf('/') + 1)}</th>
            <td>
              <State of={c.state} />
            </td>
            <td>{c.incarnation}</td>
            <td>{c.restarts}</td>
            <td>{c.last_exit || '–'}</td>
            <td>
              <CrashButton child={c} />
            </td>
          </tr>
        ))}
      </Table>
    </Panel>
  );
}

function Healing() {
  tree.value; // It grows with it.
  const all = restarts.happenings.slice(0, 30);
  if (all.length === 0) return <p class="soft">Nothing has restarted since this page was opened.</p>;
  return (
    <ol class="healing" data-healing>
      {all.map((each, i) => (
        <li key={`${each.at} ${each.path} ${i}`}>
          <time>{timeOfDay(String(each.at * 1e6))}</time> <strong>{each.path}</strong>{' '}
          {each.restarts > 0 ? `restarted${each.restarts > 1 ? ` ${each.restarts} times` : ''}` : ''} {each.state && <State of={each.state} />}
          {each.why && <span class="soft"> after {each.why}</span>}
        </li>
      ))}
    </ol>
  );
}

export function TreeView() {
  const opened = useSignal<string | null>(null);
  const now = tree.value;
  if (!now) return <p class="soft">The tree has not come yet.</p>;
  const crowd = now.crowds.find((each) => each.path === opened.value);
  return (
    <>
      <Panel title="Supervision tree" topics={['tree']}>
        {status.value && !status.value.faults_allowed && <p class="soft">This node was started without faults allowed: there are no crash buttons.</p>}
        <p class="outcome" role="status" aria-live="polite" data-outcome>
          {outcome.value}
        </p>
        <Drawing of={now} onOpen={(path) => (opened.value = path)} />
        <p class="legend">
          <Light tone="good">running</Light> <Light tone="warn">restarting</Light> <Light tone="quiet">stopped, or waits for a grant</Light> <span>↻ restarts</span> <span>✉ messages that wait</span> <span>bar: how much of its restarts the supervisor has used</span>
        </p>
      </Panel>
      {crowd && <CrowdPages crowd={crowd} onClose={() => (opened.value = null)} />}
      <Panel title="What has healed">
        <Healing />
      </Panel>
    </>
  );
}
