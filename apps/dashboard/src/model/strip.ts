/// How a subject served over time, as a strip of cells. Pure.
import { numberOf } from './format';
import type { Subject } from './messages';

export type Colour = 'serving' | 'failed' | 'stopped' | 'unseen';

export interface Run {
  from: number; // Seconds.
  to: number;
  colour: Colour;
}

const kept = 600;
const seam = 0.01; // Seconds: what is between two runs by rounding only.

/// What one subject did between looks at it. A failure that began and ended between two looks shows,
/// because the node counts the time.
export class Strip {
  readonly runs: Run[] = []; // The oldest first.
  private last: { time: number; observed: number; failed: number; failures: number } | null = null;

  see(time: number, subject: Subject): void {
    const now = {
      time,
      observed: numberOf(subject.observed_us),
      failed: numberOf(subject.failed_us),
      failures: numberOf(subject.failures),
    };
    const before = this.last;
    this.last = now;
    if (!before) return;
    const isSameLife = now.observed >= before.observed && now.failed >= before.failed;
    const failedFor = isSameLife ? (now.failed - before.failed) / 1e6 : 0;
    const span = time - before.time;
    if (subject.state === 'failed') this.add(before.time, time, 'failed');
    else if (failedFor > 0) {
      const part = Math.min(span, failedFor);
      this.add(before.time, before.time + part, 'failed');
      this.add(before.time + part, time, subject.state === 'stopped' ? 'stopped' : 'serving');
    } else this.add(before.time, time, subject.state === 'stopped' ? 'stopped' : 'serving');
  }

  /// Nothing is known until the next look.
  lose(time: number): void {
    if (this.last) this.add(this.last.time, time, 'unseen');
    this.last = null;
    this.lostAt = time;
  }

  /// Something is known again.
  find(time: number): void {
    if (this.lostAt !== null) this.add(this.lostAt, time, 'unseen');
    this.lostAt = null;
  }

  private lostAt: number | null = null;

  private add(from: number, to: number, colour: Colour): void {
    if (to <= from) return;
    const last = this.runs.at(-1);
    if (last && last.colour === colour && from - last.to < seam) last.to = to;
    else this.runs.push({ from, to, colour });
    if (this.runs.length > kept) this.runs.shift();
  }
}
