/** Which documents belong to a kernel tree: the read-only ones, and copies in lab folders. */
import * as vscode from 'vscode';
import { HAS_LAB_CONTEXT, LAB_FILE } from './ids.ts';
import { pathInKernelTree } from './kernelFileSystem.ts';

/** The folders of the window that are labs; follows files as they come and go. */
export class LabFolders implements vscode.Disposable {
  private readonly watcher = vscode.workspace.createFileSystemWatcher(`**/${LAB_FILE}`);
  private readonly changed = new vscode.EventEmitter<void>();
  private folders: readonly vscode.Uri[] = [];

  /** Labs have come or gone. */
  readonly onDidChange = this.changed.event;

  constructor() {
    this.watcher.onDidCreate(() => this.refresh());
    this.watcher.onDidDelete(() => this.refresh());
  }

  /** Looks for labs anew. */
  async refresh(): Promise<void> {
    const files = await vscode.workspace.findFiles(`**/${LAB_FILE}`, '**/node_modules/**', 50);
    this.folders = files.map((file) => vscode.Uri.joinPath(file, '..'));
    await vscode.commands.executeCommand('setContext', HAS_LAB_CONTEXT, files.length > 0);
    this.changed.fire();
  }

  /** The folders that are labs. */
  get all(): readonly vscode.Uri[] {
    return this.folders;
  }

  /** The path inside its kernel tree of a document, such as `mm/filemap.c`. */
  readonly treePathOf = (uri: vscode.Uri): string | undefined => {
    const shipped = pathInKernelTree(uri);
    if (shipped !== undefined) return shipped;
    for (const folder of this.folders) {
      const prefix = `${vscode.Uri.joinPath(folder, 'kernel').path}/`;
      if (uri.scheme === folder.scheme && uri.path.startsWith(prefix)) {
        return uri.path.slice(prefix.length);
      }
    }
    return undefined;
  };

  dispose(): void {
    this.watcher.dispose();
    this.changed.dispose();
  }
}
