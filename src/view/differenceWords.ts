/**
 * A difference between two runs in plain words, for headlines, tables and screen readers.
 */
import { formatDuration } from '../base/duration.ts';
import type { TimeDifference } from './twoRunsModel.ts';

/** The parts of one sentence. */
export interface DifferenceWords {
  /** `Longest wait of bystander for mmap_sem`. */
  readonly what: string;
  readonly one: string;
  readonly other: string;
  /** `430 times shorter`, `never waits`, `the same`. */
  readonly change: string;
}

/** Under this name the locks of all pages stand together; as `buildNumbers.ts` has it, which knows the machine. */
const PAGE_LOCKS = 'page locks';

/** Two times are all but the same when they differ by less than this part. */
const HARDLY = 0.01;

/** Whether there is nothing to tell about a difference. */
export function isHardlyDifferent({ oneNs, otherNs }: TimeDifference): boolean {
  return Math.abs(otherNs - oneNs) < HARDLY * Math.max(oneNs, otherNs) || oneNs === otherNs;
}

/** The words of a difference. */
export function describeDifference(difference: TimeDifference): DifferenceWords {
  const { task, what, oneNs, otherNs } = difference;
  const lock = difference.lock === PAGE_LOCKS ? 'a page lock' : difference.lock;
  const isWait = what === 'longest wait';
  return {
    what: isWait ? `Longest wait of ${task} for ${lock}` : `Longest hold of ${lock} by ${task}`,
    one: oneNs === 0 ? 'none' : formatDuration(oneNs),
    other: otherNs === 0 ? 'none' : formatDuration(otherNs),
    change: describeChange(isWait, oneNs, otherNs),
  };
}

/** The whole sentence: `Longest wait of bystander for mmap_sem: 12.5 ms → 29 µs (430 times shorter)`. */
export function differenceSentence(difference: TimeDifference): string {
  const { what, one, other, change } = describeDifference(difference);
  return `${what}: ${one} → ${other} (${change})`;
}

function describeChange(isWait: boolean, oneNs: number, otherNs: number): string {
  if (oneNs === otherNs) return 'the same';
  const verb = isWait ? 'waits' : 'holds it';
  if (otherNs === 0) return `no longer ${verb}`;
  if (oneNs === 0) return `only now ${verb}`;
  const word = otherNs < oneNs ? 'shorter' : 'longer';
  const ratio = Math.max(oneNs, otherNs) / Math.min(oneNs, otherNs);
  if (ratio >= 2) return `${twoDigits(ratio)} times ${word}`;
  const percent = (100 * Math.abs(otherNs - oneNs)) / oneNs;
  return percent < 100 * HARDLY ? `less than 1% ${word}` : `${percent.toFixed(0)}% ${word}`;
}

/** A number of times with the two digits that matter, in groups of three: `2.5`, `430`, `25,000`. */
function twoDigits(value: number): string {
  if (value < 9.95) return value.toFixed(1).replace(/\.0$/, '');
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  const digits = String(Math.round(value / unit) * unit);
  return digits.replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}
