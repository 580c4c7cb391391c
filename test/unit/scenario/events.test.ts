/**
 * Events of scenarios: what is wrong with them and where, the kernel tasks that do their work, and what
 * that work does to programs that the shipped scenarios do not have.
 */
import { describe, expect, it } from 'vitest';
import { positionOf } from '../../../src/base/span.ts';
import { loadScenario } from '../../../src/scenario/loadScenario.ts';
import { placeEvents } from '../../../src/scenario/scenarioEvents.ts';
import { editedTree, finish, prepare, scenarioOf, shippedTree } from '../../support/preparedRun.ts';

interface Parts {
  readonly events?: readonly object[];
  readonly tasks?: readonly object[];
  readonly cpus?: number;
  readonly file?: object;
  readonly map?: object;
}

function scenarioText({ events = [], tasks, cpus = 2, file, map }: Parts): string {
  return JSON.stringify({
    version: 1,
    title: 'own',
    machine: { cpus, frames: 1024 },
    files: [{ name: 'quill.dat', pages: 16, content: 'pattern', ...file }],
    processes: [
      {
        name: 'heron',
        maps: [{ name: 'ink', file: 'quill.dat', pages: 16, prot: 'rw', flags: 'shared', ...map }],
      },
    ],
    tasks: (tasks ?? [{}]).map((task, index) => ({
      name: `wren${String(index)}`,
      process: 'heron',
      program: 'p.s',
      ...task,
    })),
    events,
  });
}

const AT_ONCE = { at: { atNs: 0 } };

/** What is said about one event: the place in its text, the code and the message. */
function complaintsOf(event: object): string[] {
  const text = scenarioText({ events: [event] });
  const start = text.indexOf('"events":[') + '"events":['.length;
  return loadScenario({ path: 's.jsonc', text }).diagnostics.map(({ code, message, span }) => {
    const column = span === undefined ? 0 : positionOf(span.file, span.start).column1 - 1;
    const at = text.slice(column).replace(/[,}].*/, '');
    expect(column, message).toBeGreaterThanOrEqual(start);
    return `${at} ${code}: ${message}`;
  });
}

describe('a wrong event', () => {
  it('is told where it is wrong', () => {
    const wrong = [
      { ...AT_ONCE, do: 'shrink', file: 'quill.dat' },
      { ...AT_ONCE, file: 'quill.dat' },
      { ...AT_ONCE, do: 'truncate', file: 'quill.dat' },
      { ...AT_ONCE, do: 'truncate', file: 'quil.dat', pages: 1 },
      { ...AT_ONCE, do: 'truncate', file: 'quill.dat', pages: 17 },
      { ...AT_ONCE, do: 'truncate', file: 'quill.dat', pages: 1, page: 3 },
      { ...AT_ONCE, do: 'evict', file: 'quill.dat', pages: [3, 16] },
      { ...AT_ONCE, do: 'failRead', file: 'quill.dat', page: 16 },
      { ...AT_ONCE, do: 'failRead', file: 'quill.dat', page: 3, times: 0 },
      { ...AT_ONCE, do: 'signal', task: 'wren', signal: 'SIGKILL' },
      { ...AT_ONCE, do: 'signal', task: 'wren0', signal: 'SIGSTOP' },
      { ...AT_ONCE, do: 'pressure', frames: 2000 },
      { ...AT_ONCE, do: 'pressure', frames: 0, cpu: 2 },
      { at: { when: { task: 'owl', anchor: 'page_wait' } }, do: 'pressure', frames: 0 },
      { do: 'pressure', frames: 0 },
    ];
    expect(wrong.map((event) => complaintsOf(event))).toMatchInlineSnapshot(`
      [
        [
          ""shrink" scenario-value: expected \`truncate\` or \`evict\` or \`failRead\` or \`signal\` or \`pressure\`",
        ],
        [
          "{"at":{"atNs":0 scenario-missing: missing key \`do\`",
        ],
        [
          "{"at":{"atNs":0 scenario-missing: missing key \`pages\`",
        ],
        [
          ""quil.dat" scenario-name: there is no file \`quil.dat\`; did you mean \`quill.dat\`?",
        ],
        [
          "17 scenario-truncate: \`quill.dat\` has 16 pages, and an event can only make it shorter",
        ],
        [
          ""page":3 scenario-key: unknown key \`page\`; did you mean \`pages\`?",
        ],
        [
          "16] scenario-page: \`quill.dat\` has only the pages 0 to 15",
        ],
        [
          "16 scenario-page: \`quill.dat\` has only the pages 0 to 15",
        ],
        [
          "0 scenario-value: expected at least 1",
        ],
        [
          ""wren" scenario-name: there is no task \`wren\`; did you mean \`wren0\`?",
        ],
        [
          ""SIGSTOP" scenario-value: expected \`SIGILL\` or \`SIGBUS\` or \`SIGFPE\` or \`SIGKILL\` or \`SIGSEGV\` or \`SIGTERM\`",
        ],
        [
          "2000 scenario-pressure: the machine has only 1024 page frames",
        ],
        [
          "2 scenario-cpu: the machine has only the CPUs 0 to 1",
        ],
        [
          ""owl" scenario-name: there is no task \`owl\`",
        ],
        [
          "{"do":"pressure" scenario-missing: missing key \`at\`",
        ],
      ]
    `);
  });

  it('is refused when the kernel lacks its anchor, unless it is for other kernels', () => {
    const event = {
      at: { when: { task: 'wren0', anchor: 'retry' } },
      do: 'evict',
      file: 'quill.dat',
      pages: 'all',
    };
    const load = (events: readonly object[]) =>
      scenarioOf(scenarioText({ events }), { 'p.s': LOAD });
    const unpatched = shippedTree('unpatched');
    expect(() => prepare(load([event]), unpatched)).toThrow(/has no anchor `retry`/);
    const forOthers = load([{ ...event, only: ['patched'] }]);
    expect(prepare(forOthers, editedTree('unpatched', [])).kernelTasks).toHaveLength(1);
    const { kernelTasks, machine } = prepare(forOthers, unpatched);
    expect(kernelTasks.map(({ name, id }) => [name, machine.task(id).status])).toEqual([
      ['[evict]', 'new'],
    ]);
  });
});

