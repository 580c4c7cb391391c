// What the record of a run costs: the run itself, looks at other moments, the timeline's drawing, and a stop.
//
//   node scripts/bench/record.ts        a table; `npm run bench -- record` runs it among the others
//
// Runs with and without the record are made in turn in one process, and the least of each stand beside each other; the first
// warm up. Times are CPU times of this process where a single stretch is long enough, so that other work on the machine
// counts as little as possible. What is asked of a session is the median of many requests, from sending one to its answer.
import { performance } from 'node:perf_hooks';
import { createSession } from '../../src/adapter/createSession.ts';
import { buildState, toTarget } from '../../src/adapter/launch.ts';
import { RunTimeline } from '../../src/adapter/runTimeline.ts';
import { SourceCatalog } from '../../src/adapter/sourceCatalog.ts';
import { Debugger } from '../../src/debugger/debugger.ts';
import type { Operation } from '../../src/debugger/operation.ts';
import { loadBuiltInScenario } from '../../src/scenario/catalog.ts';
import { placeFiles } from '../../src/scenario/fileContent.ts';
import { loadKernelTree } from '../../src/scenario/kernelTree.ts';
import { prepareRun, type PreparedRun } from '../../src/scenario/prepareRun.ts';
import type { PanelState } from '../../src/view/panelState.ts';
import { createTestHost } from '../../test/support/adapterHost.ts';
import { DapClient } from '../../test/support/dapClient.ts';
import { media } from '../../test/support/nodeMedia.ts';
import { medianOf, type PromisedBenchmark } from './support/benchmark.ts';

const SLICE = 100_000;
const ROUNDS = 12;
const REQUESTS = 60;
const EVENTS = 100_000;
const BOUND_MS = 10;
/** Virtual time of the long run: so many events that the bound speaks of them. */
const LONG_NS = 1_000_000_000;

/** Which run, for how long. */
interface Chosen {
  readonly scenario: string;
  readonly durationNs?: number;
}

const SHORT: Chosen = { scenario: 'cold-fault-with-mmap' };
const LONG: Chosen = { scenario: 'benchmark-2010', durationNs: LONG_NS };

/** Loaded once, so that the kernel is compiled once. */
const { tree } = loadKernelTree(media, 'patched');

function prepare({ scenario: name, durationNs }: Chosen): PreparedRun {
  const { scenario, programs } = loadBuiltInScenario(media, name);
  if (scenario === undefined || tree === undefined) throw new Error(`${name} cannot be loaded.`);
  const parameters = durationNs === undefined ? {} : { durationNs };
  const { run } = prepareRun({ scenario, programs, tree, parameters });
  if (run === undefined) throw new Error(`${name} cannot be prepared.`);
  return run;
}

/** A run under the debugger at its start. */
interface Session {
  readonly run: PreparedRun;
  readonly debug: Debugger;
  readonly timeline: RunTimeline | undefined;
}

function start(chosen: Chosen, isRecorded: boolean): Session {
  const run = prepare(chosen);
  const debug = new Debugger(toTarget(run));
  const files = placeFiles(run.data.files ?? []);
  return { run, debug, timeline: isRecorded ? new RunTimeline(debug, files) : undefined };
}

function finish(operation: Operation): void {
  while (operation.advance(SLICE) === undefined);
}

/** CPU time of going to the end, in milliseconds. */
function timeToEnd({ debug }: Session): number {
  const before = process.cpuUsage();
  finish(debug.seekPosition(Number.MAX_SAFE_INTEGER));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Milliseconds of a run with and without the record. */
interface Pair {
  readonly recorded: number;
  readonly plain: number;
}

const pairs = new Map<Chosen, Pair>();

function measurePair(chosen: Chosen, rounds: number): Pair {
  const known = pairs.get(chosen);
  if (known !== undefined) return known;
  const recorded: number[] = [];
  const plain: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    // Whoever comes second finds a warmer host.
    const order = round % 2 === 0 ? [true, false] : [false, true];
    for (const isRecorded of order) {
      const ms = timeToEnd(start(chosen, isRecorded));
      if (round > 0) (isRecorded ? recorded : plain).push(ms);
    }
  }
  const pair = { recorded: Math.min(...recorded), plain: Math.min(...plain) };
  pairs.set(chosen, pair);
  return pair;
}

