/**
 * Hosts the lock panel: an editor tab beside the source, one for the whole window.
 *
 * It keeps the last message of each kind, so that a panel that is closed and opened again, moved, or
 * restored with the window shows the present. What the panel asks for is answered by `PanelActions`.
 */
import * as vscode from 'vscode';
import { PANEL_QUERIES, type PanelMessage, type PanelRequest } from '../view/protocol.ts';
import { PANEL_VIEW_TYPE, SETTINGS } from './ids.ts';
import { panelHtml } from './panelHtml.ts';

/** Takes what the panel asks for; errors are shown by the caller. */
export type PanelActions = (request: PanelRequest) => Promise<void>;

const COMMANDS = new Set<string>([
  'nextMoment',
  'previousMoment',
  'stepBack',
  'continue',
  'restartWithOtherKernel',
  'startWalkthrough',
  'openRealOrSimplified',
  'startScenario',
]);

/** Checks a message of the webview once, at the edge; anything else is dropped. */
function isPanelRequest(message: unknown): message is PanelRequest {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return false;
  const request = message as Record<string, unknown>;
  switch (request['kind']) {
    case 'ready':
      return true;
    case 'command':
      return typeof request['command'] === 'string' && COMMANDS.has(request['command']);
    case 'why':
    case 'selectTask':
      return typeof request['task'] === 'number';
    case 'query':
      return (
        typeof request['id'] === 'number' &&
        PANEL_QUERIES.some((name) => name === request['name']) &&
        typeof request['arguments'] === 'object' &&
        request['arguments'] !== null
      );
    case 'reveal':
      return typeof request['uri'] === 'string' && typeof request['line1'] === 'number';
    case 'showMemory':
      return typeof request['expression'] === 'string';
    case 'copy':
      return typeof request['text'] === 'string';
    case 'tourMove':
      return ['next', 'previous', 'close'].includes(String(request['direction']));
    case 'tourAnswer':
      return typeof request['choice'] === 'number';
    default:
      return false;
  }
}

export class PanelHost implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private readonly extensionUri: vscode.Uri;
  private readonly actions: PanelActions;
  private readonly lastMessages = new Map<PanelMessage['kind'], PanelMessage>();
  private panel: vscode.WebviewPanel | undefined;
  private waitingForEditor: vscode.Disposable | undefined;

  constructor(extensionUri: vscode.Uri, actions: PanelActions) {
    this.extensionUri = extensionUri;
    this.actions = actions;
  }

  /**
   * Opens the panel beside the editor, or brings it to the front; focus stays in the editor, since keys
   * that are pressed while a webview loads are lost. VS Code locks the panel's group by itself, as
   * `configurationDefaults` of the manifest ask: otherwise the source of the next stop opens over the
   * panel whenever the user has just pressed a button in it.
   */
  show(): void {
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
    this.adopt(panel);
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

  /** Sends a message now, and again whenever a panel comes to life. */
  post(message: PanelMessage): void {
    if (message.kind === 'state' || message.kind === 'running' || message.kind === 'noSession') {
      this.lastMessages.delete('running');
      this.lastMessages.delete('noSession');
      this.lastMessages.delete('why');
      this.lastMessages.delete('highlight');
      this.lastMessages.delete('compareRuns');
      this.lastMessages.delete('selected');
    }
    this.lastMessages.set(message.kind, message);
    void this.panel?.webview.postMessage(message);
  }

  /** Sends the answer to a query: once, and only to the panel that is there. */
  reply(message: Extract<PanelMessage, { kind: 'answer' | 'refused' }>): void {
    void this.panel?.webview.postMessage(message);
  }

  /** Gives a panel that was restored with the window its contents. */
  deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    this.panel?.dispose();
    panel.webview.options = this.webviewOptions();
    this.adopt(panel);
    return Promise.resolve();
  }

  dispose(): void {
    this.stopWaiting();
    this.panel?.dispose();
  }

  private webviewOptions(): vscode.WebviewOptions {
    return {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(this.extensionUri, 'dist')],
    };
  }

  private adopt(panel: vscode.WebviewPanel): void {
    this.panel = panel;
    panel.iconPath = vscode.Uri.joinPath(this.extensionUri, 'media', 'icons', 'panel.svg');
    panel.onDidDispose(() => {
      if (this.panel === panel) this.panel = undefined;
    });
    panel.webview.onDidReceiveMessage((message: unknown) => {
      if (isPanelRequest(message)) void this.answer(message);
    });
    panel.webview.html = panelHtml(panel.webview, this.extensionUri);
  }

  private async answer(request: PanelRequest): Promise<void> {
    if (request.kind === 'ready') {
      for (const message of this.lastMessages.values()) {
        await this.panel?.webview.postMessage(message);
      }
      if (this.lastMessages.size === 0) {
        await this.panel?.webview.postMessage({ kind: 'noSession' } satisfies PanelMessage);
      }
      return;
    }
    await this.actions(request);
  }
}
