/**
 * Watchpoints against the plain truth: a run that is looked at after every step tells every change of
 * a word, and the stops of watchpoints are exactly those, whoever writes: kernel code of both tiers, atomic
 * operations, copies, programs, the walk of the page tables, the disk.
 */
import { describe, expect, it } from 'vitest';
import { asAddress, type TaskId } from '../../src/base/brand.ts';
import { sizeOf } from '../../src/bytecode/ctype.ts';
import { DATA_BASE, DIRECT_MAP_BASE } from '../../src/bytecode/program.ts';
import { STATE_BYTES, TASK } from '../../src/machine/imageLayout.ts';
import type { Machine } from '../../src/machine/machine.ts';
import { taskAt } from '../../src/machine/machineState.ts';
import type { WatchedLocal, Watchpoint } from '../../src/machine/watchpoint.ts';
import type { PrepareRunInput } from '../../src/scenario/prepareRun.ts';
import { prepare, shippedTree } from '../support/preparedRun.ts';
import { createDice } from '../support/seededRandom.ts';

/** A change of a watched word. */
interface Change {
  readonly position: number;
  readonly word: number;
  readonly before: number;
  readonly after: number;
}

function machineOf(scenario: string, more: Partial<PrepareRunInput> = {}): Machine {
  return prepare(scenario, shippedTree('patched'), more).machine;
}

/** Words of RAM, as kernel addresses, that a run leaves changed and that are on no stack. */
function changedWords(scenario: string): number[] {
  const machine = machineOf(scenario);
  const words = new Int32Array(machine.image);
  const start = words.slice();
  machine.run({ budget: 1e9, breakpoints: false });
  const stacks = Array.from({ length: machine.taskCount }, (_, task) => {
    const at = taskAt(task);
    return [
      (words[at + TASK.stackLow] ?? 0) >>> 0,
      (words[at + TASK.stackHigh] ?? 0) >>> 0,
    ] as const;
  });
  const first = STATE_BYTES / 4;
  const found: number[] = [];
  for (let word = first; word < first + machine.config.ramBytes / 4; word += 1) {
    if (words[word] === start[word]) continue;
    const address = 4 * (word - first) + DIRECT_MAP_BASE;
    if (stacks.some(([low, high]) => address >= low && address < high)) continue;
    found.push(address);
  }
  return found;
}

function read(machine: Machine, address: number): number {
  return machine.readWord(asAddress(address)) ?? 0;
}

/** The changes of words, found by looking after every step. */
function trueChanges(machine: Machine, addresses: readonly number[]): Change[] {
  const changes: Change[] = [];
  let values = addresses.map((address) => read(machine, address));
  for (;;) {
    const untilPosition = machine.position + 1;
    const stop = machine.run({ budget: 1e9, breakpoints: false, untilPosition });
    const now = addresses.map((address) => read(machine, address));
    for (const [word, after] of now.entries()) {
      const before = values[word] ?? 0;
      if (before !== after) changes.push({ position: machine.position, word, before, after });
    }
    values = now;
    if (stop.kind !== 'position') return changes;
  }
}

/** By position; what one step changes in several words has no order. */
function inOrder(changes: readonly Change[]): Change[] {
  return changes.toSorted((one, other) => one.position - other.position || one.word - other.word);
}

function wordOf(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
}

/** The changes that watchpoints tell of, in a run that is made in random slices. */
function toldChanges(machine: Machine, watchpoints: readonly Watchpoint[], seed: number): Change[] {
  const dice = createDice(seed);
  const changes: Change[] = [];
  machine.setWatchpoints(watchpoints);
  for (;;) {
    const budget = dice(4) === 0 ? 1 + dice(50) : 1e9;
    const stop = machine.run({ budget, breakpoints: true });
    if (stop.kind === 'budget') continue;
    if (stop.kind !== 'access') return inOrder(changes);
    const { position } = machine;
    for (const { watchpoint, before, after } of stop.accesses) {
      changes.push({ position, word: watchpoint, before: wordOf(before), after: wordOf(after) });
    }
  }
}

function pick(addresses: readonly number[], count: number, seed: number): number[] {
  const dice = createDice(seed);
  return Array.from({ length: count }, () => addresses[dice(addresses.length)] ?? DATA_BASE);
}

