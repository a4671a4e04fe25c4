/// The crash button, and the question before it is done.
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { crash } from '../calls';
import type { Fault } from '../calls';
import type { Child } from '../model/messages';
import { status } from '../store';

interface Wish {
  path: string;
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
    <button type="button" class="crash" disabled={state === 'stopped'} data-crash={path} aria-label={`Crash ${path}`} onClick={() => (wish.value = { path, fault: 'throw', isNode: false })}>
      Crash
    </button>
  );
}

/// Kills the process of the node that serves this page; its guardian starts it again.
export function KillButton() {
  if (!status.value?.faults_allowed) return null;
  const path = 'gateway';
  return (
    <button type="button" class="crash" data-kill onClick={() => (wish.value = { path, fault: 'segv', isNode: true })}>
      Kill this node
    </button>
  );
}

async function fulfil({ path, fault, isNode }: Wish): Promise<void> {
  const what = isNode ? 'The node' : path;
  try {
    const { crashed } = await crash(path, fault);
    outcome.value = crashed > 0 ? `${what} was hit (${fault}).` : `${what} could not be hit: it does not run.`;
  } catch (why) {
    // Whoever kills a process gets no answer from it.
    outcome.value = fault === 'segv' ? `${what} was sent a SEGV.` : `${what} was not crashed: ${(why as Error).message}.`;
  }
}

const faults: [Fault, string][] = [
  ['throw', 'throw: its handler throws an exception'],
  ['exit', 'exit: the actor ends'],
  ['hang', 'hang: it stays in its handler for 2 s'],
  ['segv', 'segv: the whole process of this node dies'],
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
  const name = asked?.isNode ? `node ${status.value?.node ?? ''}` : asked?.path;
  return (
    <dialog ref={dialog} aria-labelledby="crash-title" onClose={() => (wish.value = null)}>
      {asked && (
        <form method="dialog" onSubmit={confirm}>
          <h2 id="crash-title">Crash {name}?</h2>
          {asked.isNode ? (
            <p>Its process dies as of a bad pointer. Its guardian starts it again; this page comes back by itself.</p>
          ) : (
            <label>
              How{' '}
              <select value={asked.fault} onChange={(e) => (wish.value = { ...asked, fault: e.currentTarget.value as Fault })}>
                {faults.map(([value, text]) => (
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
              Crash it
            </button>
          </div>
        </form>
      )}
    </dialog>
  );
}
