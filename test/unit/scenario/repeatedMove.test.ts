/**
 * User programs on the whole machine: a repeated move that faults again and again on its way, data
 * that a program brings along, and locked instructions of two CPUs on one word.
 */
import { describe, expect, it } from 'vitest';
import { asAddress } from '../../../src/base/brand.ts';
import { USER_ECX, USER_EDI, USER_EIP, USER_ESI } from '../../../src/machine/userCpu.ts';
import { patternByte } from '../../../src/scenario/fileContent.ts';
import type { PreparedRun } from '../../../src/scenario/prepareRun.ts';
import { finish, prepare, scenarioOf, shippedTree } from '../../support/preparedRun.ts';

const RUN_ON = { budget: 50_000_000, breakpoints: true };

function own(program: string, more: object = {}, tasks: readonly object[] = [{}]) {
  const scenario = {
    version: 1,
    title: 'own',
    machine: { cpus: 2, readahead: 0 },
    files: [{ name: 'scroll.dat', pages: 4, content: 'pattern', cached: [1] }],
    processes: [
      {
        name: 'scribe',
        maps: [
          { name: 'scroll', file: 'scroll.dat', pages: 4, prot: 'r', flags: 'private' },
          { name: 'copy', anon: true, pages: 4, prot: 'rw', flags: 'private' },
        ],
      },
    ],
    tasks: tasks.map((task, index) => ({
      name: `quill${String(index)}`,
      process: 'scribe',
      program: 'p.task.s',
      ...task,
    })),
    ...more,
  };
  return prepare(
    scenarioOf(JSON.stringify(scenario), { 'p.task.s': program }),
    shippedTree('patched'),
  );
}

/** Stops where a label of the first task's program stands. */
function breakAt(run: PreparedRun, label: string): void {
  const [task] = run.tasks;
  if (task === undefined) throw new Error('no task');
  const address = task.program.labels.get(label) ?? asAddress(0);
  run.machine.setUserBreakpoints([{ taskId: task.id, address }]);
}

describe('a repeated move', () => {
  const PROGRAM = `
        movl    $scroll + 4090, %esi
        movl    $copy + 100, %edi
        movl    $8200, %ecx
move:   rep movsb
done:   movl    $1, %eax
        xorl    %ebx, %ebx
        int     $0x80`;

  it('goes on where it faulted and copies everything once', () => {
    const run = own(PROGRAM);
    breakAt(run, 'done');
    expect(run.machine.run(RUN_ON)).toMatchObject({ kind: 'breakpoint' });
    const [task] = run.tasks;
    const [map, copy] = ['scroll', 'copy'].map(
      (name) => run.processes[0]?.maps.find((item) => item.name === name)?.start ?? 0,
    );
    if (task === undefined || map === undefined || copy === undefined) throw new Error('no task');
    const { userRegisters } = run.machine.task(task.id);
    expect(userRegisters[USER_ECX]).toBe(0);
    expect(userRegisters[USER_ESI]).toBe(map + 4090 + 8200);
    expect(userRegisters[USER_EDI]).toBe(copy + 100 + 8200);
    for (let index = 0; index < 8200; index += 1) {
      const byte = run.machine.readUserByte(task.id, asAddress(copy + 100 + index));
      if (byte !== patternByte('scroll.dat', 4090 + index)) expect.fail(`byte ${String(index)}`);
    }
    expect(run.machine.readUserByte(task.id, asAddress(copy + 99))).toBe(0);
    expect(run.machine.readUserByte(task.id, asAddress(copy + 8300))).toBe(0);
    const { summary } = finish(run);
    // Pages 0, 2 and 3 of the file come from the disk, page 1 was cached; three anonymous pages.
    expect(summary.tasks).toMatchObject([{ exit: 'exited:0', maj_flt: 3, min_flt: 4 }]);
  });

  it('stops at a breakpoint once, and faults with the registers of the elements that are done', () => {
    const run = own(PROGRAM);
    breakAt(run, 'move');
    expect(run.machine.run(RUN_ON)).toMatchObject({ kind: 'breakpoint' });
    const task = run.tasks[0]?.id;
    if (task === undefined) throw new Error('no task');
    const at = run.machine.task(task).userRegisters[USER_EIP];
    // The first faults are of the first element; then six bytes fit the first page of the file.
    const seen = new Set<number>();
    for (let faults = 0; faults < 3;) {
      const step = { task, minFp: 0, intoUser: true, overRepeats: true };
      run.machine.run({ ...RUN_ON, step });
      const { mode, userRegisters } = run.machine.task(task);
      if (mode === 'user') continue;
      expect(userRegisters[USER_EIP]).toBe(at);
      if (!seen.has(userRegisters[USER_ECX] ?? 0)) faults += 1;
      seen.add(userRegisters[USER_ECX] ?? 0);
      run.machine.run({ ...RUN_ON, step: { task, minFp: 0xffffffff, intoUser: true } });
      if (seen.size === 2) break;
    }
    expect([...seen]).toEqual([8200, 8194]);
    // The breakpoint stands before the instruction, not before each of its elements: it stops again only
    // where the instruction starts again after a fault.
    expect(run.machine.run(RUN_ON)).toMatchObject({ kind: 'breakpoint' });
    expect(run.machine.task(task).userRegisters[USER_ECX]).toBe(8200 - 3996);
    run.machine.setUserBreakpoints([]);
    expect(run.machine.run(RUN_ON)).toMatchObject({ kind: 'finished' });
  });

  it('is made of steps that can be counted and interrupted, whatever its count', () => {
    const run = own('movl $-1, %ecx\nmovl $copy, %edi\nrep stosb');
    breakAt(run, '_start');
    const started = run.machine.run({ ...RUN_ON, budget: 2000 });
    expect(started.kind).toBe('budget');
    const { position } = run.machine;
    run.machine.run({ ...RUN_ON, budget: 300 });
    expect(run.machine.position - position).toBe(300);
    expect(finish(run).summary.tasks).toMatchObject([{ exit: 'SIGSEGV:MAPERR', min_flt: 4 }]);
  });
});

