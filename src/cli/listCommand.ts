/**
 * `faultline list`: the scenarios, kernels and labs that ship, with what they are about.
 */
import { Command } from 'commander';
import { listScenarios, loadBuiltInScenario } from '../scenario/catalog.ts';
import type { MediaFiles } from '../scenario/mediaFiles.ts';
import { patchCatalog } from '../scenario/patchCatalog.ts';
import { EXIT_OK, type CommandEnvironment, type SetExitCode } from './commandEnvironment.ts';
import { createNodeMedia } from './nodeMedia.ts';
import { formatTable } from './textTable.ts';

/** The subcommand that names what ships. */
export function createListCommand(
  environment: CommandEnvironment,
  setExitCode: SetExitCode,
): Command {
  return new Command('list')
    .summary('name the scenarios, kernels and labs')
    .description(
      'Names the scenarios and kernels that `run` and the debugger know. A lab is a kernel with a bug\n' +
        'to find: `--kernel` takes it, and `faultline lab --find` makes a folder of it.',
    )
    .action(() => {
      const media = createNodeMedia(environment.mediaFolder);
      const lines = [
        ...describeScenarios(media),
        '',
        ...describeKernels(media),
        '',
        ...describeLabs(media),
      ];
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
  const rows = patchCatalog(media).kernels.map(({ name, title }) => [name, title]);
  return formatTable([['kernel', 'what it is'], ...rows]);
}

function describeLabs(media: MediaFiles): string[] {
  const rows = patchCatalog(media).labs.map(({ name, scenario, title }) => [name, scenario, title]);
  return formatTable([['lab', 'scenario', 'what one sees'], ...rows]);
}
