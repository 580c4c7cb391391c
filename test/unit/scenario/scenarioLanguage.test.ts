/**
 * What a scenario can say, seen in what its run does: holes, dirty pages, limits, arguments, copies of tasks, several
 * processes, the way of the disk's head.
 */
import { describe, expect, it } from 'vitest';
import { patternByte } from '../../../src/scenario/fileContent.ts';
import type { ParameterSettings } from '../../../src/scenario/loadScenario.ts';
import {
  finish,
  prepare,
  scenarioOf,
  shippedTree,
  type FinishedRun,
} from '../../support/preparedRun.ts';

const EXIT = 'movl $1, %eax\n int $0x80\n';
/** Loads the byte at the offset in eax and exits with it. */
const LOAD = `movzbl ink(%eax), %ebx\n ${EXIT}`;

interface Parts {
  readonly program?: string;
  readonly programs?: Readonly<Record<string, string>>;
  readonly scenario?: object;
  readonly file?: object;
  readonly map?: object;
  readonly process?: object;
  readonly tasks?: readonly object[];
  readonly settings?: ParameterSettings;
}

function run(parts: Parts, kernel = 'patched'): FinishedRun {
  const { program = LOAD, programs = {}, tasks = [{ name: 'wren' }], settings = {} } = parts;
  const scenario = {
    version: 1,
    title: 'own',
    files: [{ name: 'quill.dat', pages: 64, content: 'pattern', ...parts.file }],
    processes: [
      {
        name: 'heron',
        maps: [
          {
            name: 'ink',
            file: 'quill.dat',
            pages: 64,
            prot: 'rw',
            flags: 'shared',
            advice: 'random',
            ...parts.map,
          },
        ],
        ...parts.process,
      },
    ],
    tasks: tasks.map((task) => ({ process: 'heron', program: 'p.s', args: [0], ...task })),
    ...parts.scenario,
  };
  const loaded = scenarioOf(JSON.stringify(scenario), { 'p.s': program, ...programs });
  return finish(prepare(loaded, shippedTree(kernel), { parameters: settings }));
}

function exitsOf({ summary }: FinishedRun): string[] {
  return summary.tasks.map(({ name, exit }) => `${name} ${exit}`);
}

describe('a hole of a file', () => {
  it('reads as zeros without the disk', () => {
    const finished = run({
      file: { holes: [9, 3] },
      tasks: [{ name: 'wren', args: [9 * 4096 + 5] }],
    });
    expect(exitsOf(finished)).toEqual(['wren exited:0']);
    expect(finished.summary.virtualNs).toBeLessThan(1_000_000);
    // The page was not in the cache, which counts, although nothing had to be waited for.
    expect(finished.summary.counters).toMatchObject({ PGFAULT: 1, PGMAJFAULT: 1 });
    expect(finished.summary.tasks[0]).toMatchObject({ maj_flt: 1, min_flt: 0 });
  });

  it('does not move what lies behind it', () => {
    const place = 10 * 4096 + 5;
    const finished = run({ file: { holes: [9] }, tasks: [{ name: 'wren', args: [place] }] });
    expect(exitsOf(finished)).toEqual([`wren exited:${String(patternByte('quill.dat', place))}`]);
    expect(finished.summary.virtualNs).toBeGreaterThan(12_000_000);
  });
});

describe('the first state of pages', () => {
  it('may be dirty, and then they are in memory', () => {
    const scenario = {
      expect: {
        '*': {
          pages: [
            { file: 'quill.dat', page: 2, isDirty: true, isUpToDate: true },
            { file: 'quill.dat', page: 3, isDirty: false, isUpToDate: true },
          ],
        },
      },
    };
    const parts = {
      scenario,
      file: { dirty: [2], cached: [3] },
      tasks: [{ name: 'wren', args: [8192] }],
    };
    const finished = run(parts);
    expect(finished.mismatches).toEqual([]);
    expect(finished.summary.tasks[0]).toMatchObject({ maj_flt: 0, min_flt: 1 });
    const clean = run({ ...parts, file: { cached: [2, 3] } });
    expect(clean.mismatches.map(({ what }) => what)).toEqual(['pages.quill.dat:2.isDirty']);
  });

  it('may be mapped, and then they do not fault', () => {
    const finished = run({
      map: { populate: true, prot: 'r' },
      tasks: [{ name: 'wren', args: [8193] }],
    });
    expect(exitsOf(finished)).toEqual([`wren exited:${String(patternByte('quill.dat', 8193))}`]);
    expect(finished.summary.counters.PGFAULT).toBe(0);
  });
});

describe('as many pages as may start in memory', () => {
  // 1024 frames are 384 for the kernel, 320 for 32 tasks, and 320.
  const pages = (count: number): Parts => ({
    file: { pages: count, cached: 'all' },
    tasks: [{ name: 'wren', count: 32, args: [0] }],
  });

  it('leave room for the rest on the smallest machine', () => {
    const machine = { cpus: 8, frames: 1024 };
    const finished = run({ ...pages(320), scenario: { machine } });
    expect(finished.summary.outcome).toBe('completed');
    expect(finished.summary.counters).toMatchObject({ PGMAJFAULT: 0 });
  });

  it('are loaded in the time that booting may take', () => {
    const finished = run({
      ...pages(2048),
      map: { pages: 1024 },
      scenario: { machine: { frames: 8192 } },
    });
    expect(finished.summary.outcome).toBe('completed');
  });
});

