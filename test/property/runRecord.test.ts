/**
 * The live record of a session: however one walks through a run, it is the record of a run that goes straight to the
 * same place; and recording changes nothing that is modelled.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/base/errors.ts';
import type { DebugStop } from '../../src/debugger/debugStop.ts';
import { Debugger } from '../../src/debugger/debugger.ts';
import type { Operation } from '../../src/debugger/operation.ts';
import { RunRecorder } from '../../src/debugger/runRecorder.ts';
import { Waypoints } from '../../src/debugger/waypoints.ts';
import { USER_EBX } from '../../src/machine/userCpu.ts';
import { RunRecord } from '../../src/view/timeline/runRecord.ts';
import { prepare, shippedTree } from '../support/preparedRun.ts';
import { laneSource } from '../support/recordedLanes.ts';

const FARTHEST = 30_000;

/** A debugger whose run is recorded. */
class Session {
  readonly debug: Debugger;
  readonly record: RunRecord;
  readonly recorder: RunRecorder;
  readonly waypoints = new Waypoints();
  private readonly run;

  constructor(scenario: string, more: { readonly schedule?: string } = {}) {
    this.run = prepare(scenario, shippedTree('patched'), more);
    const { machine, program, entries, readers, kernelTasks } = this.run;
    const tasks = this.run.tasks.map(({ id, name, program: { lines, labels } }) => ({
      id,
      name,
      program: { lines, labels },
    }));
    this.debug = new Debugger(
      { machine, program, entries, readers, tasks, kernelTasks },
      3_000_000,
    );
    this.record = new RunRecord(laneSource(this.run));
    this.recorder = new RunRecorder(this.debug, this.record);
  }

  get machine() {
    return this.run.machine;
  }

  get tasks() {
    return this.run.tasks;
  }

  work<Result = DebugStop>(operation: Operation<Result>, giveUpAfter = Infinity): Result {
    for (let slices = 0; ; slices += 1) {
      const stop = operation.advance(1000);
      if (stop !== undefined) return stop;
      if (slices >= giveUpAfter) return operation.interrupt();
    }
  }

  /** The events, and what the lanes are made of. */
  seen() {
    const { buffer } = this.record.trace;
    const events = Array.from({ length: buffer.length }, (_, index) => buffer.at(index));
    const { rev, ...lanes } = this.record.lanes();
    expect(rev).toBeGreaterThan(0);
    return { events, lanes };
  }
}

/** One thing that a user does, by two numbers. */
function act(session: Session, what: number, which: number): void {
  const { debug, machine, tasks, waypoints } = session;
  const task = tasks[which % tasks.length]?.id ?? tasks[0]?.id;
  if (task === undefined) return;
  const acts: readonly (() => void)[] = [
    () => session.work(debug.seekPosition(which % FARTHEST)),
    () => session.work(debug.seekPosition(which % FARTHEST), which % 7),
    () => session.work(debug.stepBack(task)),
    () => session.work(debug.step('into', task)),
    () => session.work(debug.step('over', task), which % 5),
    () => session.work(debug.moment('next')),
    () => session.work(debug.moment('previous')),
    () => {
      debug.intervene({ kind: 'register', task, register: USER_EBX, value: which % 9 });
      debug.standAgain();
    },
    () => {
      debug.intervene({ kind: 'signal', task, signal: 9 });
      debug.standAgain();
    },
    () => session.work(debug.undo()),
    () => {
      const choices = machine.choices();
      const choice = choices[which % Math.max(1, choices.length)];
      if (choice !== undefined) debug.choose(choice.choice);
    },
    () => session.work(debug.switchTo(task)),
    () => session.work(debug.runUntilBlocked(task), 20),
    () => {
      waypoints.set(debug.target, task, `w${String(which % 3)}`);
    },
    () => {
      const waypoint = waypoints.all[which % Math.max(1, waypoints.all.length)];
      if (waypoint !== undefined) session.work(debug.goToWaypoint(waypoint), which % 11);
    },
    () => {
      session.work(debug.compare({ since: 'last', at: 'time' }, () => machine.position));
    },
  ];
  try {
    acts[what % acts.length]?.();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
}

describe.each(['cold-fault-with-mmap', 'kill-in-the-wait'])('the record of %s', (scenario) => {
  it('is that of a run that goes straight there', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: 15 }), fc.nat({ max: 1_000_000 })), {
          minLength: 1,
          maxLength: 14,
        }),
        (walk) => {
          const session = new Session(scenario);
          for (const [what, which] of walk) act(session, what, which);
          const { lastPosition } = session.record;
          const { position } = session.recorder.reach;
          // A moment at the very place is told of once the run goes on or stops at it.
          const end = Math.max(position, lastPosition, session.machine.position) + 1;
          session.work(session.debug.seekPosition(end));
          const fresh = new Session(scenario, { schedule: session.machine.schedule() });
          fresh.work(fresh.debug.seekPosition(end));
          expect(session.seen()).toEqual(fresh.seen());
          expect(session.machine.stateHash()).toBe(fresh.machine.stateHash());
        },
      ),
      { numRuns: 10, seed: 20_101_005 },
    );
  });
});

it('recording changes no state and no clock', () => {
  const recorded = new Session('cold-fault-with-mmap');
  const plain = prepare('cold-fault-with-mmap', shippedTree('patched'));
  for (let position = 500; position < 43_000; position += 1777) {
    recorded.work(recorded.debug.seekPosition(position));
    plain.machine.run({ budget: Infinity, breakpoints: false, untilPosition: position });
    expect(recorded.machine.stateHash()).toBe(plain.machine.stateHash());
    expect(recorded.machine.nowNs()).toBe(plain.machine.nowNs());
  }
});
