// A debug session at the end of a million steps, as a client sees it: from a request to the `stopped` event, over stdio, with one
// client for our adapter and for lldb's, which debugs a native program of the same shape. And without stdio, as the
// extension has it, but outside of VS Code; in VS Code itself the in-host suite (test/e2e/inHost) tells the times of steps.
//
//   npm run bench -- session
//
// Ours stands in the map-loop of benchmark-2010, more than 1,000,000 instructions into the run; checks, rules and the past are on,
// the state of the panel is sent at each stop. The steps are what comes: statements of the kernel and instructions of the task
// whose system calls are stepped over. None of them lasts until a read from the disk is over: nobody bounds that. The other one
// stands in a loop of C that gcc has compiled without optimization (stepping.c). Ours makes some thousand steps before the
// first that counts, as a long session has. The sessions are measured in turn, several times; a figure is the median of these.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../paths.mjs';
import { ensureTools } from '../systemTools.mjs';
import { connectToProcess } from './support/adapterClient.mjs';
import { withBundle } from './support/bundle.mjs';
import { cli, median, programs, runNode } from './support/measure.mjs';
import { goFar, NATIVE, OURS, quantile, timeSteps } from './support/sessionTimes.mjs';

const SCENARIO = 'benchmark-2010';
const ROUNDS = 3;
/** What the names of the benchmarks promise, in milliseconds. */
const SHARE_OF_A_STEP = 5;

async function timeOurs() {
  const client = connectToProcess(process.execPath, [cli, 'dap']);
  try {
    return await timeSteps(client, await goFar(client, { scenario: SCENARIO }), OURS);
  } finally {
    client.close();
  }
}

/** lldb's adapter, by the names that it has had; installed if it is missing and can be. */
function findLldb() {
  const names = ['lldb-vscode', 'lldb-vscode-14', 'lldb-dap', 'lldb-dap-19'];
  const find = () => names.find(isOnPath);
  if (find() === undefined) ensureTools(['lldb']);
  return find();
}

function isOnPath(name) {
  return (process.env['PATH'] ?? '').split(path.delimiter).some((folder) => {
    try {
      accessSync(path.join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

async function timeLldb(adapter, program) {
  const client = connectToProcess(adapter, []);
  try {
    await client.ask('initialize', { adapterID: 'lldb', clientID: 'bench', pathFormat: 'path' });
    const initialized = client.waitFor('initialized');
    const stopped = client.waitFor('stopped');
    const launched = client.ask('launch', { program });
    await initialized;
    await client.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'add_mapping' }] });
    await client.ask('configurationDone');
    await launched;
    const { threadId } = await stopped;
    await client.ask('setFunctionBreakpoints', { breakpoints: [] });
    return await timeSteps(client, threadId, NATIVE);
  } finally {
    client.close();
  }
}

/** The series of all rounds, of both. Without gcc or lldb there are only ours, and a word about it. */
async function measureSessions() {
  const folder = mkdtempSync(path.join(tmpdir(), 'faultline-bench-'));
  const rounds = { ours: [], lldb: [] };
  try {
    const program = path.join(folder, 'stepping');
    const adapter = buildNative(program);
    for (let round = 0; round < ROUNDS; round += 1) {
      rounds.ours.push(await timeOurs());
      if (adapter !== undefined) rounds.lldb.push(await timeLldb(adapter, program));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return rounds;
}

/** Compiles the native program; the adapter to debug it with. */
function buildNative(program) {
  try {
    const gcc = spawnSync('gcc', ['-g', '-O0', '-o', program, path.join(programs, 'stepping.c')]);
    if (gcc.status !== 0) throw new Error('gcc cannot compile stepping.c.');
    return findLldb();
  } catch (error) {
    console.error(`No sessions of lldb beside ours: ${error.message}`);
    return undefined;
  }
}

let sessions;

/** The median of all rounds; `NaN` where there are none. */
async function figure(side, series, part) {
  sessions ??= measureSessions();
  const rounds = (await sessions)[side];
  return rounds.length === 0 ? NaN : median(rounds.map((times) => quantile(times[series], part)));
}

let inline;

function inlineFigure(series, part) {
  inline ??= withBundle('inlineSession.mjs', (script) =>
    Array.from({ length: ROUNDS }, () =>
      JSON.parse(runNode(script, path.join(root, 'media'), SCENARIO)),
    ),
  );
  return median(inline.map((times) => quantile(times[series], part)));
}

let hotLine;

/** A run past breakpoints that never stop, beside the run without them. */
function hotLineFigure(kind) {
  hotLine ??= withBundle('hotLine.mjs', (script) =>
    JSON.parse(runNode(script, path.join(root, 'media'), SCENARIO)),
  );
  return hotLine[kind];
}

const besidePlainRun = (name, kind) => ({
  name: `session: ${name}, beside none`,
  ours: () => hotLineFigure(kind),
  peer: () => hotLineFigure('plain'),
  unit: 'ms',
});

const besideLldb = (name, series, part) => ({
  name: `session: ${name}, beside lldb`,
  ours: () => figure('ours', series, part),
  peer: () => figure('lldb', series, part),
  unit: 'ms',
});

export const benchmarks = [
  besideLldb('next (p50, bound 0.5 ms)', 'next', 0.5),
  besideLldb('next (p95, bound 2 ms)', 'next', 0.95),
  besideLldb('next with stack, scopes, variables (p50, bound 1 ms)', 'nextAndLook', 0.5),
  besideLldb('the same (p95)', 'nextAndLook', 0.95),
  besideLldb('stepIn (p50)', 'stepIn', 0.5),
  {
    name: 'session: stepBack (p50, bound x2), beside next',
    ours: () => figure('ours', 'stepBack', 0.5),
    peer: () => figure('ours', 'next', 0.5),
    unit: 'ms',
  },
  {
    name: 'session: stepBack (p95), beside next',
    ours: () => figure('ours', 'stepBack', 0.95),
    peer: () => figure('ours', 'next', 0.95),
    unit: 'ms',
  },
  {
    name: 'session: next with stack, scopes, variables inline, as in the extension (p50), beside the bound',
    ours: () => inlineFigure('nextAndLook', 0.5),
    peer: () => SHARE_OF_A_STEP,
    unit: 'ms',
  },
  {
    name: 'session: the same (p95)',
    ours: () => inlineFigure('nextAndLook', 0.95),
    peer: () => SHARE_OF_A_STEP,
    unit: 'ms',
  },
  besidePlainRun('a false condition that is met 2000 times', 'condition'),
  besidePlainRun('20 false conditions that are met 2000 times', 'twenty'),
  besidePlainRun('a log point that prints 2000 lines', 'log'),
];
