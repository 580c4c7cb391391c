// Looking at the run elsewhere, comparing and going to waypoints: what stays as it is, and what comes back.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Debugger } from '../../../src/debugger/debugger.ts';
import type { DebugStop } from '../../../src/debugger/debugStop.ts';
import type { Operation } from '../../../src/debugger/operation.ts';
import { Waypoints } from '../../../src/debugger/waypoints.ts';
import { compareMemory, MemoryPicture } from '../../../src/debugger/memoryPicture.ts';
import type { Intervention } from '../../../src/machine/intervention.ts';
import { USER_EBX } from '../../../src/machine/userCpu.ts';
import { prepare, shippedTree } from '../../support/preparedRun.ts';

const tree = shippedTree('patched');

/** A debugger, what to do with it, and what one sees of it. */
class Bench {
  readonly debug: Debugger;
  readonly waypoints = new Waypoints();
  private readonly run;

  constructor(more: { readonly seed?: number; readonly schedule?: string } = {}) {
    this.run = prepare('cold-fault-with-mmap', tree, more);
    const { machine, program, entries, readers } = this.run;
    const tasks = this.run.tasks.map(({ id, name, program: { lines, labels } }) => ({
      id,
      name,
      program: { lines, labels },
    }));
    const target = { machine, program, entries, readers, tasks, kernelTasks: [] };
    this.debug = new Debugger(target);
  }

  get machine() {
    return this.run.machine;
  }

  task(name: string) {
    const found = this.run.tasks.find((item) => item.name === name);
    if (found === undefined) throw new Error(`no task ${name}`);
    return found.id;
  }

  work<Result = DebugStop>(operation: Operation<Result>): Result {
    for (;;) {
      const stop = operation.advance(1000);
      if (stop !== undefined) return stop;
    }
  }

  seek(position: number): string {
    this.work(this.debug.seekPosition(position));
    return this.seen();
  }

  /** Everything that tells one place of a session from another. */
  seen(): string {
    const { machine, debug } = this;
    const { reason, text, position } = debug.lastStop;
    return [
      machine.stateHash(),
      machine.position,
      machine.schedule(),
      ...[reason, text, position, ...debug.changesBefore],
    ].join('\n');
  }

  mark(value: number): void {
    const task = this.task('toucher');
    const change: Intervention = { kind: 'register', task, register: USER_EBX, value };
    this.debug.intervene(change, `ebx = ${String(value)}`);
  }

  /** Makes the first choice there is from a position on that differs from the default. */
  chooseOther(position: number): void {
    this.seek(position);
    for (let at = position; ; at += 1) {
      const other = this.machine
        .choices()
        .find(({ isTaken, cpu }) => !isTaken && cpu !== undefined);
      if (other !== undefined) {
        this.debug.choose(other.choice);
        return;
      }
      this.seek(at + 1);
    }
  }

  compare(since: 'last' | 'first' = 'last', at: 'time' | 'place' = 'time') {
    const read = (): readonly [string, number, number] => [
      this.machine.stateHash(),
      this.machine.position,
      this.machine.nowNs(),
    ];
    const compared = this.work(this.debug.compare({ since, at }, read));
    if (compared === undefined) throw new Error('given up');
    return compared.result;
  }
}

