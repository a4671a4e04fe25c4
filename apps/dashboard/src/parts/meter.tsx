/// How much of a restart budget is used.

export function Meter({ used, most, windowMs }: { used: number; most: number; windowMs: number }) {
  const share = most === 0 ? (used > 0 ? 1 : 0) : Math.min(1, used / most);
  const tone = share >= 0.8 ? 'bad' : share >= 0.4 ? 'warn' : 'good';
  const text = `${used} of ${most} restarts in ${windowMs / 1000} s`;
  return (
    <span class={`meter ${tone}`} role="meter" aria-valuemin={0} aria-valuemax={most} aria-valuenow={Math.min(used, most)} aria-label={`restart budget: ${text}`} title={text}>
      <span style={{ width: `${share * 100}%` }} />
    </span>
  );
}
