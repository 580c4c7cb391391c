// How fast the past is: keeping and restoring a state, going back one source step, and what a run costs that
// can go back, beside one that cannot.
//
//   node scripts/bench/history.ts        a table; `npm run bench` runs it among the others
//
// The run has 10,000,000 instructions: two tasks that read random pages and sleep on the disk, and one that
// maps and unmaps memory meanwhile. Times are CPU times of this process where a single stretch is measured, so
// that other work on the machine counts as little as possible, and medians otherwise.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { Debugger } from '../../src/debugger/debugger.ts';
import type { Operation } from '../../src/debugger/operation.ts';
import type { Machine } from '../../src/machine/machine.ts';
import { withPrograms } from '../../src/scenario/catalog.ts';
import { loadKernelTree } from '../../src/scenario/kernelTree.ts';
import type { MediaFiles } from '../../src/scenario/mediaFiles.ts';
import { prepareRun, type PreparedRun } from '../../src/scenario/prepareRun.ts';
import type { Benchmark } from './support/benchmark.ts';

const LENGTH = 10_000_000;
const SLICE = 100_000;
const STEPS = 400;
const BOUND_MEGABYTES = 256;
const BOUND_MS = 5;

const SCENARIO = `{
  "version": 1,
  "title": "A long run with sleeps",
  "machine": { "cpus": 2, "preset": "paper" },
  "files": [{ "name": "data.bin", "pages": 512, "content": "pattern" }],
  "processes": [
    {
      "name": "demo",
      "maps": [
        {
          "name": "data", "file": "data.bin", "pages": 512, "prot": "r", "flags": "private", "advice": "random",
        },
      ],
    },
  ],
  "tasks": [
    { "name": "reader", "process": "demo", "cpu": 0, "program": "reader.task.s" },
    { "name": "other-reader", "process": "demo", "cpu": 0, "program": "reader.task.s" },
    { "name": "map-loop", "process": "demo", "cpu": 1, "program": "map-loop.task.s" },
  ],
  "duration": 4000000000,
  "expect": { "*": { "outcome": "completed" } },
}`;

/** Loads a byte of each page once before the first one comes again. */
const READER = `
        xorl    %ecx, %ecx                    # page = 0;
iteration:                                    # for (;;) {
        movl    %ecx, %eax
        shll    $12, %eax
        movzbl  data(%eax), %ebx              #     byte = data[page * 4096];
        leal    1(%ecx, %ecx, 4), %ecx        #     page = (5 * page + 1) % 512;
        andl    $511, %ecx
        jmp     iteration                     # }
`;

const mediaFolder = path.join(import.meta.dirname, '../../media');
const media: MediaFiles = {
  read: (name) => readFileSync(path.join(mediaFolder, name), 'utf8'),
  list: (prefix) =>
    readdirSync(mediaFolder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) =>
        path.relative(mediaFolder, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'),
      )
      .filter((name) => name.startsWith(prefix)),
};

/** A run that stands at its start. */
function prepare(): PreparedRun {
  const { tree } = loadKernelTree(media, 'patched');
  const { scenario, programs } = withPrograms({ path: 'long.jsonc', text: SCENARIO }, (name) => ({
    path: name,
    text:
      name === 'reader.task.s'
        ? READER
        : readFileSync(path.join(mediaFolder, 'scenarios', name), 'utf8'),
  }));
  if (tree === undefined || scenario === undefined) throw new Error('The long run is not loaded.');
  const { run } = prepareRun({ scenario, programs, tree });
  if (run?.bootStop !== undefined || run === undefined) {
    throw new Error('The long run does not start.');
  }
  return run;
}

function debug({ machine, program, entries, readers, tasks, kernelTasks }: PreparedRun): Debugger {
  return new Debugger({
    machine,
    program,
    entries,
    readers,
    tasks: tasks.map(({ id, name, program: { lines, labels } }) => ({
      id,
      name,
      program: { lines, labels },
    })),
    kernelTasks,
  });
}

function finish(operation: Operation): void {
  while (operation.advance(SLICE) === undefined);
}

/** CPU time of some work, in milliseconds. */
function timeOf(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}

/** Numbers from 0 to 1, the same in every run. */
function* randomNumbers(): Generator<number, never> {
  for (let state = 1; ;) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    yield state / 2 ** 32;
  }
}

/** What a measurement of the long run gave; measured once. */
interface LongRun {
  /** Milliseconds of each step back, and of running from the start to where it began. */
  readonly back: readonly number[];
  readonly fromStart: readonly number[];
  readonly megabytes: number;
}

let longRun: LongRun | undefined;

