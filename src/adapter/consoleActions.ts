/**
 * Commands of the debug console that do more than look: they compare, go somewhere, or run the machine once more
 * to count. What they answer, and which words complete them.
 */
import { UserError } from '../base/errors.ts';
import { formatLockStat } from '../view/lockStatText.ts';
import { LockTally } from '../view/lockTally.ts';
import { compareRuns, compareText } from './compareRuns.ts';
import type { Reply } from './handler.ts';
import type { LaunchedRun } from './launchedRun.ts';
import type { SessionControl } from './sessionControl.ts';
import { givenUp, goToCheckpoint } from './travelHandlers.ts';

/** The commands with what they answer. */
export const CONSOLE_ACTIONS = {
  compare: 'the run beside itself without your last change: compare [last|first] [time|place]',
  checkpoint: 'sets a checkpoint here: checkpoint, or checkpoint NAME',
  checkpoints: 'the checkpoints, and where they lie from here',
  go: 'goes to a checkpoint, forwards or backwards: go NAME',
  lockstat: 'how long locks were held and waited for up to here, as /proc/lock_stat has it',
  trace: 'trace on prints what happens while the run goes on, trace off ends it',
} as const;

type ActionName = keyof typeof CONSOLE_ACTIONS;

/** Words that can follow a command. */
export const ACTION_WORDS: Readonly<Partial<Record<ActionName, readonly string[]>>> = {
  compare: ['last', 'first', 'time', 'place'],
  trace: ['on', 'off'],
};

function answer(result: string): Reply {
  return { body: { result, variablesReference: 0 } };
}

function wrongUse(name: ActionName): UserError {
  return new UserError(
    'console-usage',
    `"${name}" does not go on like that.`,
    `It is ${CONSOLE_ACTIONS[name]}.`,
  );
}

async function compare(
  session: SessionControl,
  run: LaunchedRun,
  words: readonly string[],
): Promise<Reply> {
  if (words.some((word) => ACTION_WORDS.compare?.includes(word) !== true)) {
    throw wrongUse('compare');
  }
  const result = await compareRuns(session, run, {
    since: words.includes('first') ? 'first' : 'last',
    at: words.includes('place') ? 'place' : 'time',
  });
  if (result === undefined) throw givenUp();
  return answer(compareText(result));
}

function listCheckpoints({ waypoints }: SessionControl, { debugger: debug }: LaunchedRun): string {
  const lies = {
    behind: 'behind',
    here: 'here',
    ahead: 'ahead',
    other: 'on a course that was left; going there brings it back',
  } as const;
  const rows = waypoints.all.map((waypoint) => {
    const where = debug.whereIs(waypoint);
    const place = where === undefined ? 'in a run of another kernel or scenario' : lies[where];
    const words = waypoint.name === waypoint.text ? '' : ` — ${waypoint.text}`;
    return `${waypoint.name}${words} (${place})`;
  });
  return rows.length === 0 ? 'No checkpoint has been set: checkpoint sets one.' : rows.join('\n');
}

function go(session: SessionControl, run: LaunchedRun, name: string): Reply {
  if (name === '') throw wrongUse('go');
  const operation = goToCheckpoint(session, run, name);
  session.phase = 'running';
  return {
    ...answer(''),
    afterwards: async () => {
      const stop = await session.move(operation, true);
      if (stop !== undefined) session.print(`${stop.text}\n`);
    },
  };
}

/** The run is executed once more up to here, for the tally. */
async function lockStat(session: SessionControl, run: LaunchedRun): Promise<Reply> {
  const { debugger: debug } = run;
  const { machine, program } = debug.target;
  const tally = new LockTally();
  const counted = await session.inquire(
    debug.tellAgain(tally, () => tally.finish(machine.nowNs())),
  );
  if (counted === undefined) throw givenUp();
  return answer(formatLockStat(program, counted.result).trimEnd());
}

function switchTrace({ trace }: LaunchedRun, word: string): Reply {
  if (word === 'on') trace.start();
  else if (word === 'off') trace.stop();
  else if (word !== '') throw wrongUse('trace');
  return answer(
    trace.isOn
      ? 'The trace is on: what happens while the run goes on is printed here. trace off ends it.'
      : 'The trace is off.',
  );
}

/** Does what a line says; `undefined` when it is none of these commands. Errors: `UserError`. */
export function runConsoleAction(
  session: SessionControl,
  run: LaunchedRun,
  text: string,
): Reply | Promise<Reply> | undefined {
  const [word = '', ...words] = text.trim().split(/\s+/);
  if (!Object.hasOwn(CONSOLE_ACTIONS, word)) return undefined;
  const name = word as ActionName;
  const rest = words.join(' ');
  switch (name) {
    case 'compare':
      return compare(session, run, words);
    case 'checkpoint': {
      const { target, lastStop } = run.debugger;
      const waypoint = session.waypoints.set(target, lastStop.task, rest);
      const where = waypoint.name === waypoint.text ? '' : `: ${waypoint.text}`;
      return answer(`Checkpoint "${waypoint.name}" is set${where}.`);
    }
    case 'checkpoints':
      if (rest !== '') throw wrongUse(name);
      return answer(listCheckpoints(session, run));
    case 'go':
      return go(session, run, rest);
    case 'lockstat':
      if (rest !== '') throw wrongUse(name);
      return lockStat(session, run);
    case 'trace':
      return switchTrace(run, rest);
  }
}
