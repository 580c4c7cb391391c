/**
 * Two runs of the session's scenario beside each other: kernels that ship, each run to its end beside the session, and
 * the run of the session itself.
 *
 * A run is made once for a launch and kept while it is among the last few, so that drawing another part of it, or
 * another scale, makes nothing again.
 */
import { BugError, UserError } from '../base/errors.ts';
import { listAllKernels, patchCatalog } from '../scenario/patchCatalog.ts';
import type { MediaFiles } from '../scenario/mediaFiles.ts';
import type { KernelTree } from '../scenario/kernelTree.ts';
import { compareTimes } from '../view/timeDifferences.ts';
import { drawTimelines } from '../view/timeline/drawTimeline.ts';
import type { TimelineQuery } from '../view/timelineModel.ts';
import type { RunChoice, RunModel, RunOption, TwoRunsModel } from '../view/twoRunsModel.ts';
import type { Debugger } from '../debugger/debugger.ts';
import { endOf } from './compareRuns.ts';
import { finishHeadless, prepareHeadless } from './headlessRun.ts';
import type { LaunchedRun } from './launchedRun.ts';
import { recordInSlices, type RecordedRun } from './recordedRun.ts';
import type { SessionControl } from './sessionControl.ts';
import { loadShippedTree } from './shippedTrees.ts';

/** A run with what distinguishes it. */
interface TitledRun extends RecordedRun {
  readonly title: string;
}

/** Runs that are kept for each launch. */
const MOST_KEPT = 4;

const keptRuns = new WeakMap<LaunchedRun, Map<string, Promise<TitledRun>>>();

/** Makes a run, or finds it among those that are kept. A run that failed or was given up is not kept. */
async function keep(
  launched: LaunchedRun,
  key: string,
  make: () => Promise<TitledRun>,
): Promise<TitledRun> {
  const runs = keptRuns.get(launched) ?? new Map<string, Promise<TitledRun>>();
  keptRuns.set(launched, runs);
  const making = runs.get(key) ?? make();
  // The last one that was used comes last.
  runs.delete(key);
  runs.set(key, making);
  for (const old of [...runs.keys()].slice(0, -MOST_KEPT)) runs.delete(old);
  try {
    return await making;
  } catch (error) {
    if (runs.get(key) === making) runs.delete(key);
    throw error;
  }
}

function givenUp(kernel: string): UserError {
  return new UserError(
    'given-up',
    `The run on the kernel "${kernel}" was given up.`,
    'Ask again.',
    true,
  );
}

async function recordOn(
  session: SessionControl,
  launched: LaunchedRun,
  tree: KernelTree,
  title: string,
  schedule?: string,
): Promise<TitledRun> {
  const { host, progress: desk } = session;
  const progress = desk.begin(`Running the scenario on the kernel "${tree.name}" to compare`);
  // A run for a session that has ended or was restarted is of no use.
  const watched = {
    ...{ report: progress.report.bind(progress), end: progress.end.bind(progress) },
    isCancelled: () => progress.isCancelled() || session.run !== launched,
  };
  try {
    const run = await prepareHeadless(host, tree, launched.input, watched, schedule);
    if (watched.isCancelled()) throw givenUp(tree.name);
    if (run === undefined) {
      throw new UserError(
        'cannot-run',
        `The kernel "${tree.name}" cannot run this scenario.`,
        'Choose another kernel.',
        true,
      );
    }
    const recorded = await finishHeadless(host, run, recordInSlices(run), watched);
    if (recorded === undefined) throw givenUp(tree.name);
    const { outcome, lanes, numbers } = recorded;
    return { title, outcome, lanes, numbers };
  } finally {
    progress.end();
  }
}

