/**
 * Asks for a kernel: the variants first, then, apart, the labs that have to do with the matter.
 */
import * as vscode from 'vscode';
import type { Lab, PatchCatalog } from '../scenario/patchCatalog.ts';

/** What the list says, and what it holds. */
export interface KernelQuestion {
  readonly title: string;
  readonly placeHolder: string;
  /** Which labs stand under the variants; all when left out. */
  readonly isLabOffered?: (lab: Lab) => boolean;
  /** A kernel that is no answer. */
  readonly without?: string;
  /** Kernels that stand above all others, folders included. */
  readonly first?: readonly string[];
}

function separator(label: string): vscode.QuickPickItem {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

/** The items of the list, with a line between variants and labs where there are both. */
export function kernelItems(
  { kernels, labs }: PatchCatalog,
  { isLabOffered = () => true, without, first = [] }: KernelQuestion,
): vscode.QuickPickItem[] {
  const toItem = ({ name, title }: { name: string; title: string }): vscode.QuickPickItem => ({
    label: name,
    description: title,
  });
  const likely = first.map((name) =>
    toItem([...kernels, ...labs].find((item) => item.name === name) ?? { name, title: '' }),
  );
  const items = [kernels, labs.filter(isLabOffered)].map((list) =>
    list.filter(({ name }) => name !== without && !first.includes(name)).map(toItem),
  );
  const [variants = [], bugs = []] = items;
  const all = [...likely, ...variants];
  return bugs.length === 0 ? all : [...all, separator(vscode.l10n.t('Find the bug')), ...bugs];
}

/** The name of the kernel that the user picks, or `undefined`. */
export async function pickKernel(
  catalog: PatchCatalog,
  question: KernelQuestion,
): Promise<string | undefined> {
  const picked = await vscode.window.showQuickPick(kernelItems(catalog, question), {
    title: question.title,
    placeHolder: question.placeHolder,
    matchOnDescription: true,
  });
  return picked?.label;
}
