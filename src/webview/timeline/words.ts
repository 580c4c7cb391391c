/**
 * The timeline in words: what a stretch, a mark or a time means, for the line under the picture and for screen readers.
 */
import { formatDuration } from '../../base/duration.ts';
import {
  DISK_LANE,
  type HoldStretch,
  type MarkKind,
  type Stretch,
  type StretchKind,
  type TimelineLane,
  type TimelineModel,
  type TimeMark,
} from '../../view/timelineModel.ts';
import { preciseTime } from './scale.ts';

/** What each kind of stretch is called in the legend. */
export const KIND_NAMES: Readonly<Record<StretchKind, string>> = {
  user: 'user mode',
  kernel: 'in the kernel',
  interrupt: 'interrupt',
  ready: 'ready, not running',
  asleep: 'asleep',
  lockWait: 'waits for mmap_sem',
  pageWait: 'waits for a page lock',
  reading: 'disk reads',
};

/** What each kind of mark is called in the legend. */
export const MARK_NAMES: Readonly<Record<MarkKind, string>> = {
  moment: 'moment',
  fault: 'page fault',
  retry: 'fault tried again',
  systemCall: 'system call',
  interrupt: 'interrupt',
  signal: 'signal',
  whatIf: 'your change',
  start: 'starts',
  exit: 'ends',
};

/** What a task does, after its name: `waits for mmap_sem`. */
export function stretchWords({ kind, about }: Stretch): string {
  switch (kind) {
    case 'user':
      return 'runs in user mode';
    case 'kernel':
      return 'runs in the kernel';
    case 'interrupt':
      return 'serves an interrupt';
    case 'ready':
      return 'is ready, but does not run';
    case 'asleep':
      return about === undefined ? 'sleeps' : `sleeps: ${about}`;
    case 'lockWait':
      return `waits for ${about ?? 'mmap_sem'}`;
    case 'pageWait':
      return about === undefined ? 'waits for a page lock' : `waits for the lock of ${about}`;
    case 'reading':
      return about === undefined ? 'reads' : `reads ${about}`;
  }
}

/** `holds mmap_sem to read`. */
export function holdWords({ lock, mode }: HoldStretch): string {
  return `holds ${lock} to ${mode}`;
}

/** The stretch at a time; of two that meet there the later one. Cost: logarithmic. */
export function stretchAt<S extends { readonly fromNs: number; readonly toNs: number }>(
  stretches: readonly S[],
  ns: number,
): S | undefined {
  let low = 0;
  let high = stretches.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if ((stretches[middle]?.fromNs ?? 0) <= ns) low = middle + 1;
    else high = middle - 1;
  }
  const found = stretches[high];
  return found !== undefined && ns <= found.toNs ? found : undefined;
}

/** All holds of a lane at a time; holds of several locks may overlap. */
export function holdsAt(lane: TimelineLane, ns: number): HoldStretch[] {
  return lane.holds.filter(({ fromNs, toNs }) => fromNs <= ns && ns <= toNs);
}

/** The telling part of what a lane does at a time; `undefined` for nothing worth saying. */
function laneWords(lane: TimelineLane, ns: number): string | undefined {
  const stretch = stretchAt(lane.stretches, ns);
  const parts = holdsAt(lane, ns).map(holdWords);
  if (stretch !== undefined && (parts.length === 0 || stretch.kind !== 'kernel')) {
    parts.push(stretchWords(stretch));
  }
  if (parts.length === 0) return undefined;
  return `${lane.name} ${parts.join(' and ')}`;
}

/** A time and what everyone does then: `25.8 µs, toucher holds mmap_sem to read, mapper waits for mmap_sem`. */
export function wordsAt(model: TimelineModel, ns: number): string {
  const words = model.lanes.map((lane) => laneWords(lane, ns));
  return [preciseTime(ns, 1), ...words.filter((each) => each !== undefined)].join(', ');
}

/** Something that lasts. */
type Lasting = Pick<Stretch, 'fromNs' | 'toNs' | 'isOpen' | 'lastsNs'>;

/** The part of a model that says how much of the run it shows. */
export type ShownRange = Pick<TimelineModel, 'fromNs' | 'toNs' | 'startNs' | 'endNs'>;

/** Whether something goes on beyond the shown stretch. */
function isCut({ fromNs, toNs }: Lasting, range: ShownRange): boolean {
  const isBefore = fromNs === range.fromNs && range.fromNs > range.startNs;
  return isBefore || (toNs === range.toNs && range.toNs < range.endNs);
}

/**
 * How long something lasts: `12.5 ms`, also where a part is out of sight; `12.5 ms so far` at the end of the record; and
 * `≥ 4 µs` of several things, or of one without an end, that go out of sight.
 */
export function lengthWords(lasting: Lasting, range: ShownRange, soFar = ' so far'): string {
  if (lasting.lastsNs !== undefined) return formatDuration(lasting.lastsNs);
  const length = formatDuration(lasting.toNs - lasting.fromNs);
  if (isCut(lasting, range)) return `≥ ${length}`;
  return lasting.isOpen === true ? `${length}${soFar}` : length;
}

function more(merged: number | undefined, what: string): string {
  return merged === undefined || merged < 2 ? '' : ` (and ${merged - 1} more ${what} close by)`;
}

/** A mark with its time: `25.8 µs: page fault at 0x08050000`. */
export function markWords(lane: TimelineLane, mark: TimeMark): string {
  const who = lane.id === DISK_LANE ? '' : `${lane.name}: `;
  return `${preciseTime(mark.ns, 1)}, ${who}${mark.text}${more(mark.merged, 'events')}`;
}

/** What a lane does at a time, with how long: for the line under the picture. */
export function placeWords(
  lane: TimelineLane,
  ns: number,
  resolutionNs: number,
  range: ShownRange,
): string {
  const span = (lasting: Lasting): string => `for ${lengthWords(lasting, range)}`;
  const stretch = stretchAt(lane.stretches, ns);
  const parts = holdsAt(lane, ns).map((hold) => `${holdWords(hold)} ${span(hold)}`);
  if (stretch !== undefined) {
    parts.push(`${stretchWords(stretch)} ${span(stretch)}${more(stretch.merged, 'stretches')}`);
  }
  const what = parts.length === 0 ? 'nothing' : parts.join('; ');
  return `${preciseTime(Math.round(ns), resolutionNs)}, ${lane.name}: ${what}`;
}
