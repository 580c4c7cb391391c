/**
 * Scenarios written here, with names that nothing else uses: more rows of the facts about the kernel
 * (two tasks on one page, writes, reads behind the end, errors of the disk, random advice).
 */
import { describe, expect, it } from 'vitest';
import {
  finish,
  prepare,
  scenarioOf,
  shippedTree,
  type FinishedRun,
} from '../../support/preparedRun.ts';

/** Reads the byte at `place` and exits with it. */
const LOAD = '_start: movzbl place, %ebx\n movl $1, %eax\n int $0x80\n';
/** Writes there, reads it back and exits with it. */
const STORE = '_start: movb $77, place\n movzbl place, %ebx\n movl $1, %eax\n int $0x80\n';

interface Variation {
  readonly program?: string;
  readonly file?: object;
  readonly map?: object;
  readonly tasks?: readonly object[];
  readonly place?: number;
}

function runOn(
  kernel: string,
  { program = LOAD, file, map, tasks, place = 5 * 4096 + 7 }: Variation,
): FinishedRun {
  const scenario = {
    version: 1,
    title: 'own',
    machine: { cpus: 2 },
    parameters: { offset: { default: place } },
    files: [{ name: 'quill.dat', pages: 16, content: 'pattern', ...file }],
    processes: [
      {
        name: 'heron',
        maps: [{ name: 'ink', file: 'quill.dat', pages: 32, prot: 'rw', flags: 'private', ...map }],
      },
    ],
    tasks: (tasks ?? [{ name: 'wren' }]).map((task) => ({
      process: 'heron',
      program: 'p.s',
      ...task,
    })),
  };
  const source = `.equ place, ink + offset\n${program}`;
  return finish(
    prepare(scenarioOf(JSON.stringify(scenario), { 'p.s': source }), shippedTree(kernel)),
  );
}

/** maj, min of each task, PGFAULT, PGMAJFAULT, and how each task ended. */
function figures({ summary }: FinishedRun): (number | string)[] {
  const { tasks, counters } = summary;
  return [
    ...tasks.flatMap((task) => [task.maj_flt, task.min_flt]),
    counters.PGFAULT,
    counters.PGMAJFAULT,
    ...tasks.map((task) => task.exit),
  ];
}

/** FNV-1a over the name as the pattern is defined, then page and offset. */
function byteAt(offset: number): number {
  let hash = 0x811c9dc5;
  for (const character of 'quill.dat') hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  return ((hash & 0xff) + 31 * (offset >> 12) + (offset & 4095)) & 0xff;
}

const BYTE = `exited:${String(byteAt(5 * 4096 + 7))}`;