function recordKernel(
  session: SessionControl,
  launched: LaunchedRun,
  kernel: string,
): Promise<TitledRun> {
  if (!listAllKernels(session.host.media).includes(kernel)) {
    throw new UserError('unknown-kernel', `No kernel that ships is called "${kernel}".`, '', true);
  }
  return keep(launched, kernel, () => {
    const { tree } = loadShippedTree(session.host.media, kernel);
    if (tree === undefined) throw givenUp(kernel);
    return recordOn(session, launched, tree, `kernel: ${kernel}`);
  });
}

/** Where chance decides, nobody knows what it would have decided without the change. */
function withoutLastChange({ input, debugger: debug }: LaunchedRun): Debugger['withoutLastChange'] {
  return input.seed === undefined ? debug.withoutLastChange : undefined;
}

function recordWithout(session: SessionControl, launched: LaunchedRun): Promise<TitledRun> {
  const without = withoutLastChange(launched);
  if (without === undefined) {
    throw new UserError(
      'no-what-if',
      'There is no change before here without which the run could be made again.',
      'Change something first, such as a variable, in a run that does not decide at random.',
      true,
    );
  }
  const { text, schedule } = without;
  const { tree } = launched.input;
  return keep(launched, schedule, () =>
    recordOn(session, launched, tree, `without ${text}`, schedule),
  );
}

/** The run of the session as far as it is recorded; it stays where it stands. */
async function sessionRun(session: SessionControl, launched: LaunchedRun): Promise<TitledRun> {
  const { timeline, debugger: debug } = launched;
  const seen = await session.inquire(
    debug.peek(timeline.lastPosition, (stop) => ({
      numbers: launched.buildState(stop, session.rev).numbers,
      end: endOf(launched),
    })),
  );
  if (seen === undefined) throw givenUp(launched.kernel);
  const { numbers, end } = seen.result;
  const outcome = end?.outcome ?? 'not over';
  return { title: 'this run', outcome, lanes: timeline.lanes(), numbers };
}

async function findRun(
  session: SessionControl,
  launched: LaunchedRun,
  choice: RunChoice,
): Promise<TitledRun> {
  if ('kernel' in choice) return await recordKernel(session, launched, choice.kernel);
  const stopped = session.requireStopped();
  return 'session' in choice
    ? await sessionRun(session, stopped)
    : await recordWithout(session, stopped);
}

/** What can be compared in a session. */
function listOptions(media: MediaFiles, launched: LaunchedRun): readonly RunOption[] {
  const { kernels, labs } = patchCatalog(media);
  const toOption =
    (group: RunOption['group']) =>
    ({ name, title }: { readonly name: string; readonly title: string }): RunOption => ({
      choice: { kernel: name },
      label: name,
      title,
      group,
    });
  const without = withoutLastChange(launched);
  const own: readonly RunOption[] = [
    {
      choice: { session: true },
      label: 'this run',
      title: 'as far as it has come',
      group: 'session',
    },
    ...(without === undefined
      ? []
      : [
          {
            choice: { without: 'lastChange' },
            label: 'without the last change',
            title: without.text,
            group: 'session',
          } as const,
        ]),
  ];
  return [...kernels.map(toOption('kernels')), ...own, ...labs.map(toOption('labs'))];
}

/** Makes both runs, one after the other, and draws them on one scale. Errors: `UserError` when one cannot be made. */
export async function compareTwoRuns(
  session: SessionControl,
  launched: LaunchedRun,
  choices: { readonly one: RunChoice; readonly other: RunChoice },
  query: TimelineQuery,
): Promise<TwoRunsModel> {
  const one = await findRun(session, launched, choices.one);
  const other = await findRun(session, launched, choices.other);
  const [first, second] = drawTimelines([one.lanes, other.lanes], query);
  if (first === undefined || second === undefined) throw new BugError('two runs, two pictures');
  const toModel = (
    { title, outcome, numbers }: TitledRun,
    timeline: RunModel['timeline'],
  ): RunModel => ({ title, outcome, numbers, timeline });
  return {
    one: toModel(one, first),
    other: toModel(other, second),
    differences: compareTimes(one.numbers, other.numbers),
    options: listOptions(session.host.media, launched),
  };
}
