/**
 * A run at one moment as lines of text by section, so that two runs can be laid side by side, and what differs
 * between them.
 *
 * The lines are the same words that the panel and the console use; a line has a name by which it is found in the
 * other run. Numbers that only identify (steps of the machine) are no part of it.
 */
import { formatDuration } from '../base/duration.ts';
import type { LockStatistics } from '../machine/ghostView.ts';
import type { LockState, PanelState, TaskState } from './panelState.ts';
import type { PictureDifference } from './protocol.ts';

/** The section of numbers of which people want to see those that are not 0. */
export const COUNTERS = 'Counters';
/** The section for what stands in memory. */
export const MEMORY = 'Memory, where it differs';
const SECTIONS = ['Time', 'Tasks', 'Locks', COUNTERS, 'Pages', 'Disk', MEMORY] as const;

/** What a picture is made of. */
export interface RunFacts {
  readonly state: PanelState;
  /** Counters of the whole kernel. */
  readonly counters: readonly (readonly [name: string, count: number])[];
  /** Of the locks with a name, by it. */
  readonly locks: readonly (readonly [name: string, figures: LockStatistics])[];
}

/** A line of a picture. */
export interface PictureLine {
  readonly section: string;
  readonly name: string;
  readonly text: string;
}

/** The lines of a run, section after section. */
export function pictureRun({ state, counters, locks }: RunFacts): readonly PictureLine[] {
  const lines = (section: string, entries: readonly (readonly [string, string])[]): PictureLine[] =>
    entries.map(([name, text]) => ({ section, name, text }));
  return [
    ...lines('Time', [
      ['virtual time', `${(state.clockNs / 1e6).toFixed(6)} ms`],
      ...state.cpus.map(({ number, task, isInInterrupt }): [string, string] => [
        `CPU ${String(number)}`,
        `${task ?? 'idle'}${isInInterrupt ? ', in an interrupt' : ''}`,
      ]),
      ...(state.end === undefined ? [] : [['end of the run', state.end.outcome] as const]),
    ]),
    ...lines('Tasks', state.tasks.flatMap(taskLines)),
    ...lines('Locks', [
      ...state.locks.flatMap((lock) => lockLines(lock)),
      ...locks.flatMap(([name, figures]) => figureLines(name, figures)),
    ]),
    ...lines(COUNTERS, [
      ...state.tasks.flatMap((task) =>
        Object.entries(task.counters).map(([name, count]): [string, string] => [
          `${task.name} ${name}`,
          String(count),
        ]),
      ),
      ...counters.map(([name, count]): [string, string] => [name, String(count)]),
    ]),
    ...lines(
      'Pages',
      state.pages.map((page): [string, string] => [
        page.label,
        [
          page.isLocked ? `locked by ${page.lockedBy ?? 'somebody'}` : 'not locked',
          page.isUpToDate ? 'up to date' : 'not read yet',
          `count ${String(page.count)}`,
          `mapped ${String(page.mapCount)} times`,
          ...(page.waiters.length === 0 ? [] : [`awaited by ${page.waiters.join(', ')}`]),
        ].join(', '),
      ]),
    ),
    ...lines(
      'Disk',
      state.disk.map(({ id, what, state: stage, leftNs }): [string, string] => [
        `read #${String(id)}`,
        `${what}, ${stage}${leftNs === undefined ? '' : `, ${formatDuration(leftNs)} left`}`,
      ]),
    ),
  ];
}

function taskLines({ name, stateWords, where, place, attempt }: TaskState): [string, string][] {
  const isNamed = attempt === undefined || where?.includes('attempt') === true;
  const stands = [
    stateWords,
    ...(where === undefined ? [] : [`in ${where}`]),
    ...(isNamed ? [] : [`attempt ${String(attempt)}`]),
    ...(place === undefined
      ? []
      : [`${place.path.split(/[\\/]/).at(-1) ?? ''}:${String(place.line1)}`]),
  ];
  return [[name, stands.join(', ')]];
}

function lockLines({
  name,
  rawCount,
  countMeaning,
  holders,
  queue,
}: LockState): [string, string][] {
  const since = (ns: number | undefined): string =>
    ns === undefined ? '' : ` since ${(ns / 1e6).toFixed(6)} ms`;
  const inside = holders.map((item) => `${item.owner} (${item.mode}${since(item.sinceNs)})`);
  const waiting = queue.map((item) => `${item.task} (${item.mode}${since(item.sinceNs)})`);
  return [
    [`${name} count`, `${rawCount}, ${countMeaning}`],
    [`${name} held by`, inside.length === 0 ? 'nobody' : inside.join(', ')],
    [`${name} awaited by`, waiting.length === 0 ? 'nobody' : waiting.join(', ')],
  ];
}

function figureLines(name: string, figures: LockStatistics): [string, string][] {
  return [
    [`${name} longest hold for reading`, formatDuration(figures.readHoldMaxNs)],
    [`${name} longest hold for writing`, formatDuration(figures.writeHoldMaxNs)],
    [`${name} longest wait`, formatDuration(figures.waitMaxNs)],
    [`${name} times that somebody had to wait`, String(figures.contended)],
  ];
}

/** What differs between two runs, in the order of the one as it is; what only the other has stands behind its section. */
export function differencesOf(
  before: readonly PictureLine[],
  now: readonly PictureLine[],
): readonly PictureDifference[] {
  return SECTIONS.flatMap((section) => {
    const [old, present] = [before, now].map(
      (lines) =>
        new Map(
          lines.filter((line) => line.section === section).map(({ name, text }) => [name, text]),
        ),
    );
    const names = [...new Set([...(present?.keys() ?? []), ...(old?.keys() ?? [])])];
    return names.flatMap((name): PictureDifference[] => {
      const [was, is] = [old?.get(name), present?.get(name)];
      if (was === is) return [];
      return [
        {
          section,
          name,
          ...(was === undefined ? {} : { before: was }),
          ...(is === undefined ? {} : { now: is }),
        },
      ];
    });
  });
}

/** A picture as a document: the sections with their lines. */
export function pictureText(heading: readonly string[], lines: readonly PictureLine[]): string {
  const parts = SECTIONS.flatMap((section) => {
    const own = lines.filter((line) => line.section === section);
    if (own.length === 0) return [];
    return [section, ...own.map(({ name, text }) => `    ${name}: ${text}`)].join('\n');
  });
  return `${[heading.join('\n'), ...parts].join('\n\n')}\n`;
}

/** The differences as text, section after section: old value, arrow, present value. */
export function differencesText(differences: readonly PictureDifference[]): string {
  const sections = [...new Set(differences.map(({ section }) => section))];
  return sections
    .map((section) => {
      const own = differences.filter((item) => item.section === section);
      const rows = own.map(
        ({ name, before = '(none)', now = '(none)' }) => `  ${name}: ${before} → ${now}`,
      );
      return [section, ...rows].join('\n');
    })
    .join('\n');
}