describe('rows of the facts about the kernel', () => {
  it('S3: two tasks on one cold page', () => {
    const tasks = [{ name: 'wren' }, { name: 'crane', start: { atNs: 1_000_000 } }];
    expect(figures(runOn('unpatched', { tasks }))).toEqual([1, 0, 0, 1, 2, 1, BYTE, BYTE]);
    expect(figures(runOn('patched', { tasks }))).toEqual([1, 0, 0, 1, 4, 1, BYTE, BYTE]);
  });

  it('S6: a cold write to a shared mapping', () => {
    const map = { flags: 'shared' };
    expect(figures(runOn('unpatched', { program: STORE, map }))).toEqual([1, 0, 1, 1, 'exited:77']);
    expect(figures(runOn('patched', { program: STORE, map }))).toEqual([1, 0, 2, 1, 'exited:77']);
  });

  it('S7: a cold write to a private mapping', () => {
    expect(figures(runOn('unpatched', { program: STORE }))).toEqual([1, 0, 1, 1, 'exited:77']);
    expect(figures(runOn('patched', { program: STORE }))).toEqual([1, 0, 2, 1, 'exited:77']);
  });

  it('S8: a read behind the end of the file', () => {
    for (const kernel of ['unpatched', 'patched']) {
      expect(figures(runOn(kernel, { place: 20 * 4096 }))).toEqual([0, 0, 1, 0, 'SIGBUS:ADRERR']);
    }
  });

  it('S11: a page that is in memory', () => {
    const file = { cached: [5] };
    for (const kernel of ['unpatched', 'patched']) {
      expect(figures(runOn(kernel, { file }))).toEqual([0, 1, 1, 0, BYTE]);
    }
  });

  it('S12: a disk that cannot read the page', () => {
    const file = { errors: [{ page: 5, times: 1000 }] };
    expect(figures(runOn('unpatched', { file }))).toEqual([0, 0, 1, 1, 'SIGBUS:ADRERR']);
    expect(figures(runOn('patched', { file }))).toEqual([1, 0, 2, 1, 'SIGBUS:ADRERR']);
  });

  it('S17: random advice reads one page only', () => {
    const map = { advice: 'random' };
    const unpatched = runOn('unpatched', { map });
    const patched = runOn('patched', { map });
    expect(figures(unpatched)).toEqual([1, 0, 1, 1, BYTE]);
    expect(figures(patched)).toEqual([1, 0, 2, 1, BYTE]);
    expect(patched.run.readers.readCachedPages(patched.run.machine)).toHaveLength(1);
  });

  it('an access to nothing, and one that is forbidden', () => {
    expect(figures(runOn('patched', { place: 100 * 4096 }))).toEqual([
      0,
      0,
      0,
      0,
      'SIGSEGV:MAPERR',
    ]);
    const map = { prot: 'r' };
    expect(figures(runOn('patched', { program: STORE, map }))).toEqual([
      0,
      0,
      0,
      0,
      'SIGSEGV:ACCERR',
    ]);
  });

  it('counts arrivals at the label `iteration`, also where the instruction there faults', () => {
    const program =
      'movl $4, %ecx\niteration: movb place, %bl\n decl %ecx\n jnz iteration\n movl $1, %eax\n xorl %ebx, %ebx\n int $0x80\n';
    expect(runOn('patched', { program }).summary.tasks[0]).toMatchObject({
      iterations: 4,
      exit: 'exited:0',
    });
  });

  it('ends at the duration with tasks that still run', () => {
    const scenario = {
      version: 1,
      title: 'own',
      processes: [{ name: 'heron' }],
      tasks: [{ name: 'wren', process: 'heron', program: 'p.s' }],
      duration: 100_000,
    };
    const loaded = scenarioOf(JSON.stringify(scenario), { 'p.s': 'jmp .' });
    const { summary } = finish(prepare(loaded, shippedTree('patched')));
    expect(summary).toMatchObject({ outcome: 'completed', tasks: [{ exit: 'running' }] });
    expect(summary.virtualNs).toBe(100_000);
  });

  it('names the locks of several processes', () => {
    const maps = [{ name: 'ink', file: 'quill.dat', pages: 16, prot: 'r', flags: 'private' }];
    const scenario = {
      version: 1,
      title: 'own',
      files: [{ name: 'quill.dat', pages: 16, content: 'pattern' }],
      processes: [
        { name: 'heron', maps },
        { name: 'egret', maps },
      ],
      tasks: [
        { name: 'wren', process: 'heron', program: 'p.s' },
        { name: 'crane', process: 'egret', program: 'p.s' },
      ],
    };
    const source = `.equ place, ink + ${String(5 * 4096 + 7)}\n${LOAD}`;
    const { summary } = finish(
      prepare(scenarioOf(JSON.stringify(scenario), { 'p.s': source }), shippedTree('unpatched')),
    );
    expect(Object.keys(summary.locks)).toEqual(['heron.mmap_sem', 'egret.mmap_sem']);
    expect(summary.tasks.map((task) => task.exit)).toEqual([BYTE, BYTE]);
    expect(Object.keys(summary.locks['egret.mmap_sem']?.perTask ?? {})).toEqual(['crane']);
  });
});
