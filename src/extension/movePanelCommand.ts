/**
 * *Move Panel To…*: asks for a place and writes it into the setting, which the panel follows.
 */
import * as vscode from 'vscode';
import { SETTINGS } from './ids.ts';
import { panelLocation, type PanelHost, type PanelLocation } from './panelHost.ts';

/** Lets the user choose where the panel is, and shows it there. */
export async function movePanel(panel: PanelHost): Promise<void> {
  const now = panelLocation();
  const names: Readonly<Record<PanelLocation, string>> = {
    editor: vscode.l10n.t('Editor tab beside the source'),
    panel: vscode.l10n.t('Panel area at the bottom'),
    debug: vscode.l10n.t('Side bar of Run and Debug'),
  };
  const icons: Readonly<Record<PanelLocation, string>> = {
    editor: '$(split-horizontal)',
    panel: '$(layout-panel)',
    debug: '$(layout-sidebar-left)',
  };
  const items = (Object.keys(names) as PanelLocation[]).map((location) => ({
    label: `${icons[location]} ${names[location]}`,
    ...(location === now ? { description: vscode.l10n.t('it is there now') } : {}),
    location,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Move Panel To'),
    placeHolder: vscode.l10n.t('Where the panel is; it goes on showing what it shows'),
  });
  if (picked === undefined) return;
  const settings = vscode.workspace.getConfiguration();
  const isOfWorkspace = settings.inspect(SETTINGS.panelLocation)?.workspaceValue !== undefined;
  await settings.update(
    SETTINGS.panelLocation,
    picked.location,
    isOfWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global,
  );
  panel.show();
}
