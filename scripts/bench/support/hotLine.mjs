// Runs two million instructions in an adapter inside this process, past a statement that a task comes to two thousand times, and
// prints the milliseconds of CPU time as JSON: without anything at the statement, and with breakpoints that never stop there.
// `node … MEDIA SCENARIO`.
import { createSession } from '../../../src/adapter/createSession.ts';
import { createNodeAdapterHost } from '../../../src/cli/nodeAdapterHost.ts';
import { connectToSession } from './adapterClient.mjs';

const HITS = 2000;
const ROUNDS = 2;
const [mediaFolder, scenario] = process.argv.slice(2);
const environment = { workingFolder: process.cwd(), mediaFolder, write: () => undefined };

const conditionOf = (length) => ({ name: 'do_mmap_pgoff', condition: `len == ${length}` });
const KINDS = {
  plain: { functions: [] },
  condition: { functions: [conditionOf(1)] },
  twenty: { functions: Array.from({ length: 20 }, (_, length) => conditionOf(length)) },
  log: { logMessage: 'map {len} bytes with {flags}' },
};

/** Breakpoints on functions have no messages: the log point stands at an instruction, found on the way. */
async function run({ functions = [], logMessage }) {
  const session = createSession(createNodeAdapterHost(environment, () => undefined));
  const client = connectToSession(session);
  await client.ask('initialize', { adapterID: 'faultline', clientID: 'bench' });
  const initialized = client.waitFor('initialized');
  await client.ask('launch', { scenario });
  await initialized;
  await client.move('configurationDone', {});
  if (logMessage !== undefined) await logAt(client, 'do_mmap_pgoff', logMessage);
  const last = { name: 'sys_munmap', hitCondition: String(HITS) };
  await client.ask('setFunctionBreakpoints', { breakpoints: [...functions, last] });
  const start = process.cpuUsage();
  await client.move('continue', { threadId: 1 });
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

async function logAt(client, name, logMessage) {
  await client.ask('setFunctionBreakpoints', { breakpoints: [{ name }] });
  const { stop } = await client.move('continue', { threadId: 1 });
  const [frame] = (await client.ask('stackTrace', { threadId: stop.threadId })).stackFrames;
  const breakpoints = [{ line: frame.line, logMessage }];
  await client.ask('setBreakpoints', { source: frame.source, breakpoints });
}

async function measure() {
  const times = Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, Infinity]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [kind, rules] of Object.entries(KINDS)) {
      times[kind] = Math.min(times[kind], await run(rules));
    }
  }
  console.log(JSON.stringify(times));
}

void measure();