describe('limits', () => {
  const mmap = `movl $192, %eax\n xorl %ebx, %ebx\n movl $3, %edx\n movl $0x22, %esi\n movl $-1, %edi\n xorl %ebp, %ebp\n
    movl $0x100000, %ecx\n int $0x80\n cmpl $-4096, %eax\n seta %bl\n movzbl %bl, %ebx\n ${EXIT}`;
  const push = `subl $0x8000, %esp\n pushl %eax\n xorl %ebx, %ebx\n ${EXIT}`;

  it('bound what a process may map', () => {
    expect(exitsOf(run({ program: mmap }))).toEqual(['wren exited:0']);
    const process = { limits: { addressSpaceBytes: 0x100000 } };
    expect(exitsOf(run({ program: mmap, process }))).toEqual(['wren exited:1']);
  });

  it('cannot be below what a process maps at its start', () => {
    const process = { limits: { addressSpaceBytes: 0x10000 } };
    expect(() => run({ program: mmap, process })).toThrow(
      'the process maps 282624 bytes at its start, programs and stacks included',
    );
  });

  it('bound how far a stack grows', () => {
    expect(exitsOf(run({ program: push }))).toEqual(['wren exited:0']);
    const process = { limits: { stackBytes: 0x6000 } };
    expect(exitsOf(run({ program: push, process }))).toEqual(['wren SIGSEGV:MAPERR']);
  });
});

describe('tasks', () => {
  const sum = `addl %ebx, %eax\n addl %ecx, %eax\n addl %edx, %eax\n addl %esi, %eax\n leal (%edi, %eax), %ebx\n ${EXIT}`;

  it('get their arguments in registers', () => {
    const tasks = [{ name: 'wren', args: [1, 2, 4, 8, 16, 32] }];
    expect(exitsOf(run({ program: sum, tasks }))).toEqual(['wren exited:63']);
    expect(exitsOf(run({ program: sum, tasks: [{ name: 'wren', args: [1] }] }))).toEqual([
      'wren exited:1',
    ]);
  });

  it('run as often as a parameter says, each with its number', () => {
    const scenario = { parameters: { birds: { default: 3, min: 0, max: 30 } } };
    const tasks = [
      { name: 'wren', count: '$birds', args: [40, '$copy'] },
      { name: 'owl', args: [7] },
    ];
    expect(exitsOf(run({ program: sum, scenario, tasks }))).toEqual([
      'wren exited:40',
      'wren-2 exited:41',
      'wren-3 exited:42',
      'owl exited:7',
    ]);
    const none = run({ program: sum, scenario, tasks, settings: { birds: 0 } });
    expect(exitsOf(none)).toEqual(['owl exited:7']);
    const many = run({ program: sum, scenario, tasks, settings: { birds: 30 } });
    expect(many.summary.tasks).toHaveLength(31);
    expect(many.summary.outcome).toBe('completed');
  });

  it('may belong to several processes, whose memory is apart', () => {
    const map = { name: 'box', anon: true, pages: 1, prot: 'rw', flags: 'private' };
    const scenario = {
      processes: ['p', 'q'].map((name) => ({ name, maps: [map] })),
      tasks: ['p', 'q', 'p'].map((process, index) => ({
        name: `t${String(index)}`,
        process,
        program: 'p.s',
        args: [index + 5],
        cpu: 0,
        start: { atNs: index * 1_000_000 },
      })),
    };
    const program = `addl %eax, box\n movzbl box, %ebx\n ${EXIT}`;
    const finished = run({ program, scenario });
    expect(exitsOf(finished)).toEqual(['t0 exited:5', 't1 exited:6', 't2 exited:12']);
    expect(Object.keys(finished.summary.locks)).toEqual(['p.mmap_sem', 'q.mmap_sem']);
  });
});

describe('the disk', () => {
  /** Loads the pages 0 and then `eax` and exits. */
  const two = `movzbl ink, %ecx\n movzbl ink(%eax), %ebx\n ${EXIT}`;
  const time = (costs: object, place: number): number =>
    run({
      program: two,
      scenario: { machine: { costs } },
      tasks: [{ name: 'wren', args: [place] }],
    }).summary.virtualNs;

  it('takes time by the way of its head, and none for the next page', () => {
    const still = { diskReadNs: 1_000_000, diskPageNs: 1000 };
    const moving = { ...still, diskSeekNs: 512_000_000 };
    const extra = (place: number): number => time(moving, place) - time(still, place);
    // To the first sector, which is 4096, and from behind page 0 to page n.
    const way = (sectors: number): number => 512_000_000 * Math.sqrt(sectors / 2 ** 21);
    expect(Math.abs(extra(4096) - way(4096))).toBeLessThan(2);
    expect(Math.abs(extra(33 * 4096) - way(4096) - way(32 * 8))).toBeLessThan(2);
  });

  it('takes time for every page', () => {
    const one = time({ diskReadNs: 1_000_000, diskPageNs: 0 }, 4096);
    expect(time({ diskReadNs: 1_000_000, diskPageNs: 5000 }, 4096) - one).toBe(10_000);
  });
});

describe('prices', () => {
  it('can be set like parameters in every scenario', () => {
    const slow = run({ settings: { diskReadNs: 30_000_000 } });
    expect(slow.summary.virtualNs).toBeGreaterThan(30_000_000);
    expect([...slow.run.changes]).toEqual([['diskReadNs', 30_000_000]]);
  });

  it('do not hide a parameter of the same name', () => {
    const scenario = { parameters: { diskReadNs: { default: 1 } } };
    const program = `movl $diskReadNs, %ebx\n ${EXIT}`;
    const finished = run({ program, scenario, settings: { diskReadNs: 9 } });
    expect(exitsOf(finished)).toEqual(['wren exited:9']);
  });

  it('free a run of what its scenario expects', () => {
    const scenario = { expect: { '*': { tasks: { wren: { maj_flt: 7 } } } } };
    expect(run({ scenario }).mismatches).toHaveLength(1);
    expect(run({ scenario, settings: { diskReadNs: 5 } }).mismatches).toEqual([]);
  });
});
