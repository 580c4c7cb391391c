/**
 * Traces as text and as Chrome trace events: odd cases written event by event, then recorded runs.
 */
import { describe, expect, it } from 'vitest';
import type { LockName } from '../../../src/kernel/lockNames.ts';
import { TRACE_SIGNAL } from '../../../src/kernel/traceRecorder.ts';
import { LEFT, TRACE } from '../../../src/machine/trace.ts';
import { formatChromeTrace } from '../../../src/view/chromeTrace.ts';
import { formatFtrace } from '../../../src/view/ftraceText.ts';
import { formatLockStat } from '../../../src/view/lockStatText.ts';
import { LockTally } from '../../../src/view/lockTally.ts';
import type { TracedRun } from '../../../src/view/tracedRun.ts';
import { brokenRules, pairSlices, type FileEvent } from '../../support/chromeTraceRules.ts';
import { prepare, shippedTree } from '../../support/preparedRun.ts';
import {
  enter,
  leave,
  record,
  TASK_A,
  TASK_B,
  tracedProgram,
  writtenTrace,
  type WrittenEvent,
} from '../../support/recordedRun.ts';

const START: WrittenEvent = { kind: TRACE.switch, ns: 0, task: TASK_A, a: 0, b: LEFT.idle };
const SEM: LockName = { name: 'mmap_sem', className: 'mmap_sem', isPageLock: false };

/** The lines of the trace without heading and end, without the columns before the duration. */
function bodyOf(run: TracedRun): string[] {
  return [...formatFtrace(run)]
    .join('')
    .split('\n')
    .filter((line) => /\S/.test(line) && !line.startsWith('#') && !line.startsWith(' ---'))
    .map((line) => line.replace(/^.*?-\d+ +\| /, '').replace(/ +/g, ' '));
}

function eventsOf(run: TracedRun): FileEvent[] {
  const text = [...formatChromeTrace(run)].join('');
  expect(brokenRules(text)).toEqual([]);
  return (JSON.parse(text) as { traceEvents: FileEvent[] }).traceEvents;
}

function slicesOf(run: TracedRun): unknown[] {
  return pairSlices(eventsOf(run)).map(({ name, ts, dur, args }) => [
    name,
    ts,
    dur,
    ...(args === undefined ? [] : [args]),
  ]);
}

const nestedInterrupts = writtenTrace(
  [
    START,
    enter(10, 'outer', 1000),
    { kind: TRACE.interruptEntry, ns: 20, a: 1 },
    enter(30, 'handler', 900),
    { kind: TRACE.interruptEntry, ns: 40, a: 2 },
    enter(50, 'inner', 800),
    leave(60, 'inner', 800),
    { kind: TRACE.interruptExit, ns: 70 },
    leave(80, 'handler', 900),
    { kind: TRACE.interruptExit, ns: 90 },
    leave(15_090, 'outer', 1000),
  ],
  20_000,
);

const killedInside = writtenTrace(
  [
    START,
    enter(10, 'outer', 1000),
    enter(20, 'inner', 900),
    { kind: TRACE_SIGNAL, ns: 25, a: 9, b: TASK_A },
    { kind: TRACE.exit, ns: 30, a: 9 },
    { kind: TRACE.switch, ns: 30, task: TASK_B, a: TASK_A, b: LEFT.exited },
    enter(40, 'outer', 2000, TASK_B),
  ],
  100,
);

const takenOver = writtenTrace(
  [START, enter(10, 'outer', 1000), enter(20, 'inner', 900), leave(40, 'outer', 1000)],
  50,
);

