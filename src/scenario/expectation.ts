/**
 * Compares what came out of a run with what the scenario expects of its kernel.
 *
 * Expectations are typed in by people from the facts about the kernel; nothing writes them from
 * output. Those under `*` hold for every kernel, also for one that a student edited.
 */
import { asAddress } from '../base/brand.ts';
import { fileByte } from './fileContent.ts';
import { mergeExpectation } from './mergeExpectation.ts';
import type { PreparedRun } from './prepareRun.ts';
import type { LockSummary, RunSummary } from './runSummary.ts';
import type { Bound, Expectation } from './scenarioSchema.ts';

/** One thing that is not as expected. */
export interface Mismatch {
  /** What was looked at: `tasks.toucher.maj_flt`. */
  readonly what: string;
  readonly expected: string;
  readonly actual: string;
}

/** What comparing gave: nothing to compare, or what differs. */
export interface ExpectationResult {
  /** Whether the scenario says anything about this kernel; it does not once its parameters are changed. */
  readonly isKnown: boolean;
  readonly mismatches: readonly Mismatch[];
}

const REGISTER_NUMBERS = { eax: 0, ecx: 1, edx: 2, ebx: 3, ebp: 5, esi: 6, edi: 7 } as const;

/**
 * Checks what is expected of the shipped kernel that this run has, laid over what is expected of the
 * kernels it should behave like, and of every kernel (`*`).
 */
export function checkExpectation(run: PreparedRun, summary: RunSummary): ExpectationResult {
  const expectation = expectationOf(run);
  if (expectation === undefined) return { isKnown: false, mismatches: [] };
  return { isKnown: true, mismatches: compareWith(expectation, run, summary) };
}

/** What is expected of a run; `undefined` when its scenario says nothing about its kernel. */
export function expectationOf({ data, tree, changes }: PreparedRun): Expectation | undefined {
  if (changes.size > 0) return undefined;
  // What a patch of the user changes is for the user to see; only what holds for all is demanded of it.
  const names = tree.isPatchedByUser ? ['*'] : [...tree.expectedLike, '*'];
  const expectations = names.flatMap((name) => data.expect?.[name] ?? []);
  return expectations.length === 0 ? undefined : expectations.reduce(mergeExpectation);
}

/** What of an expectation a finished run does not fulfill. */
export function compareWith(
  expectation: Expectation,
  run: PreparedRun,
  summary: RunSummary,
): readonly Mismatch[] {
  const check = new ExpectationCheck(run, summary);
  check.run(expectation);
  return check.mismatches;
}

class ExpectationCheck {
  readonly mismatches: Mismatch[] = [];
  private readonly prepared: PreparedRun;
  private readonly summary: RunSummary;

  constructor(prepared: PreparedRun, summary: RunSummary) {
    this.prepared = prepared;
    this.summary = summary;
  }

  run(expectation: Expectation): void {
    this.text('outcome', expectation.outcome, this.summary.outcome);
    for (const [name, expected] of Object.entries(expectation.tasks ?? {})) {
      const actual = this.summary.tasks.find((task) => task.name === name);
      if (actual === undefined) continue;
      this.text(`tasks.${name}.exit`, expected.exit, actual.exit);
      for (const key of ['maj_flt', 'min_flt', 'iterations', 'mmapSemWaitMaxNs'] as const) {
        this.bound(`tasks.${name}.${key}`, expected[key], actual[key]);
      }
    }
    for (const key of [
      'PGFAULT',
      'PGMAJFAULT',
      'SW_PAGE_FAULTS',
      'SW_PAGE_FAULTS_MAJ',
      'SW_PAGE_FAULTS_MIN',
    ] as const) {
      this.bound(`counters.${key}`, expectation.counters?.[key], this.summary.counters[key]);
    }
    for (const [name, expected] of Object.entries(expectation.locks ?? {})) {
      const actual = this.summary.locks[name];
      this.lock(`locks.${name}`, expected, actual);
      for (const [task, figures] of Object.entries(expected.perTask ?? {})) {
        this.lock(`locks.${name}.perTask.${task}`, figures, actual?.perTask[task]);
      }
    }
    this.pages(expectation);
    this.bytes(expectation);
  }

  private text(what: string, expected: string | undefined, actual: string): void {
    if (expected !== undefined && expected !== actual)
      this.mismatches.push({ what, expected, actual });
  }

  private bound(what: string, expected: Bound | undefined, actual: number): void {
    if (expected === undefined) return;
    const { min, max } = typeof expected === 'number' ? { min: expected, max: expected } : expected;
    if (actual >= (min ?? -Infinity) && actual <= (max ?? Infinity)) return;
    this.mismatches.push({ what, expected: boundText(expected), actual: String(actual) });
  }

  private lock(
    what: string,
    expected: { readonly [Key in keyof LockSummary]?: Bound | undefined },
    actual: LockSummary | undefined,
  ): void {
    for (const key of [
      'readHoldMaxNs',
      'readHoldTotalNs',
      'writeHoldMaxNs',
      'waitMaxNs',
      'contended',
    ] as const) {
      this.bound(`${what}.${key}`, expected[key], actual?.[key] ?? 0);
    }
  }

  private pages(expectation: Expectation): void {
    if (expectation.pages === undefined) return;
    const { machine, readers } = this.prepared;
    const cached = readers.readCachedPages(machine);
    for (const expected of expectation.pages) {
      const what = `pages.${expected.file}:${String(expected.page)}`;
      const page = cached.find(
        (item) =>
          item.index === expected.page &&
          readers.readInodeOfMapping(machine, asAddress(item.mapping)).name === expected.file,
      );
      this.flag(`${what}.isCached`, expected.isCached, page !== undefined);
      this.flag(`${what}.isUpToDate`, expected.isUpToDate, page?.isUpToDate ?? false);
      this.flag(`${what}.isLocked`, expected.isLocked, page?.isLocked ?? false);
      this.flag(`${what}.isDirty`, expected.isDirty, page?.isDirty ?? false);
      this.bound(`${what}.count`, expected.count, page?.count ?? 0);
      this.bound(`${what}.mapCount`, expected.mapCount, page?.mapCount ?? 0);
    }
  }

  private flag(what: string, expected: boolean | undefined, actual: boolean): void {
    if (expected !== undefined) this.text(what, String(expected), String(actual));
  }

  private bytes(expectation: Expectation): void {
    const { machine, tasks, data } = this.prepared;
    for (const { task: name, register, equals } of expectation.bytes ?? []) {
      const task = tasks.find((item) => item.name === name);
      if (task === undefined) continue;
      const actual = (machine.task(task.id).userRegisters[REGISTER_NUMBERS[register]] ?? 0) & 0xff;
      const file =
        typeof equals === 'number'
          ? undefined
          : data.files?.find((item) => item.name === equals.file);
      const expected =
        typeof equals === 'number'
          ? equals
          : file === undefined
            ? -1
            : fileByte(file, equals.offset);
      this.bound(`bytes.${name}.${register}`, expected, actual);
    }
  }
}

function boundText(bound: Bound): string {
  if (typeof bound === 'number') return String(bound);
  if (bound.min === undefined) return `at most ${String(bound.max)}`;
  if (bound.max === undefined) return `at least ${String(bound.min)}`;
  return `${String(bound.min)} to ${String(bound.max)}`;
}
