// A debug session far into a run, step by step: what every adapter is measured with.
//
// Answers are milliseconds, one for each step. The steps of a series follow one another, wherever they lead.
import { performance } from 'node:perf_hooks';

const STEPS = 400;
const POSITION = 1_000_000;

/** What ours is asked for: after that many steps the engine that runs it has compiled what a long session needs. */
export const OURS = { warmUp: 3000, canGoBack: true };
/** lldb's adapter is compiled already, and does not go back. */
export const NATIVE = { warmUp: 300, canGoBack: false };

/** The part of some figures that lies below: 0.5 is the median. */
export function quantile(figures, part) {
  const sorted = [...figures].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}

/** All series of a session that stands where it can step for long, after so many steps that do not count. */
export async function timeSteps(client, threadId, { warmUp, canGoBack }) {
  const series = (command, count, looks) => timeSeries(client, command, threadId, count, looks);
  await series('next', warmUp, true);
  const times = {
    next: await series('next', STEPS, false),
    nextAndLook: await series('next', STEPS, true),
    stepIn: await series('stepIn', STEPS, false),
  };
  if (!canGoBack) return times;
  await series('stepBack', Math.ceil(warmUp / 2), false);
  return { ...times, stepBack: await series('stepBack', STEPS, false) };
}

/** A series of requests that move a task: the milliseconds of each, with what is on the screen afterwards or without. */
async function timeSeries(client, command, threadId, count, looks) {
  const times = [];
  for (let index = 0; index < count; index += 1) {
    const start = performance.now();
    const { ms } = await client.move(command, { threadId });
    if (looks) await look(client, threadId);
    times.push(looks ? performance.now() - start : ms);
  }
  return times;
}

/** What a client asks for after a stop, one after the other, as each needs the one before. */
async function look(client, threadId) {
  const { stackFrames } = await client.ask('stackTrace', { threadId, startFrame: 0, levels: 20 });
  const { scopes } = await client.ask('scopes', { frameId: stackFrames[0].id });
  for (const { variablesReference, expensive } of scopes) {
    if (!expensive && variablesReference > 0) await client.ask('variables', { variablesReference });
  }
}

/** Launches a scenario with a map-loop and goes to where it maps, more than `POSITION` instructions into the run: its thread id. */
export async function goFar(client, launch) {
  await client.ask('initialize', { adapterID: 'faultline', clientID: 'bench' });
  const initialized = client.waitFor('initialized');
  await client.ask('launch', launch);
  await initialized;
  await client.move('configurationDone', {});
  const { position } = await client.ask('faultline/seek', { position: POSITION });
  if (position !== POSITION) throw new Error('The run is shorter than a million steps.');
  await client.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'do_mmap_pgoff' }] });
  const { stop } = await client.move('continue', { threadId: 1 });
  await client.ask('setFunctionBreakpoints', { breakpoints: [] });
  return stop.threadId;
}
