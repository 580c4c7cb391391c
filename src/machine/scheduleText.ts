/**
 * Schedules as text: everything that was undecided in a run, and how it was decided.
 *
 * One line of words: `faultline-schedule 1 program=HASH scenario=HASH seed=N departures=POINT:CHOICE,…`.
 * A point is the number of a decision with more than one option, from 0; a choice is a CPU's number,
 * or 8 for "the next event happens now". Only departures from the default policy are listed, so the
 * schedule of a default run has none. The seed tells where the departures came from (0: not random);
 * replay does not need it.
 * Errors: a text that cannot be read, or that belongs to another program or scenario, is a `UserError`.
 */
import { UserError } from '../base/errors.ts';

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
}

const MAGIC = 'faultline-schedule';
const VERSION = '1';
const REMEDY =
  'Pass a schedule as Faultline printed it, from `faultline-schedule` to the end of the line.';

/** The text that `parseSchedule` reads. */
export function formatSchedule(schedule: Schedule): string {
  const departures = schedule.departures.map(
    ({ point, choice }) => `${String(point)}:${String(choice)}`,
  );
  return [
    MAGIC,
    VERSION,
    `program=${schedule.programHash}`,
    `scenario=${schedule.scenarioHash}`,
    `seed=${String(schedule.seed)}`,
    `departures=${departures.join(',')}`,
  ].join(' ');
}

/** Reads a schedule. Errors: `UserError` `bad-schedule` or `schedule-version`. */
export function parseSchedule(text: string): Schedule {
  const [magic, version, ...fields] = text.trim().split(/\s+/);
  if (magic !== MAGIC) {
    throw new UserError('bad-schedule', `A schedule starts with \`${MAGIC}\`.`, REMEDY);
  }
  if (version !== VERSION) {
    throw new UserError(
      'schedule-version',
      `The schedule has version ${version ?? '(none)'}, this program reads version ${VERSION}.`,
      'Replay it with the version of Faultline that wrote it.',
    );
  }
  const values = new Map<string, string>();
  for (const field of fields) {
    const equals = field.indexOf('=');
    const name = field.slice(0, Math.max(0, equals));
    if (!['program', 'scenario', 'seed', 'departures'].includes(name) || values.has(name)) {
      throw new UserError(
        'bad-schedule',
        `The schedule has the unexpected word \`${field}\`.`,
        REMEDY,
      );
    }
    values.set(name, field.slice(equals + 1));
  }
  const seed = readNumber(requireField(values, 'seed'));
  return {
    programHash: requireField(values, 'program'),
    scenarioHash: requireField(values, 'scenario'),
    seed,
    departures: readDepartures(requireField(values, 'departures')),
  };
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

function requireField(values: ReadonlyMap<string, string>, name: string): string {
  const value = values.get(name);
  if (value === undefined) {
    throw new UserError('bad-schedule', `The schedule lacks \`${name}=\`.`, REMEDY);
  }
  return value;
}

function readNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) {
    throw new UserError(
      'bad-schedule',
      `The schedule has \`${text}\` where a number belongs.`,
      REMEDY,
    );
  }
  return Number(text);
}

function readDepartures(text: string): readonly Departure[] {
  if (text === '') return [];
  const departures: Departure[] = [];
  for (const item of text.split(',')) {
    const [point, choice, ...rest] = item.split(':').map(readNumber);
    const previous = departures.at(-1)?.point ?? -1;
    if (
      point === undefined ||
      choice === undefined ||
      rest.length > 0 ||
      choice > CHOICE_EVENT ||
      point <= previous
    ) {
      throw new UserError(
        'bad-schedule',
        `The schedule has the bad departure \`${item}\`.`,
        REMEDY,
      );
    }
    departures.push({ point, choice });
  }
  return departures;
}
