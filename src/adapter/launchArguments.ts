/**
 * The arguments of `launch`, validated once; everything behind this file takes them as they are.
 *
 * A client adds keys of its own (`name`, `__sessionId`, …), so unknown keys are let through, except
 * one that is nearly a key of ours: that is a typing mistake and said to be one.
 */
import { closestName } from '../base/closestName.ts';
import { UserError } from '../base/errors.ts';
import { LARGEST_SEED } from '../scenario/machineDefaults.ts';
import { readMoment, type Moment } from '../scenario/momentText.ts';

/** What a launch asks for. */
export interface LaunchArguments {
  /** A built-in scenario's name, or a path. */
  readonly scenario: string;
  /** A kernel's name, or the folder of a kernel tree. */
  readonly kernel: string;
  /** Paths or built-in names of patches, applied in this order. */
  readonly patches: readonly string[];
  readonly set: Readonly<Record<string, number | string>>;
  /** `true`: the first `do_page_fault`; `user`: the first user instruction; an anchor's name. */
  readonly stopOnEntry: boolean | string;
  /** Whether the session stays at the end of the run, so that one can go back from there. */
  readonly stopAtEnd: boolean;
  readonly schedule: string | undefined;
  readonly seed: number | undefined;
  /** The moment at which the session begins; what runs is then taken from it. */
  readonly moment: Moment | undefined;
  /** Whether undefined behavior of the kernel's C stops the machine. */
  readonly checks: boolean;
  /** The rules that the kernel must keep: `on`, `off`, or names with commas between them. */
  readonly rules: string;
  /** Memory for going back, in megabytes of 10^6 bytes. */
  readonly historyMegabytes: number;
  /** Whether frames of the kernel name their place in the machine's own code, for a disassembly view. */
  readonly showBytecode: boolean;
  /** Run without breakpoints and stops: "Run Without Debugging". */
  readonly noDebug: boolean;
}

const KEYS = [
  'scenario',
  'kernel',
  'patches',
  'set',
  'stopOnEntry',
  'stopAtEnd',
  'schedule',
  'seed',
  'moment',
  'checks',
  'rules',
  'historyMegabytes',
  'showBytecode',
  'noDebug',
] as const;
/** Keys that clients themselves write, which must not be taken for mistakes. */
const CLIENT_KEYS = new Set(['name', 'type', 'request', 'preLaunchTask', 'presentation', 'env']);

/** A first state of a large machine fits in the least, a process of Node is at home with the most. */
const HISTORY_MEGABYTES = { least: 16, most: 4096, default: 256 } as const;

/** What a moment says itself. */
const KEYS_OF_A_MOMENT = [
  'scenario',
  'kernel',
  'patches',
  'set',
  'stopOnEntry',
  'schedule',
  'seed',
  'checks',
  'rules',
] as const;

type RawArguments = Readonly<Record<string, unknown>>;

function invalid(key: string, expected: string): UserError {
  return new UserError(
    'launch-argument',
    `The launch argument "${key}" must be ${expected}.`,
    'Correct it in launch.json, or leave it out for the default.',
  );
}

function checkKeys(raw: RawArguments): void {
  for (const key of Object.keys(raw)) {
    if (KEYS.some((known) => known === key) || CLIENT_KEYS.has(key) || key.startsWith('__')) {
      continue;
    }
    const meant = closestName(key, KEYS);
    if (meant === undefined || raw[meant] !== undefined) continue;
    throw new UserError(
      'launch-argument',
      `The launch argument "${key}" is unknown; did you mean "${meant}"?`,
      `Write "${meant}" in launch.json.`,
    );
  }
}

function textOf(raw: RawArguments, key: string): string | undefined {
  const value = raw[key];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw invalid(key, 'a text');
  return value;
}

function patchesOf(raw: RawArguments): readonly string[] {
  const value = raw['patches'] ?? [];
  if (!Array.isArray(value)) throw invalid('patches', 'a list of file names');
  return value.map((item: unknown) => {
    if (typeof item !== 'string') throw invalid('patches', 'a list of file names');
    return item;
  });
}