describe('a program', () => {
  it('has data of its own, resident and writable, beside its read-only text', () => {
    const run = own(`
        incl    counter
        movl    counter, %ebx
        addl    limit, %ebx
        movl    %ebx, scratch
        movl    scratch, %ebx
        movl    $1, %eax
        int     $0x80
        .section .rodata
limit:  .long   2
        .data
counter: .long  41
        .bss
scratch: .skip  4096`);
    const { summary } = finish(run);
    expect(summary.tasks).toMatchObject([{ exit: 'exited:44', maj_flt: 0, min_flt: 0 }]);
    const { summary: other } = finish(own('movl $1, limit\n.section .rodata\nlimit: .long 2'));
    expect(other.tasks).toMatchObject([{ exit: 'SIGSEGV:ACCERR' }]);
  });

  it('counts with another on one word without losing an addition, when it locks', () => {
    const run = own(
      `
        movl    $copy, %edi
        movl    $500, %ecx
1:      lock incl (%edi)
        movl    $1, %edx
        lock xaddl %edx, (%edi)
        loop    1b
2:      movl    4(%edi), %eax
        leal    1(%eax), %edx
        lock cmpxchgl %edx, 4(%edi)
        jne     2b
        cmpl    $2, %edx
        jne     3f
        movl    (%edi), %ebx
        subl    $1900, %ebx
3:      movl    $1, %eax
        int     $0x80`,
      { schedule: { policy: 'random' } },
      [{ cpu: 0 }, { cpu: 1 }],
    );
    const exits = finish(run).summary.tasks.map((task) => task.exit);
    expect(exits).toContain('exited:100');
  });

  it('dies of a breakpoint, and of an instruction that the CPU does not have', () => {
    expect(finish(own('int3')).summary.tasks).toMatchObject([{ exit: 'signal 5' }]);
    expect(finish(own('divl %ecx')).summary.tasks).toMatchObject([{ exit: 'signal 8' }]);
    for (const source of ['ud2', '.byte 0xf0\nmovl %eax, %ebx', '.byte 0xf0\naddl %eax, %ebx']) {
      expect(finish(own(source)).summary.tasks, source).toMatchObject([{ exit: 'signal 4' }]);
    }
  });
});
