/**
 * A run that has been launched: the debugger with everything that belongs to it.
 */
import type { PrepareRunInput } from '../scenario/prepareRun.ts';
import type { DebugStop } from '../debugger/debugStop.ts';
import type { Debugger } from '../debugger/debugger.ts';
import type { LiveEvents } from '../debugger/liveEvents.ts';
import type { PanelState } from '../view/panelState.ts';
import type { LaunchArguments } from './launchArguments.ts';
import type { RunTimeline } from './runTimeline.ts';
import type { SourceCatalog } from './sourceCatalog.ts';

/** What is said when a run is over. */
export interface EndReport {
  readonly exitCode: number;
  /** Lines for the console, without the comparison. */
  readonly text: string;
}

export interface LaunchedRun {
  readonly launch: LaunchArguments;
  readonly debugger: Debugger;
  /** The running kernel's name, as shown to people. */
  readonly kernel: string;
  readonly scenarioTitle: string;
  readonly catalog: SourceCatalog;
  /** What it was prepared from. */
  readonly input: PrepareRunInput;
  /** The trace in the console, while the user wants one. */
  readonly trace: LiveEvents;
  /** What is recorded of the run. */
  readonly timeline: RunTimeline;
  /** The panel's state at a stop. */
  buildState(stop: DebugStop, rev: number): PanelState;
  /** What to say at the end of the run, hold and wait times beside those of the other kernel. */
  reportEnd(stop: DebugStop): Promise<EndReport>;
  /** The end of which that has been said while the session stays, with nothing more to say. */
  told?: EndReport & { readonly final: DebugStop['final'] };
}