function measureLongRun(): LongRun {
  if (longRun !== undefined) return longRun;
  const run = prepare();
  const { machine } = run;
  const debugged = debug(run);
  finish(debugged.seekPosition(LENGTH));
  if (machine.position !== LENGTH) throw new Error('The long run ends too early.');
  const megabytes = machine.checkpointBytes / 1e6;
  const random = randomNumbers();
  let back: number[] = [];
  // The first round warms up.
  for (let round = 0; round < 2; round += 1) {
    back = Array.from({ length: STEPS }, (_, index) => {
      finish(debugged.seekPosition(Math.floor(random.next().value * LENGTH)));
      const task = run.tasks[index % run.tasks.length]?.id;
      if (task === undefined) throw new Error('The long run has no task.');
      return timeOf(() => {
        finish(debugged.stepBack(task));
      });
    });
  }
  const start = prepare().machine;
  const origin = start.takeCheckpoint();
  const fromStart = Array.from({ length: 12 }, () => {
    start.restore(origin);
    const untilPosition = Math.floor(random.next().value * LENGTH);
    return timeOf(() => start.run({ budget: Infinity, breakpoints: false, untilPosition }));
  });
  longRun = { back, fromStart, megabytes };
  return longRun;
}

/** Milliseconds of the long run with and without a past; the best of some, in turn. */
let runs: { readonly withPast: number; readonly without: number } | undefined;

function measureRuns(): { readonly withPast: number; readonly without: number } {
  if (runs !== undefined) return runs;
  let withPast = Infinity;
  let without = Infinity;
  for (let round = 0; round < 7; round += 1) {
    const { machine } = prepare();
    const request = { budget: Infinity, breakpoints: true, untilPosition: LENGTH };
    without = Math.min(
      without,
      timeOf(() => machine.run(request)),
    );
    const debugged = debug(prepare());
    withPast = Math.min(
      withPast,
      timeOf(() => {
        finish(debugged.seekPosition(LENGTH));
      }),
    );
  }
  runs = { withPast, without };
  return runs;
}

/** The median of the microseconds that some work takes, measured one by one. */
function medianMicroseconds(count: number, prepareOne: () => void, work: () => void): number {
  const times = Array.from({ length: count }, () => {
    prepareOne();
    const start = performance.now();
    work();
    return (performance.now() - start) * 1000;
  });
  return quantile(times.slice(count >> 1), 0.5);
}

function runOn(machine: Machine): void {
  machine.run({ budget: 50, breakpoints: false });
}

/** Keeping a state of the running scenario and going back to it, each a few instructions later. */
function measureSnapshot(): number {
  const { machine } = prepare();
  machine.run({ budget: 200_000, breakpoints: false });
  let checkpoint = machine.takeCheckpoint();
  const take = medianMicroseconds(
    20_000,
    () => {
      machine.release(checkpoint);
      runOn(machine);
    },
    () => {
      checkpoint = machine.takeCheckpoint();
    },
  );
  const restore = medianMicroseconds(
    20_000,
    () => {
      runOn(machine);
    },
    () => {
      machine.restore(checkpoint);
    },
  );
  return take + restore;
}

/** The same with a plain copy of the image, there and back. */
function measureCopies(): number {
  const { machine } = prepare();
  const image = new Uint8Array(machine.image);
  const copy = new Uint8Array(image.length);
  const nothing = (): void => undefined;
  const there = medianMicroseconds(100, nothing, () => {
    copy.set(image);
  });
  const back = medianMicroseconds(100, nothing, () => {
    image.set(copy);
  });
  return there + back;
}

export const benchmarks: readonly Benchmark[] = [
  {
    name: 'history: keep and restore a state, beside copying the image there and back',
    ours: measureSnapshot,
    peer: measureCopies,
    unit: 'us',
  },
  {
    name: 'history: one step back in a run of 1e7 (median), beside a run from the start',
    ours: () => quantile(measureLongRun().back, 0.5),
    peer: () => quantile(measureLongRun().fromStart, 0.5),
    unit: 'ms',
  },
  {
    name: 'history: one step back in a run of 1e7 (p95), beside the bound',
    ours: () => quantile(measureLongRun().back, 0.95),
    peer: () => BOUND_MS,
    unit: 'ms',
  },
  {
    name: 'history: a run of 1e7 that can go back, beside one that cannot',
    ours: () => measureRuns().withPast,
    peer: () => measureRuns().without,
    unit: 'ms',
  },
  {
    name: 'history: memory of the past of 1e7 instructions, beside the bound',
    ours: () => measureLongRun().megabytes,
    peer: () => BOUND_MEGABYTES,
    unit: 'MB',
  },
];

if (import.meta.main) {
  for (const { name, ours, peer, unit } of benchmarks) {
    const [one, other] = [ours(), peer()];
    const ratio = (one / other).toFixed(3);
    console.log(
      `${name.padEnd(82)} ${one.toFixed(3)} ${unit}  peer ${other.toFixed(3)} ${unit}  x${ratio}`,
    );
  }
}
