/** The panel's document for a webview of VS Code: its addresses and a fresh nonce in `panelDocument`. */
import * as vscode from 'vscode';
import { panelDocument } from './panelDocument.ts';

function createNonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The HTML for a webview whose `localResourceRoots` contain the extension's `dist` folder. */
export function panelHtml(webview: vscode.Webview, extensionUri: vscode.Uri): string {
  const address = (file: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', file)).toString();
  return panelDocument({
    script: address('webview.js'),
    style: address('webview.css'),
    cspSource: webview.cspSource,
    nonce: createNonce(),
  });
}
