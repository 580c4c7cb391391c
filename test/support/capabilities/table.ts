/**
 * All capabilities of the protocol: what each does here, or why it is not announced.
 *
 * A capability that a newer protocol adds makes test/dap/conformance.test.ts fail until it has a line.
 */
import * as breaking from './breaking.ts';
import * as changing from './changing.ts';
import { absent, announced, type Capability } from './entry.ts';
import * as looking from './looking.ts';
import * as moving from './moving.ts';
import * as serving from './serving.ts';
import * as session from './session.ts';

const IN_VSCODE =
  'it would show the first frame alone for 420 ms and open its file, even a faint one';

export const CAPABILITIES: Readonly<Record<string, Capability>> = {
  supportsConfigurationDoneRequest: announced(
    'lets nothing run before the client is ready',
    session.waitsForConfiguration,
  ),
  supportsRestartRequest: announced(
    'brings the machine back to the first stop, or to that of another launch',
    session.restarts,
  ),
  supportsTerminateRequest: announced('ends the run', session.terminates),
  supportsCancelRequest: announced('gives up a long way', session.cancels),
  supportTerminateDebuggee: announced(
    'ends the run with the client, or lets it go on to its end',
    serving.leavesRuns,
  ),
  supportSuspendDebuggee: absent('the machine lives in the adapter and cannot be left suspended'),

  supportsStepBack: announced('goes back, the whole machine with it', moving.stepsBack),
  supportsRestartFrame: announced('goes back to the call of a frame', moving.restartsCalls),
  supportsStepInTargetsRequest: announced('steps into the chosen call', moving.stepsIntoTargets),
  supportsSteppingGranularity: announced(
    'steps by single instructions, in both directions',
    moving.stepsByInstructions,
  ),
  supportsSingleThreadExecutionRequests: announced(
    'moves one task and leaves the others where they are',
    moving.movesOneTask,
  ),

  supportsConditionalBreakpoints: announced('stops only where it holds', breaking.stopsWhere),
  supportsHitConditionalBreakpoints: announced('stops at that arrival', breaking.countsHits),
  supportsLogPoints: announced('prints values and goes on', breaking.logs),
  supportsFunctionBreakpoints: announced('stops in a function', breaking.stopsInFunctions),
  supportsInstructionBreakpoints: announced(
    'stops at an address of the program',
    breaking.stopsAtInstructions,
  ),
  supportsBreakpointLocationsRequest: announced(
    'lists the lines on which breakpoints stay',
    breaking.listsBreakpointPlaces,
  ),
  breakpointModes: announced(
    'stops any task, one task, or one that would sleep',
    breaking.hasModes,
  ),
  exceptionBreakpointFilters: announced(
    'stops at the event of each filter, and without it does not',
    breaking.stopsAtEvents,
  ),
  supportsExceptionFilterOptions: announced(
    'stops only for the task of the condition',
    breaking.filtersByCondition,
  ),
  supportsExceptionOptions: announced(
    'stops at single failures, and excepts them',
    serving.exceptsFailures,
  ),
  supportsDataBreakpoints: announced('stops behind a write, both ways', breaking.stopsAtData),
  supportsDataBreakpointBytes: announced(
    'stops for the bytes that were asked for only',
    breaking.stopsAtBytes,
  ),

  supportsSetVariable: announced('sets a variable of the kernel', changing.setsVariables),
  supportsSetExpression: announced('sets what an expression names', changing.setsExpressions),
  supportsWriteMemoryRequest: announced(
    'writes bytes that the program then reads',
    changing.writesMemory,
  ),
  supportsGotoTargetsRequest: announced('goes on at another statement', changing.jumps),
  supportsTerminateThreadsRequest: announced('sends SIGKILL to a task', changing.killsTasks),

  supportsEvaluateForHovers: announced('looks and changes nothing', looking.hovers),
  supportsExceptionInfoRequest: announced('explains a stop', looking.explainsStops),
  supportsLoadedSourcesRequest: announced('lists whatever runs', looking.listsSources),
  supportsCompletionsRequest: announced('offers what is there', looking.completes),
  completionTriggerCharacters: announced(
    'are those before a member',
    looking.completesAfterMemberAccess,
  ),
  supportsValueFormattingOptions: announced('writes in hexadecimal', looking.formatsValues),
  supportsClipboardContext: announced('copies a value whole', looking.copiesWhole),
  supportsReadMemoryRequest: announced('reads what the machine holds', looking.readsMemory),
  supportsDisassembleRequest: announced(
    'lists the instructions that then run',
    looking.disassembles,
  ),
  supportsDelayedStackTraceLoading: announced(
    'gives any part of a stack',
    looking.loadsStacksInParts,
    IN_VSCODE,
  ),
  supportsModulesRequest: announced(
    'lists what runs, to which frames belong',
    serving.listsModules,
  ),
  additionalModuleColumns: announced('are what modules have', serving.hasModuleColumns),
  supportedChecksumAlgorithms: announced('tell texts apart', serving.sumsTexts),
  supportsANSIStyling: announced('colors the console where it is shown', serving.colors),
};