describe('the kernel tasks of events', () => {
  it('are numbered where there are several, and keep away from the CPUs of the programs', () => {
    const text = scenarioText({
      cpus: 4,
      tasks: [{ cpu: 0 }, { cpu: 3 }],
      events: [
        { ...AT_ONCE, do: 'pressure', frames: 9 },
        { ...AT_ONCE, do: 'failRead', file: 'quill.dat', page: 2 },
        { ...AT_ONCE, do: 'pressure', frames: 100, cpu: 1 },
        { ...AT_ONCE, do: 'evict', file: 'quill.dat', pages: 'all' },
      ],
    });
    const { data } = loadScenario({ path: 's.jsonc', text }).scenario ?? {};
    if (data === undefined) throw new Error('not loaded');
    const placed = placeEvents(
      data,
      4,
      [0, 3].map((cpu) => ({ process: 0, cpu, stackTop: 0 as never, args: [] })),
    );
    expect(placed.map(({ name, cpu, number, pages }) => [name, cpu, number, pages.length])).toEqual(
      [
        ['[pressure-1]', 2, 9, 0],
        ['[pressure-2]', 1, 100, 0],
        ['[evict]', 2, 0, 16],
      ],
    );
  });
});

/** Loads the byte at 5 * 4096 + 7 and exits with it. */
const LOAD = '_start: movzbl ink + 5 * 4096 + 7, %ebx\n movl $1, %eax\n int $0x80\n';
const EXIT = 'movl %eax, %ebx\n movl $1, %eax\n int $0x80\n';

function exitsOf(parts: Parts, programs: Readonly<Record<string, string>>): string[] {
  const run = prepare(scenarioOf(scenarioText(parts), programs), shippedTree('patched'));
  const { summary } = finish(run);
  expect(summary.violations).toEqual([]);
  return summary.tasks.map(({ exit }) => exit);
}

describe('a signal', () => {
  it.each(['SIGKILL', 'SIGTERM'])(
    '%s ends a program that never enters the kernel, with all its tasks',
    (signal) => {
      const exits = exitsOf(
        {
          cpus: 3,
          tasks: [{ cpu: 1 }, { cpu: 0 }],
          events: [{ at: { atNs: 5000 }, do: 'signal', task: 'wren0', signal }],
        },
        { 'p.s': '_start: jmp _start\n' },
      );
      expect(exits).toEqual([signal, 'SIGKILL']);
    },
  );

  it('is refused to a process that does not exist, and kills one that does', () => {
    const kill = (pid: number, signal: number): string =>
      `_start: movl $37, %eax\n movl $${String(pid)}, %ebx\n movl $${String(signal)}, %ecx\n int $0x80\n negl %eax\n${EXIT}`;
    const run = (program: string): string[] => exitsOf({ tasks: [{}] }, { 'p.s': program });
    expect(run(kill(7, 9))).toEqual(['exited:3']);
    expect(run(kill(100, 0))).toEqual(['exited:0']);
    expect(run(kill(100, 99))).toEqual(['exited:22']);
    expect(run(kill(100, 9))).toEqual(['SIGKILL']);
  });
});

describe('the system calls that take pages away', () => {
  it('ftruncate: the pages behind the new end are gone, the rest of the last one is zero', () => {
    const ftruncate = (bytes: number, place: number): string =>
      `_start: movb $77, ink + 4 * 4096 + 8\n movb $77, ink + 5 * 4096\n movl $93, %eax\n movl $3, %ebx\n movl $${String(bytes)}, %ecx\n int $0x80\n movzbl ink + ${String(place)}, %eax\n${EXIT}`;
    const run = (bytes: number, place: number): string[] =>
      exitsOf({ file: { cached: 'all' } }, { 'p.s': ftruncate(bytes, place) });
    expect(run(4 * 4096 + 9, 4 * 4096 + 8)).toEqual(['exited:77']);
    expect(run(4 * 4096 + 8, 4 * 4096 + 8)).toEqual(['exited:0']);
    expect(run(4 * 4096 + 8, 5 * 4096)).toEqual(['SIGBUS:ADRERR']);
  });

  it('madvise(MADV_DONTNEED): a private copy is lost, and the byte of the file comes back', () => {
    const program = `_start: movb $77, ink + 5 * 4096 + 7
 movl $219, %eax
 movl $ink + 5 * 4096, %ebx
 movl $4096, %ecx
 movl $4, %edx
 int $0x80
${LOAD.replace('_start:', '')}`;
    const parts = { file: { cached: 'all' as const } };
    const [byteOfFile] = exitsOf(parts, { 'p.s': LOAD });
    expect(exitsOf({ ...parts, map: { flags: 'private' } }, { 'p.s': program })).toEqual([
      byteOfFile,
    ]);
    expect(exitsOf(parts, { 'p.s': program })).toEqual(['exited:77']);
  });
});
