/**
 * Schedules as text: everything that was undecided in a run, how it was decided, and what users did.
 *
 * One line of words, each `name=value` but the first two:
 *
 *   faultline-schedule 2 program=HASH scenario=HASH seed=N departures=POINT:CHOICE,…
 *     interventions=POSITION@POINT:KIND:…,…
 *
 * - The second word is the version. A schedule without interventions is written as version 1, which has
 *   no word for them; version 2 always has it.
 * - `program` and `scenario` name the run; a replay refuses others.
 * - `seed` tells where the departures came from (0: not random); a replay does not need it.
 * - `departures` lists the decisions that differ from the default policy's, by growing point. A point is
 *   the number of a decision with more than one option, from 0; a choice is a CPU's number, or 8 for
 *   "the next event happens now". The schedule of a default run has none.
 * - `interventions` lists what users did, in order. POSITION is `Machine.position`, POINT how many
 *   decisions had been made; `interventionText.ts` tells the kinds.
 *
 * What stands behind the end of the replayed run has no effect.
 * Errors: a text that cannot be read, or that belongs to another program or scenario, is a `UserError`.
 */
import { UserError } from '../base/errors.ts';
import { excerpt } from '../base/excerpt.ts';
import { MAX_INTERVENTIONS, type RecordedIntervention } from './intervention.ts';
import { formatIntervention, parseIntervention } from './interventionText.ts';

/** The choice that lets the next pending event happen; smaller ones are CPUs. */
export const CHOICE_EVENT = 8;

/** A decision that differs from the default policy's. */
export interface Departure {
  readonly point: number;
  readonly choice: number;
}

/** What was decided in a run, and which run it was. */
export interface Schedule {
  readonly programHash: string;
  readonly scenarioHash: string;
  readonly seed: number;
  /** By growing `point`. */
  readonly departures: readonly Departure[];
  /** By growing `position`; at one position in the order in which they were made. */
  readonly interventions: readonly RecordedIntervention[];
}

const MAGIC = 'faultline-schedule';
/** The fields of each version, all of which must be there. */
const FIELDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['1', ['program', 'scenario', 'seed', 'departures']],
  ['2', ['program', 'scenario', 'seed', 'departures', 'interventions']],
]);
const REMEDY =
  'Pass a schedule as Faultline printed it, from `faultline-schedule` to the end of the line.';

function badSchedule(message: string): UserError {
  return new UserError('bad-schedule', message, REMEDY);
}

/** The text that `parseSchedule` reads. */
export function formatSchedule(schedule: Schedule): string {
  const { interventions } = schedule;
  const departures = schedule.departures.map(
    ({ point, choice }) => `${String(point)}:${String(choice)}`,
  );
  const words = [
    MAGIC,
    interventions.length === 0 ? '1' : '2',
    `program=${schedule.programHash}`,
    `scenario=${schedule.scenarioHash}`,
    `seed=${String(schedule.seed)}`,
    `departures=${departures.join(',')}`,
  ];
  if (interventions.length > 0) {
    words.push(`interventions=${interventions.map(formatIntervention).join(',')}`);
  }
  return words.join(' ');
}

/** Reads a schedule. Errors: `UserError` `bad-schedule` or `schedule-version`. */
export function parseSchedule(text: string): Schedule {
  const [magic, version = '(none)', ...words] = text.trim().split(/\s+/);
  if (magic !== MAGIC) throw badSchedule(`A schedule starts with \`${MAGIC}\`.`);
  const fields = FIELDS.get(version);
  if (fields === undefined) {
    throw new UserError(
      'schedule-version',
      `The schedule has version ${startOf(version)}, this program reads the versions 1 and 2.`,
      'Replay it with the version of Faultline that wrote it.',
    );
  }
  const values = new Map<string, string>();
  for (const word of words) {
    const equals = word.indexOf('=');
    const name = word.slice(0, Math.max(0, equals));
    if (!fields.includes(name) || values.has(name)) {
      throw badSchedule(`The schedule has the unexpected word \`${startOf(word)}\`.`);
    }
    values.set(name, word.slice(equals + 1));
  }
  const missing = fields.find((name) => !values.has(name));
  if (missing !== undefined) throw badSchedule(`The schedule lacks \`${missing}=\`.`);
  const valueOf = (name: string): string => values.get(name) ?? '';
  return {
    programHash: valueOf('program'),
    scenarioHash: valueOf('scenario'),
    seed: readNumber(valueOf('seed')),
    departures: readDepartures(valueOf('departures')),
    interventions: readInterventions(valueOf('interventions')),
  };
}

/** The start of a word or clause of a text that may be anything. */
function startOf(words: string): string {
  return excerpt(words, 100);
}

/** Errors: `UserError` `other-schedule` when the schedule belongs to another program or scenario. */
export function requireSameRun(
  schedule: Schedule,
  programHash: string,
  scenarioHash: string,
): void {
  const others: string[] = [];
  if (schedule.programHash !== programHash) others.push('another kernel (its code differs)');
  if (schedule.scenarioHash !== scenarioHash) {
    others.push('another scenario (or other programs, parameters or costs)');
  }
  if (others.length === 0) return;
  throw new UserError(
    'other-schedule',
    `The schedule was recorded with ${others.join(' and ')}.`,
    'Replay it with the kernel and the scenario that it was recorded with.',
  );
}

function readNumber(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw badSchedule(`The schedule has \`${startOf(text)}\` where a number belongs.`);
}

function readDepartures(text: string): readonly Departure[] {
  if (text === '') return [];
  const departures: Departure[] = [];
  for (const item of text.split(',')) {
    const [point, choice, ...rest] = item.split(':').map(readNumber);
    const previous = departures.at(-1)?.point ?? -1;
    const isWhole = point !== undefined && choice !== undefined && rest.length === 0;
    if (!isWhole || choice > CHOICE_EVENT) {
      throw badSchedule(`The schedule has the bad departure \`${startOf(item)}\`.`);
    }
    if (point <= previous) {
      throw badSchedule(
        `The schedule has the departure \`${startOf(item)}\` behind one at point ${String(previous)}: they stand by growing points.`,
      );
    }
    departures.push({ point, choice });
  }
  return departures;
}

function readInterventions(text: string): readonly RecordedIntervention[] {
  if (text === '') return [];
  const items = text.split(',');
  if (items.length > MAX_INTERVENTIONS) {
    throw badSchedule(
      `The schedule has ${String(items.length)} interventions; a run can have at most ${String(MAX_INTERVENTIONS)}.`,
    );
  }
  const interventions: RecordedIntervention[] = [];
  for (const item of items) {
    const read = parseIntervention(item);
    if (typeof read === 'string') {
      throw badSchedule(
        `The schedule has the bad intervention \`${startOf(item)}\`: ${startOf(read)}.`,
      );
    }
    const previous = interventions.at(-1);
    if (
      previous !== undefined &&
      (read.position < previous.position || read.point < previous.point)
    ) {
      throw badSchedule(
        `The schedule has the intervention \`${startOf(item)}\` behind a later one: they stand by growing positions.`,
      );
    }
    interventions.push(read);
  }
  return interventions;
}
