/**
 * Where a report looks at its run: what the lanes of the run tell, the most telling first where not all fits.
 */
import { formatDuration } from '../base/duration.ts';
import {
  LANE_KINDS,
  MARK_KINDS,
  NONE,
  type RunLane,
  type RunLanes,
} from '../view/timeline/runLanes.ts';

/** A place of the run and what happens there. */
export interface ReportPlace {
  readonly position: number;
  /** The task that it is about: DAP's thread id. */
  readonly threadId: number | undefined;
  /** In words. */
  readonly text: string;
  /** Whether it is the end of the run. */
  readonly isEnd: boolean;
}

/** Places, and whether there would have been more. */
export interface ChosenPlaces {
  readonly places: readonly ReportPlace[];
  readonly found: number;
}

/** How telling a place is; smaller is more. */
const STORY = 0;
const LOCKS = 1;
const REST = 2;

interface RankedPlace extends ReportPlace {
  readonly rank: number;
}

/** At most `limit` places in the order of their positions, from the start of the run to `end`, where it ends. */
export function choosePlaces(lanes: RunLanes, end: ReportPlace, limit: number): ChosenPlaces {
  const byPosition = new Map<number, RankedPlace>();
  const start = { position: 0, threadId: undefined, text: 'The start of the run.', isEnd: false };
  const add = (place: RankedPlace): void => {
    if (place.position >= end.position) return;
    const known = byPosition.get(place.position);
    if (known === undefined || place.rank < known.rank) byPosition.set(place.position, place);
  };
  add({ ...start, rank: STORY });
  for (const lane of lanes.lanes) for (const place of placesOf(lane, lanes.texts)) add(place);
  const all = [...byPosition.values()].sort((one, other) => one.position - other.position);
  return { places: [...thinOut(all, limit - 1), end], found: all.length + 1 };
}

function thinOut(places: readonly RankedPlace[], limit: number): readonly ReportPlace[] {
  let kept: readonly RankedPlace[] = [];
  for (const rank of [STORY, LOCKS, REST]) {
    const room = limit - kept.length;
    const more = places.filter((place) => place.rank === rank);
    kept = [...kept, ...pickEvenly(more, room)];
  }
  return [...kept].sort((one, other) => one.position - other.position);
}

function pickEvenly<T>(items: readonly T[], room: number): readonly T[] {
  if (items.length <= room) return items;
  return items.filter(
    (_item, index) =>
      Math.floor((index * room) / items.length) !== Math.floor(((index - 1) * room) / items.length),
  );
}

/** Marks lie before what they tell; of what begins or ends, the place behind it is taken, where it shows. */
function* placesOf(lane: RunLane, texts: readonly string[]): Generator<RankedPlace> {
  const { id, name, marks, changes, holds } = lane;
  const threadId = id === 0 ? undefined : id;
  const place = (position: number, text: string, rank: number): RankedPlace => ({
    ...{ position, threadId, text, isEnd: false, rank },
  });
  for (const [index, position] of marks.position.entries()) {
    const kind = MARK_KINDS[marks.kind[index] ?? NONE];
    const rank = kind === 'interrupt' || kind === 'systemCall' ? REST : STORY;
    yield place(position, `${name}: ${texts[marks.text[index] ?? NONE] ?? ''}`, rank);
  }
  for (const { lock, fromPosition, toPosition, isWrite } of holds) {
    for (const [index, position] of fromPosition.entries()) {
      const mode = isWrite[index] === 1 ? 'writing' : 'reading';
      yield place(position + 1, `${name} takes ${lock} for ${mode}.`, LOCKS);
      const until = toPosition[index] ?? NONE;
      if (until !== NONE) yield place(until + 1, `${name} drops ${lock}.`, LOCKS);
    }
  }
  for (const [index, position] of changes.position.entries()) {
    const kind = LANE_KINDS[changes.kind[index] ?? NONE] ?? 'none';
    const about = texts[changes.about[index] ?? NONE];
    const words = changeWords(name, kind, about);
    const isWait = kind === 'lockWait' || kind === 'pageWait' || kind === 'asleep';
    yield place(position + 1, words, isWait || kind === 'reading' ? LOCKS : REST);
  }
}

function changeWords(
  name: string,
  kind: (typeof LANE_KINDS)[number],
  about: string | undefined,
): string {
  const what = about === undefined ? '' : ` ${about}`;
  switch (kind) {
    case 'user':
      return `${name} runs in user mode.`;
    case 'kernel':
      return `${name} runs in the kernel.`;
    case 'interrupt':
      return `An interrupt comes on top of ${name}.`;
    case 'ready':
      return `${name} could run.`;
    case 'lockWait':
    case 'pageWait':
      return `${name} waits for${what === '' ? ' a lock' : what}.`;
    case 'asleep':
      return `${name} sleeps.`;
    case 'reading':
      return `The disk reads${what}.`;
    case 'none':
      return `${name} rests.`;
  }
}

/** What a report says when it does not have all places. */
export function describeCut({ places, found }: ChosenPlaces, endNs: number): string | undefined {
  if (places.length >= found) return undefined;
  return `This report has the state at ${String(places.length)} of ${String(found)} places of the run of ${formatDuration(endNs)}.`;
}
