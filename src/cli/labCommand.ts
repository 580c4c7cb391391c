/**
 * `faultline lab DIR [--find LAB]`: creates a lab folder, a copy of the kernel for a student to edit, or
 * with `--find` a kernel with a bug to find.
 *
 * Everything is checked before the first file is written, and an existing file is never touched.
 */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { UserError } from '../base/errors.ts';
import { bugLabFiles, labFolderFiles } from '../scenario/labFolder.ts';
import { EXIT_OK, type CommandEnvironment, type SetExitCode } from './commandEnvironment.ts';
import { createNodeMedia } from './nodeMedia.ts';
import { kindOfPath } from './userFiles.ts';

/** The subcommand that creates a lab folder. */
export function createLabCommand(
  environment: CommandEnvironment,
  setExitCode: SetExitCode,
): Command {
  return new Command('lab')
    .summary('create a lab folder')
    .description(
      'Creates a folder with a copy of the kernel to edit and what F5 needs to run it; ' +
        'with --find the kernel has a bug to find, and the page in the folder says what is asked.',
    )
    .argument('<dir>', 'the new folder; it must not exist, or be empty')
    .option('--find <lab>', 'a kernel with a bug to find: a lab from `faultline list`')
    .action((name: string, { find }: { readonly find?: string }) => {
      createLab(environment, name, find);
      setExitCode(EXIT_OK);
    });
}

function createLab(environment: CommandEnvironment, name: string, lab: string | undefined): void {
  const folder = path.resolve(environment.workingFolder, name);
  const kind = kindOfPath(environment.workingFolder, name);
  if (kind === 'file' || (kind === 'folder' && readdirSync(folder).length > 0)) {
    throw new UserError(
      'lab-exists',
      `${name} is there already${kind === 'folder' ? ' and is not empty' : ''}.`,
      'Name a new folder; a lab is never created over existing files.',
    );
  }
  const media = createNodeMedia(environment.mediaFolder);
  const files = lab === undefined ? labFolderFiles(media) : bugLabFiles(media, lab);
  for (const [file, text] of files) {
    const target = path.join(folder, file);
    mkdirSync(path.dirname(target), { recursive: true });
    if (!existsSync(target)) writeFileSync(target, text, { flag: 'wx' });
  }
  environment.write(1, `Created ${name} with ${String(files.size)} files.\n`);
  environment.write(1, `Open it with \`code ${name}\` and press F5.\n`);
}
