/**
 * `faultline list`: the scenarios and kernels that ship, with what they are about.
 */
import { Command } from 'commander';
import { listScenarios, loadBuiltInScenario } from '../scenario/catalog.ts';
import { listKernels } from '../scenario/kernelTree.ts';
import type { MediaFiles } from '../scenario/mediaFiles.ts';
import { EXIT_OK, type CommandEnvironment, type SetExitCode } from './commandEnvironment.ts';
import { createNodeMedia } from './nodeMedia.ts';
import { formatTable } from './textTable.ts';

const KERNELS: Readonly<Record<string, string>> = {
  patched: 'the kernel with the patch that drops mmap_sem during the disk read',
  unpatched: 'the same kernel before the patch',
};

/** The subcommand that names what ships. */
export function createListCommand(
  environment: CommandEnvironment,
  setExitCode: SetExitCode,
): Command {
  return new Command('list')
    .summary('name the scenarios and kernels')
    .description('Names the scenarios and kernels that `run` and the debugger know.')
    .action(() => {
      const media = createNodeMedia(environment.mediaFolder);
      const lines = [...describeScenarios(media), '', ...describeKernels(media)];
      environment.write(1, `${lines.join('\n')}\n`);
      setExitCode(EXIT_OK);
    });
}

function describeScenarios(media: MediaFiles): string[] {
  const rows = listScenarios(media).map((name) => {
    const { scenario } = loadBuiltInScenario(media, name);
    return [name, scenario?.data.title ?? ''];
  });
  return formatTable([['scenario', 'what happens'], ...rows]);
}

function describeKernels(media: MediaFiles): string[] {
  const rows = listKernels(media).map((name) => [name, KERNELS[name] ?? `${name}.patch applied`]);
  return formatTable([['kernel', 'what it is'], ...rows]);
}
