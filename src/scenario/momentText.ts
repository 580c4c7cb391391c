/**
 * One line of text that names exactly one moment of one run: what runs, what was decided, and where it stands.
 *
 *   faultline-moment 1 CHECKSUM {"scenario":"cold-fault","kernel":"patched",…,"schedule":"…","position":123}
 *
 * - The second word is the version. CHECKSUM is the start of the SHA-256 of what follows it, so that a text that was
 *   cut or changed on its way is refused instead of naming another moment.
 * - What a launch has by default is left out of the object. The schedule carries the seed, and the hashes of the
 *   program and of the scenario: opened with others, it is refused with what differs.
 * - `ended` is set where the run has ended at the position, `task` is the thread id of the task that was looked at.
 *
 * Line breaks that a mail has put in count as spaces.
 * Errors: every text that cannot be read is a `UserError`.
 */
import { UserError } from '../base/errors.ts';
import { excerpt } from '../base/excerpt.ts';
import { sha256 } from '../base/sha256.ts';
import { parseSchedule } from '../machine/scheduleText.ts';

/** A moment of a run. */
export interface Moment {
  /** A built-in scenario's name, or a path. */
  readonly scenario: string;
  /** A kernel's name, or the folder of a kernel tree. */
  readonly kernel: string;
  /** Paths or built-in names of patches, in their order. */
  readonly patches: readonly string[];
  /** Values of the scenario's parameters that differ from it. */
  readonly set: Readonly<Record<string, number | string>>;
  /** Whether undefined behavior stops the machine. */
  readonly checks: boolean;
  /** The rules that are watched, as for a launch. */
  readonly rules: string;
  /** The text of the schedule that leads there, and on as far as the run was known. */
  readonly schedule: string;
  /** `Machine.position`. */
  readonly position: number;
  /** Whether the run has ended there. */
  readonly hasEnded: boolean;
  /** DAP's thread id of the task that was looked at. */
  readonly taskId: number | undefined;
}

const MAGIC = 'faultline-moment';
const VERSION = '1';
const CHECKSUM_DIGITS = 8;
/** Longer texts are none that Faultline has written. */
const LONGEST_TEXT = 4_000_000;
const FIELDS = new Set([
  'scenario',
  'kernel',
  'patches',
  'set',
  'checks',
  'rules',
  'schedule',
  'position',
  'ended',
  'task',
]);
const REMEDY = 'Copy the whole line again, from `faultline-moment` to the last brace.';

function badMoment(message: string): UserError {
  return new UserError('bad-moment', message, REMEDY);
}

/** Whether a text looks like a moment: what a clipboard is looked through for. */
export function isMomentText(text: string): boolean {
  return text.trimStart().startsWith(`${MAGIC} `);
}

/** The text that `readMoment` reads. */
export function writeMoment(moment: Moment): string {
  const { scenario, kernel, patches, set, checks, rules, schedule, position } = moment;
  const body = JSON.stringify({
    scenario,
    kernel,
    ...(patches.length === 0 ? {} : { patches }),
    ...(Object.keys(set).length === 0 ? {} : { set }),
    ...(checks ? {} : { checks }),
    ...(rules === 'on' ? {} : { rules }),
    schedule,
    position,
    ...(moment.hasEnded ? { ended: true } : {}),
    ...(moment.taskId === undefined ? {} : { task: moment.taskId }),
  });
  return [MAGIC, VERSION, checksumOf(body), body].join(' ');
}

/** Reads a moment. Errors: `UserError` `bad-moment`, `moment-version`, and those of its schedule. */
export function readMoment(text: string): Moment {
  if (text.length > LONGEST_TEXT) throw badMoment('The text is too long for a moment.');
  const line = text.trim().replace(/\s*[\r\n]+\s*/g, ' ');
  const [, magic, version = '', checksum = '', body = ''] =
    /^(\S+)(?: (\S+))?(?: (\S+))?(?: ([^]*))?$/.exec(line) ?? [];
  if (magic !== MAGIC) throw badMoment(`A moment starts with \`${MAGIC}\`.`);
  if (version !== VERSION) {
    throw new UserError(
      'moment-version',
      `The moment has version ${version === '' ? '(none)' : excerpt(version, 20)}, this program reads version ${VERSION}.`,
      'Open it with the version of Faultline that wrote it.',
    );
  }
  if (checksum !== checksumOf(body)) {
    throw badMoment('The text of the moment was cut or changed: its checksum does not fit.');
  }
  return readBody(body);
}

function checksumOf(body: string): string {
  return sha256(body).slice(0, CHECKSUM_DIGITS);
}

function readBody(body: string): Moment {
  const values = parseObject(body);
  for (const name of Object.keys(values)) {
    if (!FIELDS.has(name)) {
      throw badMoment(`The moment has the unexpected word "${excerpt(name, 40)}".`);
    }
  }
  const read = <T>(name: string, expected: string, is: (value: unknown) => value is T): T => {
    const value = values[name];
    if (is(value)) return value;
    throw badMoment(
      value === undefined
        ? `The moment lacks "${name}".`
        : `The moment has a "${name}" that is not ${expected}.`,
    );
  };
  const readOr = <T>(
    name: string,
    usual: T,
    expected: string,
    is: (value: unknown) => value is T,
  ): T => (values[name] === undefined ? usual : read(name, expected, is));
  const schedule = read('schedule', 'a text', isName);
  parseSchedule(schedule);
  return {
    scenario: read('scenario', 'a text', isName),
    kernel: read('kernel', 'a text', isName),
    patches: readOr('patches', [], 'a list of texts', isNames),
    set: readOr('set', {}, 'an object of numbers and texts', isSettings),
    checks: readOr('checks', true, 'true or false', isTruth),
    rules: readOr('rules', 'on', 'a text', isName),
    schedule,
    position: read('position', 'a whole number', isCount),
    hasEnded: readOr('ended', false, 'true or false', isTruth),
    taskId: readOr('task', undefined, 'a thread id', isThreadId),
  };
}

function parseObject(body: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw badMoment('The moment has no readable object behind its checksum.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badMoment('The moment has something other than an object behind its checksum.');
  }
  return { ...value };
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isName);
}

function isSettings(value: unknown): value is Readonly<Record<string, number | string>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((item) => ['number', 'string'].includes(typeof item));
}

function isTruth(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isThreadId(value: unknown): value is number | undefined {
  return isCount(value) && value >= 1;
}