describe('watchpoints on words of memory', () => {
  const scenarios = ['cold-fault-with-mmap', 'private-write', 'read-into-a-cold-page'];
  const ways: readonly Partial<PrepareRunInput>[] = [
    {},
    { tier: 'interpreter' },
    { hotArrivals: 8 },
    { checks: false },
  ];

  it.each(scenarios)('tell every change and no other in %s', (scenario) => {
    const addresses = [...new Set(pick(changedWords(scenario), 60, 1))];
    const reference = machineOf(scenario);
    const truth = trueChanges(reference, addresses);
    expect(truth.length).toBeGreaterThanOrEqual(addresses.length);
    const watchpoints = addresses.map((address): Watchpoint => ({
      place: { kind: 'memory', address: asAddress(address), bytes: 4 },
      access: 'write',
    }));
    for (const [seed, way] of ways.entries()) {
      const machine = machineOf(scenario, way);
      expect(toldChanges(machine, watchpoints, seed)).toEqual(truth);
      expect(machine.stateHash()).toBe(reference.stateHash());
      expect(machine.schedule()).toBe(reference.schedule());
    }
  });
});

/** Locals in slots of functions that the run calls, of one task. */
function watchedLocals(machine: Machine, task: TaskId): WatchedLocal[] {
  const names = ['do_page_fault', 'handle_mm_fault', 'filemap_fault', 'down_read', 'find_get_page'];
  return machine.program.functions
    .filter(({ name }) => names.includes(name))
    .flatMap(({ index, scopes, guarded = [] }) =>
      scopes.flatMap(({ variables, end }) =>
        variables.flatMap(({ storage, type, declaredAt }): WatchedLocal[] => {
          if (storage.kind !== 'frame') return [];
          if (guarded.some(({ offset }) => offset === storage.offset)) return [];
          const words = Math.ceil((sizeOf(type) ?? 4) / 4);
          const slot = storage.offset / 4;
          return [
            {
              kind: 'local',
              task,
              functionIndex: index,
              slot,
              words,
              startPc: declaredAt,
              endPc: end,
            },
          ];
        }),
      ),
    );
}

/** The changes of locals, found by looking after every step of their task. */
function trueLocalChanges(machine: Machine, locals: readonly WatchedLocal[]): Change[] {
  const changes: Change[] = [];
  const task = locals[0]?.task;
  if (task === undefined) throw new Error('no locals');
  /** By local: the calls of its function, where each is being executed, and the value there. */
  const look = (): Map<number, { pc: number; value: number }>[] => {
    const found = locals.map(() => new Map<number, { pc: number; value: number }>());
    machine.frames(task).forEach(({ fp, pc, functionIndex }, depth) => {
      for (const [index, local] of locals.entries()) {
        if (local.functionIndex !== functionIndex) continue;
        const value = read(machine, fp + 4 * local.slot);
        found[index]?.set(fp, { pc: depth === 0 ? pc : pc - 4, value });
      }
    });
    return found;
  };
  let values = look();
  for (;;) {
    const stop = machine.run({
      budget: 1e9,
      breakpoints: false,
      untilPosition: machine.position + 1,
    });
    const now = look();
    for (const [word, calls] of now.entries()) {
      const { startPc = 0, endPc = 0 } = locals[word] ?? {};
      for (const [fp, { value: after }] of calls) {
        const before = values[word]?.get(fp);
        if (before === undefined || before.pc < startPc || before.pc >= endPc) continue;
        if (before.value === after) continue;
        changes.push({ position: machine.position, word, before: before.value, after });
      }
    }
    values = now;
    if (stop.kind !== 'position') return inOrder(changes);
  }
}

describe('watchpoints on locals', () => {
  it('tell every change and no other', () => {
    const scenario = 'cold-fault-with-mmap';
    const reference = machineOf(scenario);
    const task = reference.taskOfScenario(0);
    if (task === undefined) throw new Error('the first task');
    const locals = watchedLocals(reference, task);
    expect(locals.length).toBeGreaterThan(25);
    const truth = trueLocalChanges(reference, locals);
    expect(truth.length).toBeGreaterThan(15);
    const watchpoints = locals.map((place): Watchpoint => ({ place, access: 'write' }));
    for (const way of [{}, { hotArrivals: 8 }]) {
      const machine = machineOf(scenario, way);
      expect(toldChanges(machine, watchpoints, 1)).toEqual(truth);
      expect(machine.stateHash()).toBe(reference.stateHash());
    }
  });
});
