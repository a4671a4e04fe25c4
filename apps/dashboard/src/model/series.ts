/// Figures over time. Pure.

export class Series {
  readonly times: number[] = []; // Seconds.
  readonly values: (number | null)[] = []; // null: nothing was known.

  constructor(private readonly kept: number) {}

  add(time: number, value: number | null): void {
    this.times.push(time);
    this.values.push(value);
    if (this.times.length <= this.kept) return;
    this.times.shift();
    this.values.shift();
  }
}

/// Makes rates of a number that grows.
export class Rate {
  private last: { time: number; value: number } | null = null;

  /// Returns the growth per second since the call before; null at the first, and if it has shrunk,
  /// as it does when a node begins anew.
  next(time: number, value: number): number | null {
    const before = this.last;
    this.last = { time, value };
    if (!before || time <= before.time || value < before.value) return null;
    return (value - before.value) / (time - before.time);
  }

  forget(): void {
    this.last = null;
  }
}