describe('a comparison', () => {
  it('reads the run without the change at the same time, and comes back exactly', () => {
    const bench = new Bench();
    bench.seek(9_000);
    const plain = new Bench();
    bench.mark(7);
    bench.seek(15_000);
    const before = bench.seen();
    const compared = bench.compare();
    expect(bench.seen()).toBe(before);
    plain.seek(15_000);
    expect(compared.changes).toEqual(['ebx = 7']);
    expect(compared.before[0]).toBe(plain.machine.stateHash());
    expect(compared.now[0]).toBe(bench.machine.stateHash());
    expect(compared.before[0]).not.toBe(compared.now[0]);
  });

  it('compares with the run without any change, or without the last one', () => {
    const bench = new Bench();
    bench.seek(9_000);
    bench.mark(7);
    bench.seek(11_000);
    const once = new Bench();
    once.seek(9_000);
    once.mark(7);
    once.seek(15_000);
    bench.mark(8);
    bench.seek(15_000);
    expect(bench.compare('last').before[0]).toBe(once.machine.stateHash());
    const first = bench.compare('first');
    expect(first.before[0]).toBe(new Bench().seek(15_000).split('\n')[0]);
    expect(first.changes).toEqual(['ebx = 7', 'ebx = 8']);
    // Standing between the two, only the first one has been made.
    bench.seek(10_000);
    expect(bench.debug.changesBefore).toEqual(['ebx = 7']);
  });

  it('says that nothing differs after a change that changes nothing', () => {
    const bench = new Bench();
    bench.seek(9_000);
    const task = bench.task('toucher');
    const value = bench.machine.task(task).userRegisters[USER_EBX] ?? 0;
    bench.debug.intervene({ kind: 'register', task, register: USER_EBX, value }, 'the same');
    bench.seek(15_003);
    const { before, now } = bench.compare();
    expect(before.slice(1)).toEqual(now.slice(1));
  });

  it('stands at the last state whose time is not past the moment', () => {
    const bench = new Bench();
    bench.chooseOther(606);
    bench.seek(bench.machine.position + 4_000);
    const { before, now } = bench.compare();
    const [hash, position, ns] = before;
    expect(ns).toBeLessThanOrEqual(now[2]);
    const plain = new Bench();
    plain.seek(position);
    expect(plain.machine.stateHash()).toBe(hash);
    plain.seek(position + 1);
    if (position !== now[1]) expect(plain.machine.nowNs()).toBeGreaterThan(now[2]);
  });

  it('stands at the same place, come to as often since the change', () => {
    const bench = new Bench();
    const place = { anchor: 'find_vma', task: bench.task('toucher'), occurrence: 1 };
    bench.work(bench.debug.seekMoment(place));
    bench.mark(7);
    // Loops are rare: the second arrival is that of the second attempt.
    bench.work(bench.debug.seekMoment({ ...place, occurrence: 2 }));
    const [, position] = bench.compare('last', 'place').before;
    const plain = new Bench();
    plain.work(plain.debug.seekMoment({ ...place, occurrence: 2 }));
    expect(position).toBe(plain.machine.position);
  });

  it('is refused where nothing was changed', () => {
    const bench = new Bench();
    bench.seek(9_000);
    expect(() => bench.compare()).toThrow(/Nothing has been changed/);
    bench.mark(1);
    bench.seek(8_000);
    expect(() => bench.compare()).toThrow(/Nothing has been changed in this run before here/);
  });

  it('names the memory that differs, by C, with both values', () => {
    const bench = new Bench();
    bench.work(bench.debug.seekMoment({ anchor: 'drop_mmap_sem', task: undefined, occurrence: 1 }));
    const before = new MemoryPicture(bench.debug.target);
    bench.work(bench.debug.step('over', bench.task('toucher')));
    const after = new MemoryPicture(bench.debug.target);
    const found = compareMemory(before, after);
    // The count is the same word before and after the lock is handed over.
    const names = found.map(({ name }) => name);
    expect(names).not.toContain('(struct mm_struct of demo).mmap_sem.count');
    expect(found).toContainEqual({
      name: '(struct task_struct of mapper).state',
      before: '0x02 TASK_UNINTERRUPTIBLE',
      now: '0x00',
    });
    expect(found).toContainEqual({
      name: 'mapper: rwsem_down_failed_common: waiter.task',
      before: expect.stringMatching(
        /^0xc[0-9a-f]{7} \(\(struct task_struct of mapper\)\)$/,
      ) as string,
      now: 'NULL',
    });
    expect(compareMemory(after, new MemoryPicture(bench.debug.target))).toEqual([]);
  });
});

describe('an inquiry', () => {
  it('changes nothing of the session, ended or given up, whatever follows', () => {
    const actions = ['compare', 'giveUp', 'again', 'seek', 'back', 'undo', 'mark'] as const;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...actions), fc.nat(9_000)), { maxLength: 8 }),
        (steps) => {
          const [asked, quiet] = [new Bench(), new Bench()];
          for (const bench of [asked, quiet]) {
            bench.seek(9_000);
            bench.mark(3);
            bench.seek(12_000);
          }
          const both = (act: (bench: Bench) => unknown): void => {
            for (const bench of [asked, quiet]) act(bench);
          };
          for (const [action, number] of steps) {
            if (action === 'seek') both((bench) => bench.seek(8_000 + number));
            else if (action === 'mark')
              both((bench) => {
                bench.mark(number);
              });
            else if (action === 'back') {
              both((bench) => bench.work(bench.debug.stepBack(bench.task('toucher'))));
            } else if (action === 'undo') {
              if (asked.debug.changesBefore.length > 0) {
                both((bench) => bench.work(bench.debug.undo()));
              }
            } else if (action === 'again') {
              asked.work(asked.debug.tellAgain({ note: () => undefined }, () => 1));
            } else if (asked.debug.changesBefore.length > 0) {
              const request = { since: 'first', at: number % 2 === 0 ? 'time' : 'place' } as const;
              if (request.at === 'place' && asked.debug.comparedPlace === undefined) continue;
              const operation = asked.debug.compare(request, () => 0);
              if (action === 'compare') asked.work(operation);
              else {
                operation.advance(number);
                operation.interrupt();
              }
            }
            expect(asked.seen()).toBe(quiet.seen());
          }
        },
      ),
      { seed: 11, numRuns: 12 },
    );
  }, 60_000);

  it('takes back choices, with what had been recorded behind them', () => {
    const bench = new Bench();
    bench.seek(12_000);
    bench.mark(1);
    const marked = bench.seek(13_000);
    bench.chooseOther(606);
    expect(bench.debug.changesBefore).toHaveLength(1);
    bench.seek(13_000);
    bench.work(bench.debug.undo());
    expect(bench.debug.changesBefore).toEqual([]);
    expect(bench.seek(13_000)).toBe(marked);
    expect(bench.debug.changesBefore).toEqual(['ebx = 1']);
  });
});

