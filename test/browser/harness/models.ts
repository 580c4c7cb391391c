// Recorded view models: what the adapter really says at the moments of a run, so that no model is written by hand.
//
// `recordStates` runs the debug adapter in this process, as VS Code does, and keeps the session open: `client` asks for
// whatever else a test needs (`faultline/why`, …). Recordings are the same on every run, since the machine is.
import type { PanelState } from '../../../src/view/panelState.ts';
import type {
  CustomRequestName,
  CustomRequests,
  MomentTarget,
  MoveResult,
  TourStepView,
} from '../../../src/view/protocol.ts';
import { loadTour } from '../../../src/scenario/tour.ts';
import { TourRun } from '../../../src/view/tourRun.ts';
import type { DapClient } from '../../support/dapClient.ts';
import { DapStory } from '../../support/dapStory.ts';
import { media } from '../../support/nodeMedia.ts';
import { TourMemory } from '../../support/tourMemory.ts';

/** Where to record: the first stop, the end of the run, an anchor, or a position. */
export type RecordedMoment = 'entry' | 'end' | MomentTarget | { readonly position: number };

/** What to run. */
export interface Recording<Name extends string> {
  /** `cold-fault-with-mmap` when left out. */
  readonly scenario?: string;
  /** `patched` when left out. */
  readonly kernel?: string;
  /** Further launch arguments, such as `set`. */
  readonly launch?: Readonly<Record<string, unknown>>;
  /** The moments by the names under which their states are given; visited in this order. */
  readonly moments: Readonly<Record<Name, RecordedMoment>>;
}

/** A session that stands at the last of its moments. */
export interface Recorded<Name extends string> {
  readonly states: Readonly<Record<Name, PanelState>>;
  readonly client: DapClient;
  /** Sends a custom request with its types; it must succeed. */
  ask<K extends CustomRequestName>(
    command: K,
    args: CustomRequests[K]['arguments'],
  ): Promise<CustomRequests[K]['result']>;
  /** Goes somewhere else; the state there. */
  record(moment: RecordedMoment): Promise<PanelState>;
}

/** Runs the scenario and records. Errors: rejects when a moment is not reached, saying what happened instead. */
export async function recordStates<Name extends string>({
  scenario = 'cold-fault-with-mmap',
  kernel = 'patched',
  launch = {},
  moments,
}: Recording<Name>): Promise<Recorded<Name>> {
  const story = new DapStory();
  const { client } = story;
  await client.start({ scenario, kernel, stopAtEnd: true, ...launch });

  async function ask<K extends CustomRequestName>(
    command: K,
    args: CustomRequests[K]['arguments'],
  ): Promise<CustomRequests[K]['result']> {
    return (await client.ask(command, args)) as CustomRequests[K]['result'];
  }
  async function record(moment: RecordedMoment): Promise<PanelState> {
    if (moment === 'end') await runToEnd(client);
    else if (moment !== 'entry') await seek(moment);
    const { state } = await ask('faultline/state', {});
    if (state === undefined) throw new Error('The adapter gave no state.');
    // A panel is sent texts: what is undefined is lost on the way.
    return JSON.parse(JSON.stringify(state)) as PanelState;
  }
  async function seek(moment: MomentTarget | { readonly position: number }): Promise<void> {
    const target = 'position' in moment ? moment : { moment };
    const result: MoveResult = await ask('faultline/seek', target);
    if (!result.reached) throw new Error(`${JSON.stringify(moment)}: ${result.reason}`);
  }

  const states: Partial<Record<Name, PanelState>> = {};
  for (const name of Object.keys(moments) as Name[]) states[name] = await record(moments[name]);
  if (story.bugs.length > 0) throw new Error(story.bugs.join('\n'));
  return { states: states as Record<Name, PanelState>, client, ask, record };
}

/** Continues, past whatever stops it, until the run has come to its end and stands there. */
async function runToEnd(client: DapClient): Promise<void> {
  for (;;) {
    const { state } = (await client.ask('faultline/state')) as { state: PanelState };
    if (state.end !== undefined) return;
    const event = await client.move('continue', { threadId: state.stoppedTaskId ?? 1 });
    if (event.event === 'terminated') throw new Error('The session has ended.');
  }
}

/** A step of a shipped tour, counted from 0, with an answer to its question if one is given; the state where it ends. */
export async function recordTourStep(
  index: number,
  answer?: number,
  tour = 'the-patch-in-ten-minutes',
): Promise<{ readonly step: TourStepView; readonly state: PanelState }> {
  const file = `tours/${tour}.jsonc`;
  const machine = new TourMemory();
  const run = new TourRun(loadTour(file, media.read(file) ?? ''), machine);
  await run.goTo(index);
  if (answer !== undefined) await run.answer(answer);
  const step = run.view();
  if (step === undefined) throw new Error(`${tour} has no step ${String(index)}.`);
  return { step, state: await machine.state() };
}
