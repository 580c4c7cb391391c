/**
 * Hosts the lock panel, one for the whole window: an editor tab beside the source, a view in the panel area or one in the
 * debug side bar, as the setting `faultline.panelLocation` says.
 *
 * A webview that is hidden, moved or reloaded begins anew and says `ready`; it is then told the present again. What it
 * asks for is answered by `PanelClient`.
 */
import * as vscode from 'vscode';
import type { PanelMessage, PanelRequest } from '../view/protocol.ts';
import { PANEL_VIEW_TYPE, PANEL_VIEWS, SETTINGS } from './ids.ts';
import { PanelFeed } from './panelFeed.ts';
import { panelHtml } from './panelHtml.ts';
import { isPanelRequest } from './panelRequests.ts';

/** Where the panel can be. */
export const PANEL_LOCATIONS = ['editor', 'panel', 'debug'] as const;
export type PanelLocation = (typeof PANEL_LOCATIONS)[number];

/** Takes what the panel asks for; errors are shown by the client. */
export interface PanelClient {
  take(request: PanelRequest): Promise<void>;
  /** A panel has come back with the window and kept the text of this moment; nothing else is known. */
  remember(moment: string): void;
  /** There is no panel any more. */
  closed(): void;
}

/** The place that the user has chosen. */
export function panelLocation(): PanelLocation {
  const value: unknown = vscode.workspace.getConfiguration().get(SETTINGS.panelLocation);
  return PANEL_LOCATIONS.find((location) => location === value) ?? 'editor';
}

export class PanelHost
  implements vscode.Disposable, vscode.WebviewPanelSerializer, vscode.WebviewViewProvider
{
  private readonly extensionUri: vscode.Uri;
  private readonly client: PanelClient;
  private readonly feed = new PanelFeed((message) => {
    void this.webview?.postMessage(message);
  });
  private readonly subscriptions: vscode.Disposable[] = [];
  private panel: vscode.WebviewPanel | undefined;
  private view: vscode.WebviewView | undefined;
  private waitingForEditor: vscode.Disposable | undefined;

  constructor(extensionUri: vscode.Uri, client: PanelClient) {
    this.extensionUri = extensionUri;
    this.client = client;
  }

  /** Makes the panel known to VS Code. */
  register(): void {
    this.subscriptions.push(
      vscode.window.registerWebviewPanelSerializer(PANEL_VIEW_TYPE, this),
      ...Object.values(PANEL_VIEWS).map((id) =>
        vscode.window.registerWebviewViewProvider(id, this),
      ),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration(SETTINGS.panelLocation)) this.follow();
      }),
    );
  }

  private get webview(): vscode.Webview | undefined {
    return this.panel?.webview ?? this.view?.webview;
  }

  /**
   * Opens the panel at its place, or brings it to the front; focus stays in the editor, since keys
   * that are pressed while a webview loads are lost. VS Code locks the panel's editor group by itself, as
   * `configurationDefaults` of the manifest ask: otherwise the source of the next stop opens over the
   * panel whenever the user has just pressed a button in it.
   */
  show(): void {
    const location = panelLocation();
    if (location !== 'editor') {
      const id = PANEL_VIEWS[location];
      if (this.view?.viewType === id) this.view.show(true);
      else void vscode.commands.executeCommand(`${id}.focus`, { preserveFocus: true });
      return;
    }
    if (this.panel !== undefined) {
      this.panel.reveal(undefined, true);
      return;
    }
    const panel = vscode.window.createWebviewPanel(
      PANEL_VIEW_TYPE,
      'Faultline',
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      this.webviewOptions(),
    );
    this.adoptPanel(panel);
  }

  /** Opens the panel at the start of a session, unless the user turned that off. */
  showForSession(): void {
    this.stopWaiting();
    if (vscode.workspace.getConfiguration().get(SETTINGS.openPanel) !== 'never') {
      this.showBesideSource();
    }
  }

  /**
   * Shows the panel beside the source and never over or under it. With no editor open yet it waits
   * for the source of the first stop: "beside" needs something to be beside.
   */
  showBesideSource(): void {
    this.stopWaiting();
    const editor = vscode.window.activeTextEditor;
    if (panelLocation() !== 'editor') {
      this.show();
      return;
    }
    if (editor !== undefined) {
      this.showBeside(editor);
      return;
    }
    this.waitingForEditor = vscode.window.onDidChangeActiveTextEditor((opened) => {
      if (opened === undefined) return;
      this.stopWaiting();
      this.showBeside(opened);
    });
  }

  private showBeside(editor: vscode.TextEditor): void {
    const isInTheWay = this.panel !== undefined && this.panel.viewColumn === editor.viewColumn;
    if (!isInTheWay) {
      this.show();
      return;
    }
    this.panel?.reveal(vscode.ViewColumn.Beside, true);
  }

  private stopWaiting(): void {
    this.waitingForEditor?.dispose();
    this.waitingForEditor = undefined;
  }

  /** The place has changed: a panel that is open goes along. */
  private follow(): void {
    const wasOpen = this.webview !== undefined;
    if (panelLocation() !== 'editor') this.panel?.dispose();
    if (wasOpen) this.show();
  }

  /** Tells the panel something now, and again whenever one comes to life if it lasts. */
  post(message: PanelMessage): void {
    this.feed.post(message);
  }

  /** Gives a panel that was restored with the window its contents. */
  deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    this.panel?.dispose();
    if (panelLocation() === 'editor') {
      panel.webview.options = this.webviewOptions();
      this.adoptPanel(panel);
    } else panel.dispose();
    return Promise.resolve();
  }

  /** Gives a view its contents when it is shown for the first time. */
  resolveWebviewView(view: vscode.WebviewView): void {
    this.view = view;
    view.webview.options = this.webviewOptions();
    view.onDidDispose(() => {
      if (this.view !== view) return;
      this.view = undefined;
      this.leave();
    });
    this.open(view.webview);
  }

  dispose(): void {
    this.stopWaiting();
    this.panel?.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private webviewOptions(): vscode.WebviewOptions {
    return {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(this.extensionUri, 'dist')],
    };
  }

  private adoptPanel(panel: vscode.WebviewPanel): void {
    this.panel = panel;
    panel.iconPath = vscode.Uri.joinPath(this.extensionUri, 'media', 'icons', 'panel.svg');
    panel.onDidDispose(() => {
      if (this.panel !== panel) return;
      this.panel = undefined;
      this.leave();
    });
    this.open(panel.webview);
  }

  private leave(): void {
    this.feed.forgetPanel();
    if (this.webview === undefined) this.client.closed();
  }

  private open(webview: vscode.Webview): void {
    this.feed.forgetPanel();
    webview.onDidReceiveMessage((message: unknown) => {
      if (isPanelRequest(message)) void this.answer(message);
    });
    webview.html = panelHtml(webview, this.extensionUri);
  }

  private async answer(request: PanelRequest): Promise<void> {
    switch (request.kind) {
      case 'ready':
        if (this.feed.isEmpty && request.moment !== undefined) {
          this.client.remember(request.moment);
        }
        this.feed.repeat();
        return;
      case 'keepSettings':
        this.feed.keep({ kind: 'viewSettings', settings: request.settings });
        return;
      default:
        await this.client.take(request);
    }
  }
}
