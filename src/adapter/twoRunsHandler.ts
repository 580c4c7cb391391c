/**
 * The request `faultline/twoRuns`.
 */
import { UserError } from '../base/errors.ts';
import type { RunChoice } from '../view/twoRunsModel.ts';
import type { Handler, RawArguments } from './handler.ts';
import type { LaunchedRun } from './launchedRun.ts';
import { optionalObject, requireText } from './rawArguments.ts';
import type { SessionControl } from './sessionControl.ts';
import { readTimelineQuery } from './timelineHandlers.ts';
import { compareTwoRuns } from './twoRuns.ts';

function readChoice(raw: RawArguments, name: string): RunChoice {
  const choice = optionalObject(raw, name);
  if (choice['session'] === true) return { session: true };
  if (choice['without'] === 'lastChange') return { without: 'lastChange' };
  return { kernel: requireText(choice, 'kernel') };
}

/** What was launched, whether or not it runs at the moment. */
function requireLaunched({ run, phase }: SessionControl): LaunchedRun {
  if (run !== undefined && phase !== 'configuring' && phase !== 'ended') return run;
  throw new UserError('not-launched', 'Nothing is being debugged.', 'Launch first.', true);
}

/** Answers when both runs are there; may be asked while the session runs. */
export function twoRunsHandler(session: SessionControl): Handler {
  return async (raw) => {
    const run = requireLaunched(session);
    const choices = { one: readChoice(raw, 'one'), other: readChoice(raw, 'other') };
    return { body: await compareTwoRuns(session, run, choices, readTimelineQuery(raw)) };
  };
}
