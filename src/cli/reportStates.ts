/**
 * The states of a run at what happened in it, for a report that can be moved in without a machine.
 *
 * Where to look is taken from the lanes of the same run. When there are more places than fit, the least telling
 * kinds are thinned out first, evenly over the run.
 */
import { asTaskId } from '../base/brand.ts';
import { buildState, toTarget } from '../adapter/launch.ts';
import { explainTask } from '../debugger/taskWords.ts';
import { listedTasks, taskName, type DebugTarget } from '../debugger/debugTarget.ts';
import type { FinalStop } from '../machine/stop.ts';
import type { PreparedRun } from '../scenario/prepareRun.ts';
import type { PanelState } from '../view/panelState.ts';
import type { ReportedWhy } from '../view/reportModel.ts';
import type { WhyResult } from '../view/protocol.ts';
import type { ReportPlace } from './reportPlaces.ts';

/** States, and why tasks do not run in them. */
export interface CollectedStates {
  readonly states: readonly PanelState[];
  readonly whys: readonly ReportedWhy[];
  readonly whyTexts: readonly WhyResult[];
}

/**
 * Runs to each of the places, which must be in the order of their positions, and looks. The run must stand at its
 * start; afterwards it stands at the last place.
 */
export function collectStates(
  run: PreparedRun,
  places: readonly ReportPlace[],
  final: FinalStop,
): CollectedStates {
  const target = toTarget(run);
  const whys = new WhyCollector(target);
  const states: PanelState[] = [];
  for (const place of places) {
    runTo(run, place.position);
    const state = stateAt(run, target, place, states.length + 1, final);
    whys.collect(states.length);
    states.push(state);
  }
  return { states, whys: whys.whys, whyTexts: whys.texts };
}

function runTo({ machine }: PreparedRun, position: number): void {
  while (machine.position < position) {
    const stop = machine.run({ budget: position - machine.position, breakpoints: false });
    if (stop.kind === 'fault' || stop.kind === 'finished' || stop.kind === 'deadlock') return;
  }
}

function stateAt(
  run: PreparedRun,
  target: DebugTarget,
  { position, threadId, text, isEnd }: ReportPlace,
  rev: number,
  final: FinalStop,
): PanelState {
  const task = threadId === undefined ? undefined : asTaskId(threadId - 1);
  const stop = {
    reason: 'goto' as const,
    task,
    text,
    position,
    breakpointIds: [],
    filter: undefined,
    final: isEnd ? final : undefined,
  };
  const catalog = { uriOf: () => '' };
  const state = buildState(run, target, catalog, stop, rev);
  // A page by itself has no editor that could open the place.
  const tasks = state.tasks.map((item) => ({ ...item, place: undefined }));
  const reason = isEnd ? text : (state.moment?.title ?? text);
  return { ...state, tasks, reason };
}

/** Collects each chain of reasons once. */
class WhyCollector {
  readonly whys: ReportedWhy[] = [];
  readonly texts: WhyResult[] = [];
  private readonly target: DebugTarget;
  private readonly known = new Map<string, number>();

  constructor(target: DebugTarget) {
    this.target = target;
  }

  /** Of all tasks, where the run stands. */
  collect(state: number): void {
    for (const { id } of listedTasks(this.target)) {
      const { links, text } = explainTask(this.target, id);
      const why: WhyResult = {
        task: taskName(this.target, id),
        links: links.map(({ kind, text: words, task: named }) =>
          named === undefined ? { kind, text: words } : { kind, text: words, taskId: named + 1 },
        ),
        text,
      };
      this.whys.push({ state, task: id + 1, why: this.intern(why) });
    }
  }

  private intern(why: WhyResult): number {
    const key = JSON.stringify(why);
    const found = this.known.get(key);
    if (found !== undefined) return found;
    this.known.set(key, this.texts.length);
    return this.texts.push(why) - 1;
  }
}