describe('a trace in the form of function_graph', () => {
  it('has time, CPU, task, duration and function in the columns that people know', () => {
    const text = [
      ...formatFtrace(
        writtenTrace(
          [START, enter(1_500_000_000, 'outer', 8), leave(1_500_012_345, 'outer', 8)],
          2e9,
        ),
      ),
    ].join('');
    expect(text).toMatchInlineSnapshot(`
      "# tracer: function_graph
      #
      # written; virtual time
      #
      #      TIME        CPU  TASK/PID             DURATION                  FUNCTION CALLS
      #       |          |     |    |               |   |                     |   |   |   |
       ------------------------------------------
        0)      <idle>-0      =>       a-101
       ------------------------------------------

          1.500000000 |   0)       a-101        | + 12.345 us    |   outer();
      # The run ended at 2.000000000; calls without a closing brace had not returned.
      "
    `);
  });

  it('nests interrupts in what they interrupt, with markers', () => {
    expect(bodyOf(nestedInterrupts)).toMatchInlineSnapshot(`
      [
        " 0) <idle>-0 => a-101",
        " | outer() {",
        "==========> | /* disk interrupt */",
        " | handler() {",
        "==========> | /* timer interrupt */",
        " 0.010 us | inner();",
        "<========== |",
        " 0.050 us | } /* handler */",
        "<========== |",
        "+ 15.080 us | } /* outer */",
      ]
    `);
  });

  it('leaves the calls of a killed task open', () => {
    expect(bodyOf(killedInside)).toMatchInlineSnapshot(`
      [
        " 0) <idle>-0 => a-101",
        " | outer() {",
        " | inner() {",
        " | /* signal_generate: sig=9 comm=a pid=101 */",
        " | /* sched_process_exit: comm=a pid=101 */",
        " | /* sched_switch: prev_comm=a prev_pid=101 prev_state=X ==> next_comm=b next_pid=102 */",
        " 0) a-101 => b-102",
        " | outer() {",
      ]
    `);
  });

  it('goes on at the right depth when a frame went without a return', () => {
    expect([...formatFtrace(takenOver)].at(-2)).toMatch(/ 0\.030 us {5}\| {3}} \/\* outer \*\/\n$/);
  });

  it('says how long a task slept, a lock was waited for and held', () => {
    const run = writtenTrace(
      [
        START,
        { kind: TRACE.wait, ns: 10, a: 64, b: 2, lock: SEM },
        { kind: TRACE.switch, ns: 20, task: TASK_B, a: TASK_A, b: LEFT.asleep },
        { kind: TRACE.acquire, ns: 5020, task: TASK_A, a: 64, b: 2, lock: SEM },
        { kind: TRACE.wake, ns: 5020, task: TASK_A, a: TASK_B },
        { kind: TRACE.switch, ns: 6020, task: TASK_A, a: TASK_B, b: LEFT.exited },
        { kind: TRACE.drop, ns: 7020, a: 64, b: 2, lock: SEM },
      ],
      8000,
    );
    expect(bodyOf(run).filter((line) => line.includes('/*'))).toMatchInlineSnapshot(`
      [
        " | /* lock_contended: mmap_sem (write) */",
        " | /* sched_switch: prev_comm=a prev_pid=101 prev_state=D ==> next_comm=b next_pid=102 */",
        " | /* lock_acquired: mmap_sem (write) by a waited 5.01 µs */",
        " | /* sched_wakeup: comm=a pid=101 target_cpu=000 */",
        " | /* sched_switch: prev_comm=b prev_pid=102 prev_state=X ==> next_comm=a next_pid=101 */",
        " | /* slept 6 µs */",
        " | /* lock_release: mmap_sem (write) held 2 µs */",
      ]
    `);
  });
});

