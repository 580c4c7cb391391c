/**
 * What a new lab folder contains: a copy of the kernel that is the student's to edit, and what makes
 * F5 and an ordinary C language server work in it.
 *
 * Only names and texts; whoever writes them makes sure that nothing is overwritten.
 */
import type { MediaFiles } from './mediaFiles.ts';

/** The file that marks a lab folder. */
export const LAB_FILE_NAME = 'faultline.lab.jsonc';

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

const LAUNCH = {
  version: '0.2.0',
  configurations: [
    {
      type: 'faultline',
      request: 'launch',
      name: 'My kernel',
      scenario: 'cold-fault-with-mmap',
      kernel: '${workspaceFolder}/kernel',
      stopOnEntry: true,
    },
    {
      type: 'faultline',
      request: 'launch',
      name: 'Unpatched kernel',
      scenario: 'cold-fault-with-mmap',
      kernel: 'unpatched',
      stopOnEntry: true,
    },
    {
      type: 'faultline',
      request: 'launch',
      name: 'Patched kernel',
      scenario: 'cold-fault-with-mmap',
      kernel: 'patched',
      stopOnEntry: true,
    },
  ],
};

const LAB = `{
  // What this lab runs: a built-in scenario or the path of one, on the kernel of a folder.
  "version": 1,
  "scenario": "cold-fault-with-mmap",
  "kernel": "kernel",
  // The kernel that the copy was made from.
  "base": "patched"
}
`;

const COMPILE_FLAGS = [
  '-xc',
  '-m32',
  '-std=gnu99',
  '-Wall',
  '-nostdinc',
  '-Ikernel/include',
  '-Ikernel/arch/x86/include',
  '',
].join('\n');

const README = `# A lab for page faults

\`kernel/\` is your copy of the kernel. Edit a line, press F5, and step through what you made.

- F5 runs the configuration "My kernel" and stops at the entry of \`do_page_fault\`.
- F10, F11 and Shift+F11 step; Alt+F9 steps back; Alt+F10 goes to the next moment of the story.
- The other configurations run the kernels as they ship, with and without the patch, to compare.

Five edits to try, each of one line. Predict first.

1. \`mm/filemap.c\`: leave out the call to \`up_read\` before the wait.
2. \`mm/filemap.c\`: leave out \`page_cache_release\` after the wait.
3. \`include/linux/mm.h\`: change \`VM_FAULT_RELEASED\` from 0x0400 to 0x0200.
4. \`mm/filemap.c\`: wait first and drop the lock afterwards.
5. \`arch/x86/mm/fault.c\`: leave out \`release_flag = 0\`.
`;

/** The files of a new lab folder: path inside the folder → text. */
export function labFolderFiles(media: MediaFiles): ReadonlyMap<string, string> {
  const files = new Map<string, string>([
    [LAB_FILE_NAME, LAB],
    ['README.md', README],
    ['compile_flags.txt', COMPILE_FLAGS],
    ['.vscode/launch.json', jsonText(LAUNCH)],
  ]);
  for (const path of media.list('kernel/')) files.set(path, media.read(path) ?? '');
  return files;
}
