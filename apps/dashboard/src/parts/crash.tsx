/// The crash button, and the question before it is done.
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { crash } from '../calls';
import type { Fault, Target } from '../calls';
import type { Child } from '../model/messages';
import { status } from '../store';

interface Wish {
  target: Target;
  fault: Fault;
  isNode: boolean; // Not this child is meant, but the process.
}

const wish = signal<Wish | null>(null);
/// What became of the last one, for all to read.
export const outcome = signal('');

/// What is stopped cannot be crashed; what restarts can, once it runs.
export function CrashButton({ child: { path, state } }: { child: Child }) {
  if (!status.value?.faults_allowed) return null;
  return (
    <button type="button" class="crash" disabled={state === 'stopped'} data-crash={path} aria-label={`Crash ${path}`} onClick={() => (wish.value = { target: { path }, fault: 'throw', isNode: false })}>
      Crash
    </button>
  );
}

/// Cuts the connection of the node that serves this page to another one.
export function CutButton({ node }: { node: string }) {
  if (!status.value?.faults_allowed) return null;
  return (
    <button type="button" class="crash" data-cut={node} aria-label={`Cut the link to ${node}`} onClick={() => (wish.value = { target: { link: node, lease_ms: 10_000 }, fault: 'hang', isNode: false })}>
      Cut link
    </button>
  );
}

/// Kills the process of the node that serves this page; its guardian starts it again.
export function KillButton() {
  if (!status.value?.faults_allowed) return null;
  const path = 'gateway';
  return (
    <button type="button" class="crash" data-kill onClick={() => (wish.value = { target: { path }, fault: 'segv', isNode: true })}>
      Kill this node
    </button>
  );
}

function nameOf({ target, isNode }: Wish): string {
  if (isNode) return `node ${status.value?.node ?? ''}`;
  return 'link' in target ? `the link to ${target.link}` : target.path;
}

const endsTheProcess = (fault: Fault) => fault === 'exit' || fault === 'segv';

async function fulfil(wish: Wish): Promise<void> {
  const what = nameOf(wish);
  try {
    const { crashed } = await crash(wish.target, wish.fault);
    outcome.value = crashed > 0 ? `${what} was hit (${wish.fault}).` : `${what} could not be hit: it does not run.`;
  } catch (why) {
    // Whoever kills a process gets no answer from it.
    outcome.value = endsTheProcess(wish.fault) ? `The process was told to end (${wish.fault}).` : `${what} was not hit: ${(why as Error).message}.`;
  }
}

const faults: [Fault, string][] = [
  ['throw', 'throw: its handler throws an exception'],
  ['hang', 'hang: it stays in its handler for 2 s'],
  ['exit', 'exit: the whole process of this node ends at once'],
  ['segv', 'segv: the same, by a bad pointer'],
];

const cuts: [Fault, string][] = [
  ['throw', 'throw: the connection ends, and is made again at once'],
  ['hang', 'hang: it ends, and is not made again for 10 s'],
];

export function CrashDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  const asked = wish.value;
  useEffect(() => {
    if (asked && !dialog.current?.open) dialog.current?.showModal();
    if (!asked && dialog.current?.open) dialog.current.close();
  }, [asked]);
  const confirm = () => {
    if (asked) void fulfil(asked);
    wish.value = null;
  };
  const isLink = asked !== null && 'link' in asked.target;
  return (
    <dialog ref={dialog} aria-labelledby="crash-title" onClose={() => (wish.value = null)}>
      {asked && (
        <form method="dialog" onSubmit={confirm}>
          <h2 id="crash-title">
            {isLink ? 'Cut' : 'Crash'} {nameOf(asked)}?
          </h2>
          {asked.isNode ? (
            <p>Its process dies as of a bad pointer. Its guardian starts it again; this page comes back by itself.</p>
          ) : (
            <label>
              How{' '}
              <select value={asked.fault} onChange={(e) => (wish.value = { ...asked, fault: e.currentTarget.value as Fault })}>
                {(isLink ? cuts : faults).map(([value, text]) => (
                  <option value={value} key={value}>
                    {text}
                  </option>
                ))}
              </select>
            </label>
          )}
          <p class="soft">It is written into the log of the node as fault_ordered.</p>
          <div class="choices">
            <button type="button" data-cancel onClick={() => (wish.value = null)}>
              Cancel
            </button>
            <button type="submit" class="crash" data-confirm>
              {isLink ? 'Cut it' : 'Crash it'}
            </button>
          </div>
        </form>
      )}
    </dialog>
  );
}
