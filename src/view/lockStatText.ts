/**
 * Lock statistics as text, in the columns of `/proc/lock_stat` (version 0.3): times in microseconds, `-R` and `-W`
 * for the two modes, below them where those who waited asked and where those who held the lock had.
 *
 * Two differences: what was never contended and never held is left out, and `PG_locked` is there, which Linux
 * does not count.
 * Source: Documentation/lockstat.txt and kernel/lockdep_proc.c of Linux 2.6.36.
 */
import { asPc, hex } from '../base/brand.ts';
import { CODE_BASE, functionAt, type Program } from '../bytecode/program.ts';
import type { LockClass, TimeTally } from './lockTally.ts';

const NAME_WIDTH = 40;
const COLUMN_WIDTH = 14;
const COLUMNS = [
  'con-bounces',
  'contentions',
  'waittime-min',
  'waittime-max',
  'waittime-total',
  'acq-bounces',
  'acquisitions',
  'holdtime-min',
  'holdtime-max',
  'holdtime-total',
];
const LINE_WIDTH = NAME_WIDTH + 1 + COLUMNS.length * (COLUMN_WIDTH + 1);
/** As in Linux: the places of a class that are printed. */
const MOST_PLACES = 4;
/** Bytes of the code window per word of code. */
const BYTES_PER_WORD = 4;

/** The whole text. */
export function formatLockStat(program: Program, classes: readonly LockClass[]): string {
  const line = '-'.repeat(LINE_WIDTH);
  const columns = COLUMNS.map((column) => column.padStart(COLUMN_WIDTH + 1)).join('');
  const heading = [
    'lock_stat version 0.3',
    line,
    `${'class name'.padStart(NAME_WIDTH + 1)}${columns}`,
    line,
    '',
  ];
  const names = [...new Set(classes.map(({ className }) => className))];
  const sections = names.map((name) => {
    const ofName = classes.filter(({ className }) => className === name);
    return formatClass(
      program,
      name,
      // Linux prints the writers first.
      ofName.toSorted((one, other) => other.mode.localeCompare(one.mode)),
    );
  });
  return `${[...heading, ...sections.map((lines) => lines.join('\n'))].join('\n')}\n`;
}

function formatClass(program: Program, name: string, modes: readonly LockClass[]): string[] {
  // Only what has both modes says which is which.
  const isShared = modes.some(({ mode }) => mode === 'read');
  const lines = modes.map((item) => {
    const suffix = isShared ? (item.mode === 'write' ? '-W' : '-R') : '';
    return `${`${name}${suffix}`.padStart(NAME_WIDTH)}:${cells(item)}`;
  });
  for (const pick of ['waitersAt', 'holdersAt'] as const) {
    const places = sumPlaces(modes.map((item) => item[pick]));
    if (places.length === 0) continue;
    lines.push('-'.repeat(name.length).padStart(NAME_WIDTH));
    for (const [pc, times] of places) lines.push(placeLine(program, name, pc, times));
  }
  return [...lines, ''];
}

function cells(item: LockClass): string {
  const times = ({ min, max, total }: TimeTally): string[] =>
    [min, max, total].map((ns) => (ns / 1e3).toFixed(2));
  return [
    String(item.contentionBounces),
    String(item.contentions),
    ...times(item.waits),
    String(item.acquisitionBounces),
    String(item.acquisitions),
    ...times(item.holds),
  ]
    .map((text) => text.padStart(COLUMN_WIDTH + 1))
    .join('');
}

/** Places by how often, most first. */
function sumPlaces(maps: readonly ReadonlyMap<number, number>[]): (readonly [number, number])[] {
  const sums = new Map<number, number>();
  for (const map of maps) {
    for (const [pc, times] of map) sums.set(pc, (sums.get(pc) ?? 0) + times);
  }
  return [...sums].sort(([, one], [, other]) => other - one).slice(0, MOST_PLACES);
}

/** `name  1  [<c0123456>] do_page_fault+0x1d4/0x510`. */
function placeLine(program: Program, name: string, pc: number, times: number): string {
  const start = `${name.padStart(NAME_WIDTH)} ${String(times).padStart(COLUMN_WIDTH)}`;
  const info = functionAt(program, asPc(pc));
  if (pc === 0 || info === undefined) return `${start}          (hardware)`;
  const address = hex(CODE_BASE + pc * BYTES_PER_WORD, 8).slice(2);
  const offset = hex((pc - info.entry) * BYTES_PER_WORD);
  const size = hex((info.end - info.entry) * BYTES_PER_WORD);
  return `${start}          [<${address}>] ${info.name}+${offset}/${size}`;
}
