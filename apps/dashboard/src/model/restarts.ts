/// Restarts as this page has seen them: for the budgets, and for the list of what healed. Pure.
import { numberOf } from './format';
import type { Child, Crowd } from './messages';
import { parentOf } from './tree';

/// One or more restarts of a child between two looks at it, or the end of a state that was no good.
export interface Happening {
  at: number; // Milliseconds, of whatever clock the caller has.
  path: string; // Of a crowd: of its supervisor.
  restarts: number; // How many; 0: its state has changed only.
  state: string;
  why: string; // The last exit.
}

const kept = 500;

export class RestartLog {
  readonly happenings: Happening[] = []; // The newest first.
  private known = new Map<string, { restarts: number; state: string }>();

  /// Takes what the tree looks like now. What is seen for the first time has not happened.
  see(at: number, children: Child[], crowds: Crowd[]): void {
    const next = new Map<string, { restarts: number; state: string }>();
    for (const child of children) {
      const now = { restarts: numberOf(child.restarts), state: child.state };
      next.set(child.path, now);
      this.compare(at, child.path, now, child.last_exit);
    }
    for (const crowd of crowds) {
      const key = `${crowd.path}/*`;
      const now = { restarts: crowd.restarts, state: '' };
      next.set(key, now);
      this.compare(at, key, now, '');
    }
    this.known = next;
    this.happenings.length = Math.min(this.happenings.length, kept);
  }

  /// A new life of the node begins with no restarts: nothing is compared with the one before.
  forget(): void {
    this.known.clear();
  }

  /// Returns whether this child has restarted since the page was opened.
  hasSeen(path: string): boolean {
    return this.happenings.some((each) => each.path === path && each.restarts > 0);
  }

  /// Returns how many restarts of children of `supervisor` there were in the window that ends at `at`.
  used(supervisor: string, windowMs: number, at: number): number {
    let sum = 0;
    for (const each of this.happenings) {
      if (each.at < at - windowMs) break;
      if (parentOf(each.path) === supervisor) sum += each.restarts;
    }
    return sum;
  }

  private compare(at: number, path: string, now: { restarts: number; state: string }, why: string): void {
    const before = this.known.get(path);
    if (!before) return;
    const restarts = Math.max(0, now.restarts - before.restarts);
    if (restarts > 0 || before.state !== now.state)
      this.happenings.unshift({ at, path, restarts, state: now.state, why });
  }
}