function settingsOf(raw: RawArguments): Readonly<Record<string, number | string>> {
  const value = raw['set'] ?? {};
  const expected = 'an object of numbers or texts, such as { "pages": 8 }';
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw invalid('set', expected);
  }
  const settings = Object.entries(value).map(([name, setting]): [string, number | string] => {
    if (typeof setting !== 'number' && typeof setting !== 'string') throw invalid('set', expected);
    return [name, setting];
  });
  return Object.fromEntries(settings);
}

function stopOnEntryOf(raw: RawArguments): boolean | string {
  const value = raw['stopOnEntry'] ?? true;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string' && value !== '') return value;
  throw invalid('stopOnEntry', 'true, false, "user" or the name of an anchor');
}

function seedOf(raw: RawArguments): number | undefined {
  const value = raw['seed'];
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > LARGEST_SEED) {
    throw invalid('seed', `a whole number from 0 to ${String(LARGEST_SEED)}`);
  }
  return value;
}

function choiceOf(raw: RawArguments, key: string, usual: boolean): boolean {
  const value = raw[key] ?? usual;
  if (typeof value !== 'boolean') throw invalid(key, 'true or false');
  return value;
}

function historyMegabytesOf(raw: RawArguments): number {
  const { least, most } = HISTORY_MEGABYTES;
  const value = raw['historyMegabytes'] ?? HISTORY_MEGABYTES.default;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) {
    return value;
  }
  throw new UserError(
    'launch-argument',
    `The launch argument "historyMegabytes" must be a whole number from ${String(least)} to ${String(most)}.`,
    'Correct it in launch.json or in the setting "faultline.historyMegabytes", or leave it out for the default.',
  );
}

/**
 * The arguments with what a moment says in its place. A moment names one run: whatever else names a run beside it is
 * refused rather than guessed about.
 */
function withMoment(raw: RawArguments): { readonly raw: RawArguments; readonly moment?: Moment } {
  const text = textOf(raw, 'moment');
  if (text === undefined) return { raw };
  const other = KEYS_OF_A_MOMENT.find((key) => raw[key] !== undefined);
  if (other !== undefined) {
    throw new UserError(
      'launch-argument',
      `The launch arguments "moment" and "${other}" cannot be combined: a moment says itself what runs.`,
      `Leave out "${other}", or "moment".`,
    );
  }
  const moment = readMoment(text);
  const { scenario, kernel, patches, set, checks, rules, schedule } = moment;
  return { raw: { ...raw, scenario, kernel, patches, set, checks, rules, schedule }, moment };
}

/** The launch arguments; a `UserError` names the first that is wrong. */
export function parseLaunchArguments(raw: unknown): LaunchArguments {
  const values: RawArguments = typeof raw === 'object' && raw !== null ? { ...raw } : {};
  checkKeys(values);
  const { raw: full, moment } = withMoment(values);
  return readArguments(full, moment);
}

function readArguments(values: RawArguments, moment: Moment | undefined): LaunchArguments {
  const scenario = textOf(values, 'scenario');
  if (scenario === undefined) {
    throw new UserError(
      'launch-argument',
      'The launch argument "scenario" is missing.',
      'Name a built-in scenario, such as "cold-fault-with-mmap", or the path of a scenario file.',
    );
  }
  return {
    scenario,
    kernel: textOf(values, 'kernel') ?? 'patched',
    patches: patchesOf(values),
    set: settingsOf(values),
    stopOnEntry: stopOnEntryOf(values),
    stopAtEnd: choiceOf(values, 'stopAtEnd', true),
    schedule: textOf(values, 'schedule'),
    seed: seedOf(values),
    moment,
    checks: choiceOf(values, 'checks', true),
    rules: textOf(values, 'rules') ?? 'on',
    historyMegabytes: historyMegabytesOf(values),
    showBytecode: choiceOf(values, 'showBytecode', false),
    noDebug: values['noDebug'] === true,
  };
}