describe('a trace as Chrome trace events', () => {
  it('nests interrupts in what they interrupt', () => {
    expect(slicesOf(nestedInterrupts)).toEqual([
      ['outer', 0.01, 15.08],
      ['handler', 0.03, 0.05],
      ['inner', 0.05, 0.01],
    ]);
  });

  it('puts calls without duration into the one around them, one behind the other', () => {
    const run = writtenTrace(
      [
        START,
        enter(10, 'outer', 1000),
        enter(20, 'handler', 900),
        enter(20, 'inner', 800),
        leave(20, 'inner', 800),
        leave(20, 'handler', 900),
        leave(20, 'outer', 1000),
      ],
      100,
    );
    const steps = eventsOf(run).filter(({ ph }) => ph === 'B' || ph === 'E');
    expect(steps.map(({ ph, name }) => `${ph} ${name}`)).toEqual([
      ...['B outer', 'B handler', 'E handler', 'B inner', 'E inner', 'E outer'],
    ]);
  });

  it('ends the calls of a killed task with the task, those of others with the run', () => {
    const unfinished = { unfinished: true };
    expect(slicesOf(killedInside)).toEqual([
      ['outer', 0.01, 0.02, unfinished],
      ['inner', 0.02, 0.01, unfinished],
      ['outer', 0.04, 0.06, unfinished],
    ]);
    const marks = eventsOf(killedInside).filter(({ ph }) => ph === 'i');
    expect(marks.map(({ name }) => name)).toEqual(['signal 9', 'exit']);
  });

  it('says that it is not whole', () => {
    const run = record(prepare('cold-fault', shippedTree('patched')), 'all', 50);
    expect([...formatChromeTrace(run)][0]).toContain(
      '"incomplete":"The trace is full: it has the first 50 events',
    );
  });

  const cases = [
    ['cold-fault-with-mmap', 'unpatched', {}],
    ['cold-fault-with-mmap', 'patched', {}],
    ['disk-error', 'patched', {}],
    ['beyond-the-end', 'patched', {}],
    ['two-loaders', 'patched', { seed: 7 }],
    ['munmap-in-the-wait', 'unpatched', { seed: 3 }],
  ] as const;
  it.each(cases)('keeps the rules of the format: %s on %s %o', (scenario, kernel, more) => {
    const run = record(prepare(scenario, shippedTree(kernel), more), 'all');
    expect(brokenRules([...formatChromeTrace(run)].join(''))).toEqual([]);
  });
});

describe('the rules of Chrome trace events', () => {
  const good = [...formatChromeTrace(nestedInterrupts)].join('');
  const broken = [
    ['a slice that ends out of turn', '"ph":"E","name":"inner"', '"ph":"E","name":"handler"'],
    ['a slice that does not end', '"ph":"E","name":"inner"', '"ph":"B","name":"inner"'],
    ['a slice that ends twice', '"ph":"B","name":"inner"', '"ph":"E","name":"inner"'],
    ['an end with other arguments', '"ph":"E",', '"ph":"E","args":{},"args":{"in":"inner"},'],
    ['times out of order', '"ts":0.05', '"ts":0.001'],
    ['a row without a name', '"name":"thread_name"', '"name":"thread_sort_index"'],
    ['slices without duration in each other', /"ts":0\.0[0-9]/g, '"ts":0.08'],
  ] as const;
  it.each(broken)('name %s', (_, from, to) => {
    const bad = good.replaceAll(from, to);
    expect(bad).not.toBe(good);
    expect(brokenRules(bad)).not.toEqual([]);
  });
});

describe('lock statistics', () => {
  it('count waits, holds and places by class and mode', () => {
    const tally = new LockTally();
    const place = tracedProgram.functions[0]?.entry ?? 0;
    const note = (
      kind: typeof TRACE.wait | typeof TRACE.acquire | typeof TRACE.drop,
      ns: number,
      task: number,
      mode: number,
      cpu = 0,
    ): void => {
      tally.note({ kind, ns, task, cpu, position: 0, a: 64, b: mode, c: place + 16 }, SEM);
    };
    note(TRACE.acquire, 1000, TASK_A, 1);
    note(TRACE.wait, 2000, TASK_B, 2, 1);
    note(TRACE.drop, 5000, TASK_A, 1);
    note(TRACE.acquire, 5000, TASK_B, 2, 1);
    note(TRACE.drop, 5500, TASK_B, 2, 1);
    note(TRACE.acquire, 6000, TASK_A, 1);
    const text = formatLockStat(tracedProgram, tally.finish(6250));
    expect(text.replace(/ +/g, ' ').replace(/-{5,}/g, '---')).toMatchInlineSnapshot(`
      "lock_stat version 0.3
      ---
       class name con-bounces contentions waittime-min waittime-max waittime-total acq-bounces acquisitions holdtime-min holdtime-max holdtime-total
      ---

       mmap_sem-W: 1 1 3.00 3.00 3.00 1 1 0.50 0.50 0.50
       mmap_sem-R: 0 0 0.00 0.00 0.00 1 2 0.25 4.00 4.25
       ---
       mmap_sem 1 [<f0000080>] outer+0x0/0x20
       ---
       mmap_sem 1 [<f0000080>] outer+0x0/0x20

      "
    `);
  });
});
