/// How values are written. Pure.

/// Returns the number that is written in `text`; 0 if there is none. Exact up to 2^53.
export function numberOf(text: string | number | undefined): number {
  const value = Number(text ?? 0);
  return Number.isFinite(value) ? value : 0;
}

/// Returns 1234567 as 1,234,567. Takes texts of any length.
export function grouped(value: string | number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/// How many digits the minor unit has, where these are not two.
const digitsOf: Record<string, number> = {
  JPY: 0, KRW: 0, CLP: 0, ISK: 0, UGX: 0, VND: 0, XAF: 0, XOF: 0, XPF: 0, PYG: 0, RWF: 0, GNF: 0, KMF: 0,
  DJF: 0, BIF: 0, VUV: 0, BHD: 3, KWD: 3, OMR: 3, JOD: 3, TND: 3, IQD: 3, LYD: 3,
};

/// Returns 2500 minor units of EUR as 25.00 EUR.
export function money(minor: string, currency: string): string {
  const digits = digitsOf[currency] ?? 2;
  const sign = minor.startsWith('-') ? '-' : '';
  const all = minor.replace('-', '').padStart(digits + 1, '0');
  const whole = all.slice(0, all.length - digits);
  const part = digits === 0 ? '' : `.${all.slice(-digits)}`;
  return `${sign}${grouped(whole)}${part} ${currency}`;
}

/// Returns 90061000 ms as 1 d 1 h.
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const s = ms / 1000;
  if (s < 10) return `${s.toFixed(1)} s`;
  if (s < 60) return `${Math.floor(s)} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${Math.floor(s % 60)} s`;
  if (s < 86400) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
  return `${Math.floor(s / 86400)} d ${Math.floor((s % 86400) / 3600)} h`;
}

/// Returns the local time of day of nanoseconds since the Unix epoch, to milliseconds.
export function timeOfDay(ns: string): string {
  const at = new Date(numberOf(ns) / 1e6);
  const two = (n: number) => String(n).padStart(2, '0');
  const ms = String(at.getMilliseconds()).padStart(3, '0');
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${ms}`;
}

/// Returns 0.99987 as 99.987 %: all of its nines, and no more.
export function percent(share: number | undefined): string {
  if (share === undefined) return '–';
  if (share === 1) return '100 %';
  const missing = (1 - share) * 100;
  const digits = missing <= 0 ? 0 : Math.min(6, Math.max(1, Math.ceil(-Math.log10(missing)) + 1));
  return `${(share * 100).toFixed(digits)} %`;
}

/// Returns PARTIALLY_AUTHORIZED as partially authorized.
export function words(name: string): string {
  return name.toLowerCase().replace(/_/g, ' ');
}
