/**
 * Checks lab folders while they are edited: when a file of one is saved, comes, goes or changes on the
 * disk, and once when the window opens, so that mistakes stand in the Problems panel before a launch.
 *
 * A check reads the folder anew and compiles it in pieces, between which the extension host is free; a
 * change meanwhile gives it up and begins another. Unsaved text does not count.
 */
import * as vscode from 'vscode';
import { toDiagnosticItem } from '../adapter/diagnosticItems.ts';
import { isHidden, isTreeText } from '../adapter/kernelFolder.ts';
import { LabCheck, type LabCheckResult } from '../scenario/labCheck.ts';
import type { MediaFiles } from '../scenario/mediaFiles.ts';
import { readTexts } from './adapterHost.ts';
import type { Problems } from './problems.ts';
import type { LabFolders } from './sources.ts';

/** Saving many files at once, or a checkout, is one change. */
const QUIET_MS = 200;

interface Lab {
  readonly folder: vscode.Uri;
  readonly check: LabCheck;
  timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts changes; a check that finds another number than it began with gives up. */
  change: number;
  isRunning: boolean;
}

export class LabChecks implements vscode.Disposable {
  readonly #labs: LabFolders;
  readonly #problems: Problems;
  readonly #media: () => Promise<MediaFiles>;
  readonly #inBackground: (work: () => Promise<void>) => Promise<void>;
  readonly #known = new Map<string, Lab>();
  readonly #subscriptions: vscode.Disposable[] = [];

  /** `inBackground` runs work and logs what it throws. */
  constructor(
    labs: LabFolders,
    problems: Problems,
    media: () => Promise<MediaFiles>,
    inBackground: (work: () => Promise<void>) => Promise<void>,
  ) {
    this.#labs = labs;
    this.#problems = problems;
    this.#media = media;
    this.#inBackground = inBackground;
    const watcher = vscode.workspace.createFileSystemWatcher('**/*');
    const changed = (uri: vscode.Uri): void => {
      this.#fileChanged(uri);
    };
    this.#subscriptions.push(
      watcher,
      watcher.onDidChange(changed),
      watcher.onDidCreate(changed),
      // A folder that goes takes its files along, and only the folder is told.
      watcher.onDidDelete((uri) => {
        this.#fileChanged(uri, true);
      }),
      vscode.workspace.onDidSaveTextDocument(({ uri }) => {
        changed(uri);
      }),
      labs.onDidChange(() => {
        this.#followFolders();
      }),
    );
    this.#followFolders();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    for (const lab of this.#known.values()) clearTimeout(lab.timer);
  }

  /** Checks labs that are new and forgets those that are gone. */
  #followFolders(): void {
    const names = new Set(this.#labs.all.map(String));
    for (const [name, { folder, timer }] of this.#known) {
      if (names.has(name)) continue;
      clearTimeout(timer);
      this.#known.delete(name);
      this.#problems.forget(folder);
    }
    for (const folder of this.#labs.all) {
      if (!this.#known.has(folder.toString())) void this.#inBackground(() => this.#begin(folder));
    }
  }

  async #begin(folder: vscode.Uri): Promise<void> {
    const check = new LabCheck(await this.#media());
    if (this.#known.has(folder.toString())) return;
    const lab = { folder, check, timer: undefined, change: 0, isRunning: false };
    this.#known.set(folder.toString(), lab);
    this.#schedule(lab);
  }

  #fileChanged(uri: vscode.Uri, isGone = false): void {
    if (!isGone && !isTreeText(uri.path)) return;
    for (const lab of this.#known.values()) {
      const prefix = `${lab.folder.path}/`;
      if (uri.scheme !== lab.folder.scheme || !uri.path.startsWith(prefix)) continue;
      if (!uri.path.slice(prefix.length).split('/').some(isHidden)) this.#schedule(lab);
    }
  }

  #schedule(lab: Lab): void {
    lab.change += 1;
    clearTimeout(lab.timer);
    lab.timer = setTimeout(() => {
      void this.#inBackground(() => this.#run(lab));
    }, QUIET_MS);
  }

  /** One check at a time; one that was overtaken is begun again by the change that overtook it. */
  async #run(lab: Lab): Promise<void> {
    if (lab.isRunning) return;
    lab.isRunning = true;
    try {
      for (let change = -1; change !== lab.change;) {
        ({ change } = lab);
        const result = await runCheck(lab);
        if (result !== undefined && this.#known.get(lab.folder.toString()) === lab) {
          this.#show(lab, result);
        }
      }
    } finally {
      lab.isRunning = false;
    }
  }

  #show({ folder }: Lab, { diagnostics, files }: LabCheckResult): void {
    const uriOf = (path: string): vscode.Uri => vscode.Uri.joinPath(folder, ...path.split('/'));
    const names = { uriOf: (file: { readonly path: string }) => uriOf(file.path).toString() };
    const items = diagnostics.map((diagnostic) => toDiagnosticItem(names, diagnostic));
    this.#problems.showCheck(folder, items, files.map(uriOf));
  }
}

/** `undefined` when a change overtook the check. */
async function runCheck(lab: Lab): Promise<LabCheckResult | undefined> {
  const { change } = lab;
  const steps = lab.check.run(await readTexts(lab.folder));
  for (;;) {
    if (lab.change !== change) return undefined;
    const step = steps.next();
    if (step.done === true) return step.value;
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
  }
}
