/**
 * *Compare With Before*: the run without the user's changes on the left, the run as it is on the right, in the diff
 * editor that people know.
 *
 * The adapter makes both texts; here they are two read-only documents. They are kept as long as the window may show
 * them, a few comparisons at most.
 */
import * as vscode from 'vscode';
import type { CompareResult, CustomRequests } from '../view/protocol.ts';
import { COMPARE_SCHEME } from './ids.ts';
import type { SessionTracker } from './sessionTracker.ts';

type CompareArguments = CustomRequests['faultline/compare']['arguments'];

/** Comparisons whose texts are kept. */
const MOST_KEPT = 16;
const LONGEST_NAME = 60;

/** Serves the texts of comparisons. */
export class ComparedRuns implements vscode.TextDocumentContentProvider {
  private readonly texts = new Map<string, string>();
  private count = 0;

  provideTextDocumentContent(uri: vscode.Uri): string {
    return (
      this.texts.get(uri.path) ??
      vscode.l10n.t('This comparison is gone. Compare again while the session runs.')
    );
  }

  /** The documents of a comparison: without the changes, and as it is. */
  add({ changes, before, now }: CompareResult): readonly [vscode.Uri, vscode.Uri] {
    this.count += 1;
    const folder = `/${String(this.count)}`;
    const without = fileName(vscode.l10n.t('without {0}', changes.join(', ')));
    const paths = [
      `${folder}/${without}.txt`,
      `${folder}/${vscode.l10n.t('as it is')}.txt`,
    ] as const;
    this.texts.set(paths[0], before);
    this.texts.set(paths[1], now);
    for (const path of [...this.texts.keys()].slice(0, -2 * MOST_KEPT)) this.texts.delete(path);
    const [left, right] = paths.map((path) => vscode.Uri.from({ scheme: COMPARE_SCHEME, path }));
    return [left, right] as readonly [vscode.Uri, vscode.Uri];
  }
}

/** A text as part of a path. */
function fileName(text: string): string {
  return text.replaceAll(/[\\/]+/g, '∕').slice(0, LONGEST_NAME);
}

/** With which run and at which moment; `undefined` when the user thinks better of it. */
async function choose(tracker: SessionTracker): Promise<CompareArguments | undefined> {
  const { changes, place } = await tracker.request('faultline/changes', {});
  const last = changes.at(-1);
  // The adapter says why there is nothing to compare with.
  if (last === undefined) return {};
  const moments = [
    { at: 'time', detail: vscode.l10n.t('At the same virtual time') },
    ...(place === undefined
      ? []
      : [{ at: 'place', detail: vscode.l10n.t('At the same place: {0}', place) } as const]),
  ] as const;
  const runs = [
    {
      since: 'last',
      label: vscode.l10n.t('Without the last change: {0}', last),
    },
    ...(changes.length === 1
      ? []
      : [
          {
            since: 'first',
            label: vscode.l10n.t('Without any change: {0}', changes.join(', ')),
          } as const,
        ]),
  ] as const;
  const items = runs.flatMap(({ since, label }) =>
    moments.map(({ at, detail }) => ({ label, detail, since, at })),
  );
  if (items.length === 1) return items[0];
  return await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Compare With Before'),
    placeHolder: vscode.l10n.t('The run that this one is compared with, and when'),
    matchOnDetail: true,
  });
}

/** Compares and opens the result; says so when nothing differs. */
export async function compareWithBefore(
  tracker: SessionTracker,
  documents: ComparedRuns,
): Promise<void> {
  const picked = await choose(tracker);
  if (picked === undefined) return;
  const { since = 'last', at = 'time' } = picked;
  const result = await tracker.request('faultline/compare', { since, at });
  const changes = result.changes.join(', ');
  if (result.differences.length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Nothing differs without {0}, {1}.', changes, result.moment),
    );
    return;
  }
  const [left, right] = documents.add(result);
  const title = vscode.l10n.t('Without {0} ↔ as it is', fileName(changes));
  await vscode.commands.executeCommand('vscode.diff', left, right, title, {
    viewColumn: vscode.ViewColumn.One,
    preview: true,
  });
}