/** Numbers from 0 to 1, the same in every run. */
function* randomNumbers(): Generator<number, never> {
  for (let state = 1; ;) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    yield state / 2 ** 32;
  }
}

/** The median of the milliseconds of some work; what is done first warms up. */
async function medianTime(work: (index: number) => unknown): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < REQUESTS * 2; index += 1) {
    const before = performance.now();
    await work(index);
    if (index >= REQUESTS) times.push(performance.now() - before);
  }
  return medianOf(times);
}

let asked: Promise<{ readonly peek: number; readonly state: number }> | undefined;

/** Looks at random moments of a run that stands at its end, and the state of the place where it stands. */
async function measurePeek(): Promise<{ readonly peek: number; readonly state: number }> {
  const client = new DapClient(createSession(createTestHost()));
  await client.start(SHORT);
  await client.ask('faultline/seek', { position: 1_000_000 });
  const { state } = (await client.ask('faultline/state')) as { state: PanelState };
  const random = randomNumbers();
  const peek = await medianTime(() =>
    client.ask('faultline/peek', { position: Math.floor(random.next().value * state.position) }),
  );
  return { peek, state: await medianTime(() => client.ask('faultline/state')) };
}

let longSession: Session | undefined;

/** The long run at its end, recorded. */
function atEndOfLong(): Session & { readonly timeline: RunTimeline } {
  if (longSession === undefined) {
    longSession = start(LONG, true);
    timeToEnd(longSession);
  }
  const { timeline } = longSession;
  if (timeline === undefined) throw new Error('Nothing is recorded.');
  const { events } = timeline.lanes();
  if (events < EVENTS) throw new Error(`The long run has ${String(events)} events.`);
  return { ...longSession, timeline };
}

function measureStop(): Promise<number> {
  const { run, debug, timeline } = atEndOfLong();
  const target = toTarget(run);
  const catalog = new SourceCatalog(createTestHost(), 'uri');
  return medianTime((index) => {
    timeline.lanes();
    return buildState(run, target, catalog, debug.lastStop, index);
  });
}

/** All benchmarks of the record. */
export const benchmarks: readonly PromisedBenchmark[] = [
  {
    name: 'record: cold-fault-with-mmap to its end, recorded beside not recorded',
    unit: 'ms',
    ours: () => Promise.resolve(measurePair(SHORT, ROUNDS * 3).recorded),
    peer: () => Promise.resolve(measurePair(SHORT, ROUNDS * 3).plain),
  },
  {
    name: 'record: benchmark-2010 for a second, recorded beside not recorded',
    unit: 'ms',
    ours: () => Promise.resolve(measurePair(LONG, ROUNDS).recorded),
    peer: () => Promise.resolve(measurePair(LONG, ROUNDS).plain),
  },
  {
    name: 'record: peek at a random moment, beside the state at a stop',
    unit: 'ms',
    ours: async () => (await (asked ??= measurePeek())).peek,
    peer: async () => (await (asked ??= measurePeek())).state,
  },
  {
    name: 'record: the timeline of 100,000 events, 1200 pixels, beside the bound',
    unit: 'ms',
    ours: () => {
      const { timeline } = atEndOfLong();
      return medianTime(() => timeline.draw({ max: 1200 }));
    },
    peer: () => Promise.resolve(BOUND_MS),
  },
  {
    name: 'record: what a stop adds at 100,000 events, beside the bound',
    unit: 'ms',
    ours: measureStop,
    peer: () => Promise.resolve(BOUND_MS),
  },
];

if (import.meta.main) {
  for (const { name, ours, peer, unit } of benchmarks) {
    const [one, other] = [await ours(), await peer()];
    const ratio = (one / other).toFixed(3);
    console.log(
      `${name.padEnd(82)} ${one.toFixed(3)} ${unit}  peer ${other.toFixed(3)} ${unit}  x${ratio}`,
    );
  }
}
