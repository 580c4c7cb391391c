/**
 * Scales of a plot: from values to places along an axis, with round numbers to mark. A scale is logarithmic where the
 * values span more than a person could see otherwise.
 */

/** An axis from `from` to `to`, in pixels. */
export interface PlotScale {
  readonly isLogarithmic: boolean;
  /** Where a value stands; on a logarithmic axis, values without a logarithm stand at its start. */
  readonly place: (this: void, value: number) => number;
  /** Values to mark, in order. */
  readonly ticks: readonly number[];
}

/** From this ratio of the largest to the least value on, an axis is logarithmic. */
const LOGARITHMIC_FROM = 24;
/** Marks of a logarithmic axis. */
const MOST_MARKS = 8;

/** A scale for some values, of which there is at least one. Negative values make it linear. */
export function createScale(values: readonly number[], from: number, to: number): PlotScale {
  const positive = values.filter((value) => value > 0);
  const least = Math.min(...positive);
  const most = Math.max(...values);
  const spans = positive.length > 0 && most / least >= LOGARITHMIC_FROM;
  return spans && values.every((value) => value >= 0)
    ? logarithmic(least, most, from, to)
    : linear(Math.min(0, ...values), most, from, to);
}

function linear(low: number, high: number, from: number, to: number): PlotScale {
  const step = roundStep((high - low || 1) / 5);
  const first = Math.floor(low / step) * step;
  const last = Math.max(first + step, Math.ceil(high / step) * step);
  const count = Math.round((last - first) / step);
  return {
    isLogarithmic: false,
    place: (value) => from + ((value - first) / (last - first)) * (to - from),
    ticks: Array.from({ length: count + 1 }, (_, index) => first + index * step),
  };
}

/** The next 1, 2 or 5 times a power of ten. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= step * 0.999) ?? 10;
  return factor * power;
}

/** From a 1, 2 or 5 times a power of ten to another; marks all of those, or the powers if that were too many. */
function logarithmic(low: number, high: number, from: number, to: number): PlotScale {
  const first = Math.floor(Math.log10(low));
  const count = Math.ceil(Math.log10(high)) - first + 1;
  const marks = Array.from({ length: count }, (_, index) => 10 ** (first + index)).flatMap(
    (power) => [power, 2 * power, 5 * power],
  );
  const start = marks.findLast((mark) => mark <= low * 1.000001) ?? low;
  const end = marks.find((mark) => mark > start && mark >= high * 0.999999) ?? high;
  const inside = marks.filter((mark) => mark >= start && mark <= end);
  const powers = inside.filter((mark) => Math.log10(mark) % 1 === 0);
  const span = Math.log(end / start);
  return {
    isLogarithmic: true,
    place: (value) => from + (Math.log(Math.max(value, start) / start) / span) * (to - from),
    ticks: inside.length <= MOST_MARKS ? inside : powers,
  };
}
