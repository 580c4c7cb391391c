// What users do to a run of the shipped kernel: through page tables, in saved registers, by a signal.
import { describe, expect, it } from 'vitest';
import { asAddress, type TaskId } from '../../../src/base/brand.ts';
import { UserError } from '../../../src/base/errors.ts';
import type { Intervention } from '../../../src/machine/intervention.ts';
import { USER_EBX, USER_EFLAGS, USER_EIP, USER_ESI } from '../../../src/machine/userCpu.ts';
import type { PreparedRun } from '../../../src/scenario/prepareRun.ts';
import { finish, prepare, shippedTree } from '../../support/preparedRun.ts';

const KERNELS = ['patched', 'unpatched'];

function runOf(kernel: string, schedule?: string): PreparedRun {
  const more = schedule === undefined ? {} : { schedule };
  return prepare('cold-fault', shippedTree(kernel), more);
}

function toucherOf({ tasks }: PreparedRun): { task: TaskId; data: number } {
  const [task] = tasks;
  const map = task?.process.maps.find(({ name }) => name === 'data');
  if (task === undefined || map === undefined) throw new Error('no such task');
  return { task: task.id, data: map.start };
}

/** Runs until the task sleeps in its page fault. */
function toSleep(run: PreparedRun): void {
  const { task } = toucherOf(run);
  const stop = run.machine.run({ budget: 1e6, breakpoints: false, stopWhenSleeps: task });
  expect(stop.kind).toBe('sleep');
}

/** Runs until the task is about to execute a user instruction. */
function toUser(run: PreparedRun): void {
  const { machine } = run;
  const { task } = toucherOf(run);
  do {
    expect(machine.run({ budget: 1, breakpoints: false }).kind).toBe('budget');
  } while (machine.task(task).status !== 'running' || machine.task(task).mode !== 'user');
}

/** The task's exit and the end of a run, and that a replay from the printed text is the same. */
function exitOf(kernel: string, run: PreparedRun): string {
  const { summary } = finish(run);
  const again = finish(runOf(kernel, run.machine.schedule())).summary;
  expect(again).toEqual(summary);
  return summary.tasks[0]?.exit ?? '';
}

describe.each(KERNELS)('a user of the %s kernel', (kernel) => {
  it('kills a task that sleeps in a page fault', () => {
    const run = runOf(kernel);
    toSleep(run);
    const { task } = toucherOf(run);
    run.machine.intervene({ kind: 'signal', task, signal: 9 });
    expect(exitOf(kernel, run)).toBe('SIGKILL');
  });

  it('kills a task in user mode', () => {
    const run = runOf(kernel);
    const { task } = toucherOf(run);
    toUser(run);
    run.machine.intervene({ kind: 'signal', task, signal: 9 });
    expect(exitOf(kernel, run)).toBe('SIGKILL');
  });

  it('sets a register of a task that is in the kernel: it goes on with that in user mode', () => {
    expect(finish(runOf(kernel)).summary.tasks[0]?.exit).toBe('exited:25');
    const run = runOf(kernel);
    toSleep(run);
    const { task, data } = toucherOf(run);
    const { [USER_EIP]: eip, [USER_ESI]: esi = 0 } = run.machine.task(task).userRegisters;
    expect(esi).toBe(data + 82_211);
    // The instruction that faulted, executed again, reads the next byte.
    run.machine.intervene({ kind: 'register', task, register: USER_ESI, value: esi + 1 });
    expect(run.machine.task(task).userRegisters[USER_ESI]).toBe(esi + 1);
    expect(run.machine.task(task).userRegisters[USER_EIP]).toBe(eip);
    expect(exitOf(kernel, run)).toBe('exited:26');
  });

  it('sets a register of a task in user mode', () => {
    const run = runOf(kernel);
    const { task } = toucherOf(run);
    toUser(run);
    for (const [register, value] of [
      [USER_EBX, 0xffffffff],
      [USER_EFLAGS, 0xffffffff],
    ] as const) {
      run.machine.intervene({ kind: 'register', task, register, value });
    }
    const { userRegisters } = run.machine.task(task);
    expect(userRegisters[USER_EBX]).toBe(-1);
    // Of eflags only the bits of user code.
    expect(userRegisters[USER_EFLAGS]).toBe(0x0ed7);
    exitOf(kernel, run);
  });

  it('writes user memory through the page tables, once they lead somewhere', () => {
    const run = runOf(kernel);
    const { task, data } = toucherOf(run);
    toSleep(run);
    const write: Intervention = {
      kind: 'user',
      task,
      address: asAddress(data + 82_211),
      bytes: Uint8Array.of(77),
    };
    expect(() => run.machine.intervene(write)).toThrow(UserError);
    expect(() => run.machine.intervene(write)).toThrow(/No page is mapped/);
    // The next user instruction of the task is the one that faulted, with its page present.
    toUser(run);
    run.machine.intervene(write);
    expect(run.machine.readUserByte(task, write.address)).toBe(77);
    expect(exitOf(kernel, run)).toBe('exited:77');
  });
});
