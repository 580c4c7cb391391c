/**
 * What a client asks of a breakpoint besides its place: `condition`, `hitCondition`, `logMessage`, `mode`.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { UserError } from '../base/errors.ts';
import type { BreakpointMode, BreakpointRules } from '../debugger/breakpointTable.ts';
import { HIT_CONDITION_HELP, parseHitCondition } from '../debugger/hitCondition.ts';
import type { RawArguments } from './handler.ts';
import { optionalText } from './rawArguments.ts';
import type { SessionControl } from './sessionControl.ts';

/** The modes as a client lists them. */
export const BREAKPOINT_MODES: readonly (DebugProtocol.BreakpointMode & {
  readonly mode: BreakpointMode;
})[] = [
  {
    mode: 'anyTask',
    label: 'Any task',
    description: 'Every task that comes here stops.',
    appliesTo: ['source', 'instruction', 'data'],
  },
  {
    mode: 'oneTask',
    label: 'Only this task',
    description: 'Only the task that stands now stops here.',
    appliesTo: ['source', 'instruction', 'data'],
  },
  {
    mode: 'wouldSleep',
    label: 'Only when it would block',
    description: 'A task stops here when this very statement would put it to sleep.',
    appliesTo: ['source', 'instruction'],
  },
];

function filled(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text;
}

function modeOf(text: string | undefined): BreakpointMode {
  if (text === undefined) return 'anyTask';
  const found = BREAKPOINT_MODES.find(({ mode }) => mode === text);
  if (found !== undefined) return found.mode;
  const modes = BREAKPOINT_MODES.map(({ mode }) => mode).join(', ');
  throw new UserError('bad-mode', `There is no mode "${text}".`, `The modes are ${modes}.`);
}

/** The rules of a breakpoint. Errors: `UserError` `bad-hit-count`, `bad-mode`. */
export function readRules(session: SessionControl, raw: RawArguments): BreakpointRules {
  const condition = filled(optionalText(raw, 'condition'));
  const hitCondition = filled(optionalText(raw, 'hitCondition'));
  const logMessage = filled(optionalText(raw, 'logMessage'));
  const mode = modeOf(optionalText(raw, 'mode'));
  if (hitCondition !== undefined && parseHitCondition(hitCondition) === undefined) {
    throw new UserError('bad-hit-count', `"${hitCondition}" is no hit count.`, HIT_CONDITION_HELP);
  }
  const task = session.run?.debugger.lastStop.task;
  return {
    mode,
    ...(condition === undefined ? {} : { condition }),
    ...(hitCondition === undefined ? {} : { hitCondition }),
    ...(logMessage === undefined ? {} : { logMessage }),
    ...(mode === 'oneTask' && task !== undefined ? { task } : {}),
  };
}
