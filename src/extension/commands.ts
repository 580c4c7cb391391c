/**
 * The commands of the palette, the Run view and the toolbars: each a short function over the session
 * of the window. Errors reach the user through `runCommand` of `extension.ts`.
 */
import * as vscode from 'vscode';
import type { MediaFiles } from '../scenario/mediaFiles.ts';
import { differingPaths } from '../scenario/kernelTree.ts';
import { patchCatalog, type PatchCatalog } from '../scenario/patchCatalog.ts';
import type { PatchedLines } from '../scenario/patchedLines.ts';
import { launchConfiguration } from './configurationProvider.ts';
import { HEADLINE_SCENARIO } from './ids.ts';
import { kernelUri } from './kernelFileSystem.ts';
import { pickKernel } from './kernelPick.ts';
import type { SessionTracker } from './sessionTracker.ts';
import { taskOfVariable } from './variableCommands.ts';

/** Starts a configuration in the first folder; a failure is told by VS Code itself. */
async function launch(configuration: vscode.DebugConfiguration): Promise<void> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  await vscode.debug.startDebugging(folder, configuration);
}

/** The headline scenario on the patched kernel, whatever the window shows. */
export async function debugPatch(): Promise<void> {
  await launch(launchConfiguration(HEADLINE_SCENARIO, 'patched'));
}

/** Asks for a scenario, then for a kernel, and starts it. */
export async function startScenario(
  scenarios: readonly { readonly name: string; readonly title: string }[],
  catalog: PatchCatalog,
): Promise<void> {
  const scenario = await vscode.window.showQuickPick(
    scenarios.map(({ name, title }) => ({ label: name, description: title })),
    {
      title: vscode.l10n.t('Start Scenario (1/2)'),
      placeHolder: vscode.l10n.t('The scenario'),
      matchOnDescription: true,
    },
  );
  if (scenario === undefined) return;
  const kernel = await pickKernel(catalog, {
    title: vscode.l10n.t('Start Scenario (2/2)'),
    placeHolder: vscode.l10n.t('The kernel it runs on'),
    isLabOffered: ({ scenario: of }) => of === scenario.label,
  });
  if (kernel === undefined) return;
  await launch(launchConfiguration(scenario.label, kernel));
}

/** Asks for a file of the patched kernel and opens it read-only. */
export async function openSources(media: MediaFiles): Promise<void> {
  const first = ['arch/x86/mm/fault.c', 'mm/filemap.c', 'mm/memory.c', 'include/linux/mm.h'];
  const all = media.list('kernel/').map((path) => path.slice('kernel/'.length));
  const paths = [
    ...first.filter((path) => all.includes(path)),
    ...all.filter((path) => !first.includes(path)),
  ];
  const picked = await vscode.window.showQuickPick(
    paths.map((path) => ({
      label: path,
      ...(first.includes(path) ? { description: vscode.l10n.t('changed by the patch') } : {}),
    })),
    {
      title: vscode.l10n.t('Open Annotated Sources'),
      placeHolder: vscode.l10n.t('A file of the patched kernel'),
    },
  );
  if (picked !== undefined)
    await vscode.window.showTextDocument(kernelUri('patched', picked.label));
}

/** Opens the files that the patch changes, side by side, in one editor. */
export async function showPatch(runs: readonly PatchedLines[]): Promise<void> {
  const paths = [...new Set(runs.map(({ path }) => path))];
  const resources = paths.map((path) => [
    kernelUri('patched', path),
    kernelUri('unpatched', path),
    kernelUri('patched', path),
  ]);
  await vscode.commands.executeCommand(
    'vscode.changes',
    'Release mmap_sem when page fault blocks on disk transfer',
    resources,
  );
}

/** Asks for two kernels and opens the files in which they differ, side by side, in one editor. */
export async function compareKernels(media: MediaFiles): Promise<void> {
  const catalog = patchCatalog(media);
  const left = await pickKernel(catalog, {
    title: vscode.l10n.t('Compare Kernels (1/2)'),
    placeHolder: vscode.l10n.t('The kernel on the left'),
  });
  if (left === undefined) return;
  const right = await pickKernel(catalog, {
    title: vscode.l10n.t('Compare Kernels (2/2)'),
    placeHolder: vscode.l10n.t('The kernel that {0} is compared with', left),
    without: left,
  });
  if (right === undefined) return;
  const resources = differingPaths(media, left, right).map((path) => [
    kernelUri(right, path),
    kernelUri(left, path),
    kernelUri(right, path),
  ]);
  await vscode.commands.executeCommand('vscode.changes', `${left} ↔ ${right}`, resources);
}

/** Moves the machine to the next or previous moment; says so where there is none. */
export async function moveToMoment(
  tracker: SessionTracker,
  direction: 'next' | 'previous',
): Promise<void> {
  const move = await tracker.request('faultline/moment', { direction });
  if (!move.reached) vscode.window.setStatusBarMessage(`Faultline: ${move.reason}`, 6000);
}

interface ThreadItem {
  readonly threadId?: number;
}

function threadOf(argument: unknown): number | undefined {
  const threadId = (argument as ThreadItem | undefined)?.threadId;
  return typeof threadId === 'number' ? threadId : undefined;
}

/** Says why a task does not run: the one whose menu was opened, or one that the user picks. */
export async function whyBlocked(tracker: SessionTracker, argument: unknown): Promise<void> {
  const task =
    threadOf(argument) ?? (await taskOfVariable(tracker, argument)) ?? (await pickTask(tracker));
  if (task === undefined) return;
  const why = await tracker.request('faultline/why', { task });
  void vscode.window.showInformationMessage(why.text);
}

async function pickTask(tracker: SessionTracker): Promise<number | undefined> {
  const { selectedTaskId } = tracker;
  const tasks = [...(tracker.lastState?.tasks ?? [])];
  // The one that is selected in the call stack comes first.
  tasks.sort(
    (one, other) => Number(other.id === selectedTaskId) - Number(one.id === selectedTaskId),
  );
  const picked = await vscode.window.showQuickPick(
    tasks.map(({ id, name, stateWords }) => ({ label: name, description: stateWords, id })),
    { title: vscode.l10n.t('Why Is This Task Blocked?'), placeHolder: vscode.l10n.t('A task') },
  );
  return picked?.id;
}

/** Opens the page about what is real and what is simplified. */
export async function showWhatIsReal(extensionUri: vscode.Uri): Promise<void> {
  const page = vscode.Uri.joinPath(extensionUri, 'media', 'walkthrough', 'what-is-real.md');
  await vscode.commands.executeCommand('markdown.showPreview', page);
}
