/**
 * A run of the session's scenario beside the session, without a debugger: on another kernel, or on another course.
 *
 * The work is done in slices, so that the adapter answers meanwhile, and can be cancelled between two of them.
 */
import { formatDuration } from '../base/duration.ts';
import { compileKernelInSteps } from '../scenario/compileKernel.ts';
import type { KernelTree } from '../scenario/kernelTree.ts';
import { prepareRun, type PreparedRun, type PrepareRunInput } from '../scenario/prepareRun.ts';
import type { AdapterHost } from './host.ts';
import type { Progress } from './progress.ts';
import { workInSlices } from './slicedWorker.ts';

/**
 * Compiles a kernel and boots the scenario of `input` on it, with the same settings and the same seed; nothing of
 * what it prints is shown. `schedule` is a course to follow. `undefined` when the kernel cannot run, or the user
 * has had enough.
 */
export async function prepareHeadless(
  host: AdapterHost,
  tree: KernelTree,
  input: PrepareRunInput,
  progress: Progress,
  schedule?: string,
): Promise<PreparedRun | undefined> {
  const { scenario, programs, parameters = {}, seed, checks = true, rules = 'on' } = input;
  await workInSlices(host, compileKernelInSteps(tree), () => {
    progress.report('compiling it');
  });
  if (progress.isCancelled()) return undefined;
  return prepareRun({
    ...{ scenario, programs, parameters, tree, checks, rules },
    ...(seed === undefined ? {} : { seed }),
    ...(schedule === undefined ? {} : { schedule }),
  }).run;
}

/** Runs to the end; `undefined` when the user has had enough. */
export async function finishHeadless<T>(
  host: AdapterHost,
  { machine }: PreparedRun,
  slices: Generator<undefined, T>,
  progress: Progress,
): Promise<T | undefined> {
  for (;;) {
    const slice = slices.next();
    if (slice.done === true) return slice.value;
    await host.yieldToHost();
    if (progress.isCancelled()) return undefined;
    progress.report(`at ${formatDuration(machine.nowNs())} of virtual time`);
  }
}
