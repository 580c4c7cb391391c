/**
 * What the console says when a run is over: how it ended, whether that is what the scenario expects,
 * and the hold and wait times of each lock beside those of a headless run of another kernel.
 */
import { formatDuration } from '../base/duration.ts';
import type { DebugStop } from '../debugger/debugStop.ts';
import { checkExpectation, type Mismatch } from '../scenario/expectation.ts';
import type { KernelTree } from '../scenario/kernelTree.ts';
import { LAB_FILE_NAME } from '../scenario/labFolder.ts';
import { readLabSettings } from '../scenario/labSettings.ts';
import { findLab, listAllKernels } from '../scenario/patchCatalog.ts';
import type { PreparedRun, PrepareRunInput } from '../scenario/prepareRun.ts';
import { runInSlices } from '../scenario/runScenario.ts';
import { summarizeRun, type LockSummary, type RunSummary } from '../scenario/runSummary.ts';
import { finishHeadless, prepareHeadless } from './headlessRun.ts';
import type { AdapterHost } from './host.ts';
import type { EndReport } from './launchedRun.ts';
import type { Progress, ProgressDesk } from './progress.ts';
import { loadShippedTree } from './shippedTrees.ts';

const PATCHED = 'patched';
const UNPATCHED = 'unpatched';

/**
 * The kernel that a run is compared with: for a lab the one that it names or is made from, for the
 * patched kernel the one without the patch, for all others the patched one.
 */
async function otherKernel(host: AdapterHost, tree: KernelTree): Promise<string> {
  if (tree.base === undefined) return (await baseOfFolder(host, tree)) ?? PATCHED;
  if (tree.base === PATCHED && !tree.isPatchedByUser) return UNPATCHED;
  return findLab(host.media, tree.base)?.from ?? PATCHED;
}

/** The kernel that the file beside a lab's kernel folder names, if it is one that ships. */
async function baseOfFolder(host: AdapterHost, { files }: KernelTree): Promise<string | undefined> {
  const [first] = files;
  if (first === undefined) return undefined;
  const [inside, { path }] = first;
  const folder = path.slice(0, path.length - inside.length);
  const lab = await host.readFile(folder.replace(/[^\\/]+[\\/]+$/, LAB_FILE_NAME));
  const base = lab === undefined ? undefined : readLabSettings(lab.text).base;
  return base !== undefined && listAllKernels(host.media).includes(base) ? base : undefined;
}

/** Runs the same scenario on the other kernel; `undefined` when that kernel cannot run it. */
async function runOther(
  host: AdapterHost,
  input: PrepareRunInput,
  desk: ProgressDesk,
): Promise<RunSummary | undefined> {
  const { tree } = loadShippedTree(host.media, await otherKernel(host, input.tree));
  if (tree === undefined) return undefined;
  const progress = desk.begin(`Running the same scenario on the kernel "${tree.name}" to compare`);
  try {
    return await runTree(host, tree, input, progress);
  } finally {
    progress.end();
  }
}

/** A headless run; `undefined` when the kernel cannot run, or the user has had enough. */
async function runTree(
  host: AdapterHost,
  tree: KernelTree,
  input: PrepareRunInput,
  progress: Progress,
): Promise<RunSummary | undefined> {
  const run = await prepareHeadless(host, tree, input, progress);
  if (run === undefined) return undefined;
  const result = await finishHeadless(host, run, runInSlices(run), progress);
  return result && summarizeRun(run, result);
}

/** One line of the table: what, the value here, the value there. */
type Row = readonly [string, string, string];

function figureRows(
  summary: RunSummary,
  other: RunSummary | undefined,
  lock: string,
  title: string,
  pick: (figures: LockSummary) => number,
): Row[] {
  const names = Object.keys(summary.locks[lock]?.perTask ?? {});
  const text = (from: RunSummary | undefined, name: string): string => {
    const figures = from?.locks[lock]?.perTask[name];
    return figures === undefined ? '–' : formatDuration(pick(figures));
  };
  const rows = names.map((name): Row => [`  ${name}`, text(summary, name), text(other, name)]);
  return rows.length === 0 ? [] : [[title, '', ''], ...rows];
}

function tableText(rows: readonly Row[]): string {
  const widths = [0, 1, 2].map((column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map(([what, here, there]) =>
      [what.padEnd(widths[0] ?? 0), here.padStart(widths[1] ?? 0), there.padStart(widths[2] ?? 0)]
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function compareText(summary: RunSummary, other: RunSummary | undefined): string {
  const rows = Object.keys(summary.locks).flatMap((lock) => [
    ...figureRows(summary, other, lock, `${lock} held, longest`, (figures) =>
      Math.max(figures.readHoldMaxNs, figures.writeHoldMaxNs),
    ),
    ...figureRows(
      summary,
      other,
      lock,
      `${lock} waited for, longest`,
      (figures) => figures.waitMaxNs,
    ),
  ]);
  const header: Row = ['kernel', summary.kernel, other?.kernel ?? '(did not run)'];
  return tableText([header, ...rows]);
}

function mismatchText({ what, expected, actual }: Mismatch): string {
  return `  ${what}: ${actual}, expected ${expected}`;
}

/** Whether the mismatch is about what only a run without debugger counts. */
function isUncounted({ what }: Mismatch): boolean {
  return what.endsWith('.iterations');
}

function taskLine(task: RunSummary['tasks'][number]): string {
  const faults = `${String(task.maj_flt)} major and ${String(task.min_flt)} minor faults`;
  return `  ${task.name}: ${task.exit}, ${faults}`;
}

function verdictLines(tree: KernelTree, mismatches: readonly Mismatch[]): string[] {
  // Of a kernel that somebody edited only what holds for all kernels is known.
  const kernel = tree.base === undefined || tree.isPatchedByUser ? 'every' : 'this';
  return mismatches.length === 0
    ? [`The scenario ended as it is expected to on ${kernel} kernel.`]
    : [
        `The scenario ended differently than expected on ${kernel} kernel:`,
        ...mismatches.map(mismatchText),
      ];
}

/** The report of a run that is over. */
export async function reportEnd(
  host: AdapterHost,
  run: PreparedRun,
  input: PrepareRunInput,
  stop: DebugStop,
  progress: ProgressDesk,
): Promise<EndReport> {
  const final = stop.final ?? { kind: 'finished', outcome: 'limit' };
  const summary = summarizeRun(run, { stop: final, iterations: [] });
  const { isKnown, mismatches: all } = checkExpectation(run, summary);
  const mismatches = all.filter((mismatch) => !isUncounted(mismatch));
  const other = await runOther(host, input, progress);
  const verdict = isKnown ? verdictLines(run.tree, mismatches) : [];
  const lines = [
    `${stop.text} ${formatDuration(summary.virtualNs)} of virtual time have passed.`,
    ...summary.tasks.map(taskLine),
    ...verdict,
    '',
    compareText(summary, other),
  ];
  const isGood = isKnown ? mismatches.length === 0 : summary.outcome === 'completed';
  return { exitCode: isGood ? 0 : 1, text: `${lines.join('\n')}\n` };
}
