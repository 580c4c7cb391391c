/**
 * The life of a session: initialize, launch, configurationDone, restart, terminate, disconnect.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { UserError } from '../base/errors.ts';
import { STOP_FILTERS } from '../debugger/stopFilters.ts';
import { applyAllBreakpoints } from './breakpointHandlers.ts';
import { BREAKPOINT_MODES } from './breakpointRules.ts';
import type { HandlerTable, RawArguments, Reply } from './handler.ts';
import { launchRun } from './launch.ts';
import { parseLaunchArguments, type LaunchArguments } from './launchArguments.ts';
import type { LaunchedRun } from './launchedRun.ts';
import { MODULE_COLUMNS } from './modules.ts';
import { announceLastMoment, openMoment } from './momentHandlers.ts';
import { optionalObject } from './rawArguments.ts';
import type { SessionControl } from './sessionControl.ts';
import { CHECKSUM_ALGORITHM } from './sourceCatalog.ts';

/** Only what works. */
const CAPABILITIES: DebugProtocol.Capabilities = {
  supportsConfigurationDoneRequest: true,
  supportsEvaluateForHovers: true,
  supportsStepBack: true,
  supportsRestartRequest: true,
  supportsTerminateRequest: true,
  supportsExceptionInfoRequest: true,
  supportsLoadedSourcesRequest: true,
  supportsBreakpointLocationsRequest: true,
  supportsCompletionsRequest: true,
  completionTriggerCharacters: ['.', '>'],
  supportsStepInTargetsRequest: true,
  supportsCancelRequest: true,
  supportsSingleThreadExecutionRequests: true,
  supportsValueFormattingOptions: true,
  supportsClipboardContext: true,
  supportsSetVariable: true,
  supportsSetExpression: true,
  supportsRestartFrame: true,
  supportsGotoTargetsRequest: true,
  supportsTerminateThreadsRequest: true,
  supportsReadMemoryRequest: true,
  supportsWriteMemoryRequest: true,
  supportsDisassembleRequest: true,
  supportsSteppingGranularity: true,
  supportsConditionalBreakpoints: true,
  supportsHitConditionalBreakpoints: true,
  supportsLogPoints: true,
  supportsFunctionBreakpoints: true,
  supportsInstructionBreakpoints: true,
  supportsDataBreakpoints: true,
  supportsDataBreakpointBytes: true,
  supportsExceptionFilterOptions: true,
  breakpointModes: [...BREAKPOINT_MODES],
  supportsANSIStyling: true,
  supportedChecksumAlgorithms: [CHECKSUM_ALGORITHM],
  supportTerminateDebuggee: true,
  supportsExceptionOptions: true,
  supportsModulesRequest: true,
  additionalModuleColumns: [...MODULE_COLUMNS],
  exceptionBreakpointFilters: STOP_FILTERS.map(({ id, label, description, isDefault, event }) => ({
    filter: id,
    label,
    description,
    default: isDefault,
    ...(event === 'final'
      ? {}
      : {
          supportsCondition: true,
          conditionDescription:
            'The name of a task, or an expression of C, such as current->pid == 2',
        }),
  })),
};

/** Starts a launched run: to its stop on entry, or to the end without debugging. */
async function startRun(session: SessionControl, run: LaunchedRun): Promise<void> {
  const { noDebug, stopOnEntry, moment } = run.launch;
  if (noDebug) await session.move(run.debugger.runOut());
  else if (moment === undefined) await session.move(run.debugger.start(stopOnEntry));
  else {
    const { position } = moment;
    const work = { title: 'Going to the moment', goal: position };
    await session.move(openMoment(run, moment), false, work);
  }
}

async function prepareLaunch(
  session: SessionControl,
  launch: LaunchArguments,
): Promise<LaunchedRun> {
  const { host, client } = session;
  return await launchRun(host, launch, {
    naming: client.naming,
    progress: session.progress,
    onDiagnostics: (diagnostics) => {
      session.emitEvent('faultline/diagnostics', { diagnostics });
    },
    onOutput: (fd, text) => {
      session.print(text, fd === 2 ? 'stderr' : 'stdout');
    },
  });
}

function describeLaunch(run: LaunchedRun): string {
  return `${run.scenarioTitle} — kernel "${run.kernel}"\n`;
}

export function launchHandlers(session: SessionControl): HandlerTable {
  function refuseWhenOver(): void {
    if (session.phase !== 'ended') return;
    throw new UserError('ended', 'The session has ended.', 'Start a new one.', true);
  }

  async function launch(raw: RawArguments): Promise<Reply> {
    if (session.phase !== 'idle') {
      throw new UserError('launched', 'This session has launched already.', 'Restart it.', true);
    }
    const launchArguments = parseLaunchArguments(raw);
    session.phase = 'launching';
    try {
      const run = await prepareLaunch(session, launchArguments);
      refuseWhenOver();
      session.run = run;
      session.phase = 'configuring';
      applyAllBreakpoints(session, run);
      session.print(describeLaunch(run));
    } finally {
      // Still launching: it failed, and another launch may be tried.
      if (session.phase === 'launching') session.phase = 'idle';
    }
    return {
      afterwards: () => {
        session.emitEvent('initialized');
      },
    };
  }

  async function restart(raw: RawArguments): Promise<Reply> {
    const before = session.run;
    if (before === undefined || session.phase === 'ended') {
      throw new UserError('not-launched', 'Nothing is being debugged.', 'Launch first.', true);
    }
    const changed = optionalObject(raw, 'arguments');
    const launchArguments =
      changed['scenario'] === undefined ? before.launch : parseLaunchArguments(changed);
    const run = await prepareLaunch(session, launchArguments);
    refuseWhenOver();
    session.abandonWork();
    session.run = run;
    session.phase = 'running';
    applyAllBreakpoints(session, run);
    session.print(describeLaunch(run));
    return { afterwards: () => startRun(session, run) };
  }

  function finish(afterwards: () => void): Reply {
    const { run, phase } = session;
    if (run !== undefined && phase === 'stopped') announceLastMoment(session, run);
    session.abandonWork();
    session.references.clear();
    session.phase = 'ended';
    session.run = undefined;
    return { afterwards };
  }

  return {
    initialize: (raw) => {
      session.client.adopt(raw, session.host.sourceNaming);
      // VS Code would show the first frame alone for half a second and open its file, even a faint one of
      // a sleep deep in the scheduler; our stacks are short.
      const supportsDelayedStackTraceLoading = !session.client.isVscode;
      return {
        body: {
          ...CAPABILITIES,
          ...(supportsDelayedStackTraceLoading ? { supportsDelayedStackTraceLoading } : {}),
        },
      };
    },
    launch,
    attach: () => {
      throw new UserError(
        'no-attach',
        'Faultline starts what it debugs and cannot attach.',
        'Use "request": "launch".',
      );
    },
    configurationDone: () => {
      const { run } = session;
      if (run === undefined || session.phase !== 'configuring') {
        throw new UserError('not-launched', 'Nothing has been launched.', 'Launch first.', true);
      }
      session.phase = 'running';
      return { afterwards: () => startRun(session, run) };
    },
    restart,
    terminate: () =>
      finish(() => {
        session.emitEvent('terminated');
      }),
    disconnect: async (raw) => {
      const { run } = session;
      const isLeft = raw['terminateDebuggee'] === false && raw['restart'] !== true;
      const hasBegun = session.phase !== 'launching' && session.phase !== 'ended';
      if (isLeft && run !== undefined && hasBegun) await session.runOut(run);
      return finish(() => {
        session.host.closed?.();
      });
    },
  };
}
