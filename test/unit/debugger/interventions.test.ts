// Changing a run in a debugger: going back and forth meets the change, and another one drops it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asAddress } from '../../../src/base/brand.ts';
import { Debugger } from '../../../src/debugger/debugger.ts';
import type { DebugStop } from '../../../src/debugger/debugStop.ts';
import type { Operation } from '../../../src/debugger/operation.ts';
import type { Intervention } from '../../../src/machine/intervention.ts';
import type { Machine } from '../../../src/machine/machine.ts';
import { USER_EBX } from '../../../src/machine/userCpu.ts';
import type { PreparedRun } from '../../../src/scenario/prepareRun.ts';
import { editedTree, prepare, shippedTree } from '../../support/preparedRun.ts';

const SCENARIO = 'cold-fault-with-mmap';
const tree = shippedTree('patched');

function debug(): { run: PreparedRun; debug: Debugger; machine: Machine } {
  const run = prepare(SCENARIO, tree);
  const { machine, program, entries, readers } = run;
  const tasks = run.tasks.map(({ id, name, program: { lines, labels } }) => ({
    id,
    name,
    program: { lines, labels },
  }));
  return {
    run,
    machine,
    debug: new Debugger({ machine, program, entries, readers, tasks, kernelTasks: [] }),
  };
}

function work(operation: Operation): DebugStop {
  for (;;) {
    const stop = operation.advance(3000);
    if (stop !== undefined) return stop;
  }
}

/** A change that no kernel code looks at, so that it shows in states and nowhere else. */
function markOf({ tasks }: PreparedRun, value: number): Intervention {
  const [task] = tasks;
  if (task === undefined) throw new Error('no task');
  return { kind: 'register', task: task.id, register: USER_EBX, value };
}

/** The hash at a position of a fresh run that follows the schedule. */
function hashInReplay(schedule: string, position: number): string {
  const { machine } = prepare(SCENARIO, tree, { schedule });
  machine.run({ budget: 1e9, breakpoints: false, untilPosition: position });
  return machine.stateHash();
}

describe('a debugger whose user changes the run', () => {
  it('meets the change again wherever it goes, in whatever order', () => {
    const { run, debug: debugger_, machine } = debug();
    const seek = (position: number): string => {
      work(debugger_.seekPosition(position));
      return machine.stateHash();
    };
    const before = new Map([100, 9_000, 11_999].map((position) => [position, seek(position)]));
    const behind = seek(15_000);
    seek(12_000);
    debugger_.intervene(markOf(run, 1));
    const after = new Map([[12_000, machine.stateHash()]]);
    for (const position of [12_001, 15_000, 20_000]) after.set(position, seek(position));
    expect(after.get(15_000)).not.toBe(behind);
    const schedule = machine.schedule();
    for (const [position, hash] of after) expect(hashInReplay(schedule, position)).toBe(hash);
    const all = new Map([...before, ...after]);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...all.keys()), { maxLength: 4 }), (positions) => {
        for (const position of positions) expect(seek(position)).toBe(all.get(position));
      }),
      { seed: 5, numRuns: 15 },
    );
  });

  it('drops a later change when it changes the past', () => {
    const { run, debug: debugger_, machine } = debug();
    work(debugger_.seekPosition(12_000));
    debugger_.intervene(markOf(run, 1));
    work(debugger_.seekPosition(14_000));
    const [task] = run.tasks;
    work(debugger_.stepBack(task?.id ?? machine.cpu(machine.currentCpu).task));
    work(debugger_.seekPosition(5_000));
    debugger_.intervene(markOf(run, 2));
    work(debugger_.seekPosition(14_000));
    expect(machine.interventions.map(({ position }) => position)).toEqual([5_000]);
    expect(machine.stateHash()).toBe(hashInReplay(machine.schedule(), 14_000));
  });

  it('lets another CPU go on, there and whenever it comes by again', () => {
    const { debug: debugger_, machine } = debug();
    let position = 6_000;
    do {
      position += 1;
      work(debugger_.seekPosition(position));
    } while (machine.choices().filter(({ cpu }) => cpu !== undefined).length < 2);
    const other = machine.choices().find(({ isTaken, cpu }) => !isTaken && cpu !== undefined);
    debugger_.choose(other?.choice ?? -1);
    expect(machine.currentCpu).toBe(other?.cpu);
    const chosen = machine.stateHash();
    work(debugger_.seekPosition(position + 3_000));
    const later = machine.stateHash();
    work(debugger_.seekPosition(position - 500));
    work(debugger_.seekPosition(position));
    expect(machine.stateHash()).toBe(chosen);
    work(debugger_.seekPosition(position + 3_000));
    expect(machine.stateHash()).toBe(later);
    expect(hashInReplay(machine.schedule(), position + 3_000)).toBe(later);
  });

  it('changes nothing with a change that is refused', () => {
    const { debug: debugger_, machine } = debug();
    work(debugger_.seekPosition(9_000));
    const [hash, schedule] = [machine.stateHash(), machine.schedule()];
    const nowhere: Intervention = {
      kind: 'kernel',
      address: asAddress(4),
      bytes: Uint8Array.of(1),
    };
    expect(() => debugger_.intervene(nowhere)).toThrow(/no memory/);
    expect(() => debugger_.choose(7)).toThrow(/no choice 7/);
    expect([machine.stateHash(), machine.schedule()]).toEqual([hash, schedule]);
  });

  it('gives a local its value, so that no read of it comes too early any more', () => {
    const path = 'arch/x86/mm/fault.c';
    const edited = editedTree('patched', [
      {
        path,
        from: /\tstruct vm_area_struct \*vma;\n\tstruct task_struct \*tsk;\n/,
        to: '\tint tally;\n$&',
      },
      {
        path,
        from: /\tprefetchw\(&mm->mmap_sem\);\n/,
        to: '\tif (error_code == 0x1000)\n\t\ttally = 1;\n\tif (tally)\n\t\treturn;\n$&',
      },
    ]);
    const first = prepare(SCENARIO, edited).machine;
    const fault = first.run({ budget: 1e9, breakpoints: false });
    if (fault.kind !== 'fault') throw new Error(`a fault was expected, not ${fault.kind}`);
    expect(fault.fault.message).toBe('Read of `tally`, which was never given a value.');

    const { machine, program } = prepare(SCENARIO, edited);
    machine.run({ budget: 1e9, breakpoints: false, untilPosition: first.position });
    const [frame] = machine.frames(fault.task);
    const { scopes = [] } = program.functions[frame?.functionIndex ?? -1] ?? {};
    const variable = scopes[0]?.variables.find(({ name }) => name === 'tally');
    const offset = variable?.storage.kind === 'frame' ? variable.storage.offset : 0;
    const address = asAddress((frame?.fp ?? 0) + offset);
    machine.intervene({ kind: 'kernel', address, bytes: Uint8Array.of(0, 0, 0, 0) });
    expect(machine.run({ budget: 20, breakpoints: false }).kind).toBe('budget');
  });
});
