/**
 * Virtual times for people: `12.5 ms`, `640 ns`, always with one unit and at most three digits that
 * matter. Used wherever a time is shown, so that the same time looks the same everywhere.
 */

const UNITS = [
  { name: 's', ns: 1e9 },
  { name: 'ms', ns: 1e6 },
  { name: 'µs', ns: 1e3 },
] as const;

function threeDigits(value: number): string {
  if (value >= 99.95) return value.toFixed(0);
  const text = value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
  return text.replace(/\.?0+$/, '');
}

/** A time in virtual nanoseconds as text; a negative one gets a minus sign. */
export function formatDuration(ns: number): string {
  if (ns < 0) return `-${formatDuration(-ns)}`;
  for (const unit of UNITS) {
    if (ns >= unit.ns) return `${threeDigits(ns / unit.ns)} ${unit.name}`;
  }
  return `${String(Math.round(ns))} ns`;
}