describe('a waypoint', () => {
  it('is gone to forwards and backwards on the same course', () => {
    const bench = new Bench();
    const there = bench.seek(12_000).split('\n').slice(0, 3);
    const waypoint = bench.waypoints.set(bench.debug.target, bench.task('toucher'), 'there');
    for (const [position, lies] of [
      [15_000, 'behind'],
      [9_000, 'ahead'],
      [12_000, 'here'],
    ] as const) {
      bench.seek(position);
      expect(bench.debug.whereIs(waypoint)).toBe(lies);
      bench.work(bench.debug.goToWaypoint(waypoint));
      expect(bench.seen().split('\n').slice(0, 3)).toEqual(there);
      expect(bench.debug.lastStop.text).toBe('The run stands at checkpoint "there".');
    }
  });

  it.each([undefined, 5])('brings back the course that the user has left (seed %s)', (seed) => {
    const bench = new Bench(seed === undefined ? {} : { seed });
    bench.seek(8_000);
    bench.mark(1);
    const there = bench.seek(12_000).split('\n').slice(0, 3);
    const waypoint = bench.waypoints.set(bench.debug.target, undefined, '');
    const behind = bench.seek(13_000).split('\n')[0];
    bench.chooseOther(606);
    const other = bench.seek(14_000);
    const branch = bench.waypoints.set(bench.debug.target, undefined, 'branch');
    expect(bench.debug.whereIs(waypoint)).toBe('other');
    bench.work(bench.debug.goToWaypoint(waypoint));
    expect(bench.seen().split('\n').slice(0, 3)).toEqual(there);
    expect(bench.debug.lastStop.text).toMatch(/as it was then, without .* goes on in/);
    // Both ways from there the run is what it was.
    expect(bench.seek(13_000).split('\n')[0]).toBe(behind);
    bench.seek(11_000);
    expect(bench.seek(12_000).split('\n').slice(0, 3)).toEqual(there);
    bench.work(bench.debug.goToWaypoint(branch));
    expect(bench.seen().split('\n').slice(0, 3)).toEqual(other.split('\n').slice(0, 3));
  });

  it('made right before a change is the run before the change', () => {
    const bench = new Bench();
    const there = bench.seek(12_000).split('\n').slice(0, 3);
    const waypoint = bench.waypoints.set(bench.debug.target, undefined, 'clean');
    bench.mark(1);
    bench.work(bench.debug.goToWaypoint(waypoint));
    expect(bench.seen().split('\n').slice(0, 3)).toEqual(there);
    expect(bench.debug.changesBefore).toEqual([]);
  });

  it('survives the machine: another one of the same run goes there', () => {
    const bench = new Bench();
    bench.seek(8_000);
    bench.mark(1);
    const there = bench.seek(12_000).split('\n').slice(0, 3);
    const waypoint = bench.waypoints.set(bench.debug.target, undefined, 'there');
    const again = new Bench();
    again.seek(14_000);
    again.work(again.debug.goToWaypoint(waypoint));
    expect(again.seen().split('\n').slice(0, 3)).toEqual(there);
  });

  it('that is given up on the way leaves the run where it was', () => {
    const bench = new Bench();
    bench.seek(14_000);
    const waypoint = bench.waypoints.set(bench.debug.target, undefined, 'there');
    bench.seek(2_000);
    bench.mark(1);
    const before = bench.seek(3_000).split('\n').slice(0, 3);
    const operation = bench.debug.goToWaypoint(waypoint);
    expect(operation.advance(500)).toBeUndefined();
    operation.interrupt();
    expect(bench.seen().split('\n').slice(0, 3)).toEqual(before);
    const later = bench.seek(9_000);
    bench.seek(2_500);
    expect(bench.seek(9_000)).toBe(later);
  });

  it('is named by its place, or as the user says, and found with a near miss', () => {
    const bench = new Bench();
    const { waypoints, debug } = bench;
    bench.work(debug.seekMoment({ anchor: 'fault_done', task: undefined, occurrence: 1 }));
    const task = debug.lastStop.task;
    expect(waypoints.set(debug.target, task, undefined).name).toBe('fault_done');
    expect(waypoints.set(debug.target, task, ' ').name).toBe('fault_done (2)');
    expect(waypoints.set(debug.target, task, 'mine').text).toMatch(
      / in do_page_fault .*, fault\.c:/,
    );
    bench.seek(3_000);
    expect(waypoints.set(debug.target, task, 'mine').position).toBe(3_000);
    expect(waypoints.all.map(({ name }) => name)).toEqual(['fault_done', 'fault_done (2)', 'mine']);
    expect(() => waypoints.find('mime')).toThrow(/no checkpoint "mime"/);
  });
});
