/**
 * Locks the editor group of the panel, as VS Code does for terminals in editors: otherwise the source of
 * the next stop opens over the panel whenever the user has just pressed a button in it.
 */
import * as vscode from 'vscode';
import { PANEL_VIEW_TYPE } from './ids.ts';

/** Whether a tab is the panel's. */
function isPanelTab(tab: vscode.Tab | undefined): boolean {
  return (
    tab?.input instanceof vscode.TabInputWebview && tab.input.viewType.endsWith(PANEL_VIEW_TYPE)
  );
}

async function lock(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.lockEditorGroup');
  await vscode.commands.executeCommand('workbench.action.focusPreviousGroup');
}

/**
 * Locks the group as soon as the panel, which is being opened with the focus, stands there, and gives the focus back to the editor. A group that holds other editors as well stays as it is.
 */
export function lockPanelGroup(): void {
  const subscriptions: vscode.Disposable[] = [];
  const tryToLock = (): void => {
    const { all, activeTabGroup } = vscode.window.tabGroups;
    if (!isPanelTab(activeTabGroup.activeTab)) return;
    for (const subscription of subscriptions) subscription.dispose();
    if (all.length > 1 && activeTabGroup.tabs.length === 1) void lock();
  };
  subscriptions.push(
    vscode.window.tabGroups.onDidChangeTabs(tryToLock),
    vscode.window.tabGroups.onDidChangeTabGroups(tryToLock),
  );
  tryToLock();
}
