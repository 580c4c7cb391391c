/**
 * What a new lab folder contains: a copy of the kernel that is the student's to edit, and what makes
 * F5 and an ordinary C language server work in it.
 *
 * Only names and texts; whoever writes them makes sure that nothing is overwritten.
 */
import { BugError } from '../base/errors.ts';
import { loadKernelTree } from './kernelTree.ts';
import type { MediaFiles } from './mediaFiles.ts';
import { findLab, listLabs, SHIPPED_KERNEL, type Lab } from './patchCatalog.ts';
import { scenarioErrors } from './scenarioMessages.ts';

/** The file that marks a lab folder. */
export const LAB_FILE_NAME = 'faultline.lab.jsonc';

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

const MY_KERNEL = '${workspaceFolder}/kernel';
const HEADLINE_SCENARIO = 'cold-fault-with-mmap';

const WATCHED = 'My kernel, watched by the rules';

/** What differs between the launch configurations of a lab. */
interface LabConfiguration {
  readonly name: string;
  readonly kernel: string;
  readonly rules?: 'off';
}

function launchText(scenario: string, configurations: readonly LabConfiguration[]): string {
  const common = { type: 'faultline', request: 'launch' };
  return jsonText({
    version: '0.2.0',
    configurations: configurations.map(({ name, ...own }) => ({
      ...common,
      name,
      scenario,
      ...own,
      stopOnEntry: true,
    })),
  });
}

function labText(scenario: string, base: string): string {
  return `{
  // What this lab runs: a built-in scenario or the path of one, on the kernel of a folder.
  "version": 1,
  "scenario": "${scenario}",
  "kernel": "kernel",
  // The kernel that ships and that a run is compared with when it is over.
  "base": "${base}"
}
`;
}

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

/** The page for a student who has a bug to find. It does not say where it is. */
function taskText({ title, task, scenario, from }: Lab): string {
  return `# ${title}

\`kernel/\` is a kernel with one small bug. Find it, and put it right.

${task}

- F5 runs the scenario \`${scenario}\` on your kernel and shows what happens; the configuration
  "As It Should Be" runs it on the kernel \`${from}\`, which does not have the bug.
- The configuration "${WATCHED}" is a big hint: it stops where your kernel first breaks a
  rule that the debugger checks, and says which one; some bugs break none.
- F10, F11 and Shift+F11 step; Alt+F9 steps back; Alt+F10 goes to the next moment of the story.
- When a run is over, the debug console compares it with the kernel \`${from}\`.

First say what you see, then why it happens, and only then change the line. *Faultline: Compare
Kernels* shows the kernels side by side that ship; that is the answer, so look there last.
`;
}

/** What is in every lab folder, whatever its kernel. */
function frameFiles(kernelFiles: Iterable<readonly [string, string]>): Map<string, string> {
  const files = new Map<string, string>([['compile_flags.txt', COMPILE_FLAGS]]);
  for (const [path, text] of kernelFiles) files.set(`kernel/${path}`, text);
  return files;
}

/** The files of a new lab folder, a copy of the patched kernel: path inside the folder → text. */
export function labFolderFiles(media: MediaFiles): ReadonlyMap<string, string> {
  const files = frameFiles(kernelTexts(media, SHIPPED_KERNEL));
  files.set(LAB_FILE_NAME, labText(HEADLINE_SCENARIO, SHIPPED_KERNEL));
  files.set('README.md', README);
  files.set(
    '.vscode/launch.json',
    launchText(HEADLINE_SCENARIO, [
      { name: 'My kernel', kernel: MY_KERNEL },
      { name: 'Unpatched kernel', kernel: 'unpatched' },
      { name: 'Patched kernel', kernel: 'patched' },
    ]),
  );
  return files;
}

/**
 * The files of a new lab folder whose kernel has a bug to find. Without the rules a run shows the symptom
 * that the task speaks of; with them it stops earlier, with a message that comes near the answer.
 * Errors: `UserError` for a name that no lab has.
 */
export function bugLabFiles(media: MediaFiles, name: string): ReadonlyMap<string, string> {
  const lab = findLab(media, name);
  const known = listLabs(media).map((item) => item.name);
  if (lab === undefined) throw scenarioErrors.unknownLab(name, known);
  const files = frameFiles(kernelTexts(media, name));
  files.set(LAB_FILE_NAME, labText(lab.scenario, lab.from));
  files.set('README.md', taskText(lab));
  files.set(
    '.vscode/launch.json',
    launchText(lab.scenario, [
      { name: 'My kernel', kernel: MY_KERNEL, rules: 'off' },
      { name: WATCHED, kernel: MY_KERNEL },
      { name: 'As It Should Be', kernel: lab.from },
    ]),
  );
  return files;
}

function kernelTexts(media: MediaFiles, kernel: string): (readonly [string, string])[] {
  const { tree, diagnostics } = loadKernelTree(media, kernel);
  // What ships is tested to apply.
  if (tree === undefined) throw new BugError(diagnostics[0]?.message ?? 'no kernel');
  return [...tree.files].map(([path, { text }]) => [path, text] as const);
}
