/**
 * What the panel asks for, done: commands, queries to the run that it shows, places to open, files to save.
 */
import * as vscode from 'vscode';
import type { PanelCommand, PanelRequest } from '../view/protocol.ts';
import { saveExport } from './exportCommand.ts';
import { COMMANDS } from './ids.ts';
import type { MemoryDocuments } from './memoryDocuments.ts';
import type { PanelClient, PanelHost } from './panelHost.ts';
import { sourceUri } from './problems.ts';
import type { SessionTracker } from './sessionTracker.ts';
import type { ShownRun } from './shownRun.ts';
import type { TourPlayer } from './tourPlayer.ts';

/** The parts of the extension that the panel's requests reach. */
export interface PanelNeeds {
  readonly panel: PanelHost;
  readonly run: ShownRun;
  readonly tracker: SessionTracker;
  readonly tour: TourPlayer;
  readonly memory: MemoryDocuments;
}

const COMMAND_IDS: Readonly<Record<PanelCommand, string>> = {
  nextMoment: COMMANDS.nextMoment,
  previousMoment: COMMANDS.previousMoment,
  stepBack: 'workbench.action.debug.stepBack',
  continue: 'workbench.action.debug.continue',
  restartWithOtherKernel: COMMANDS.restartWithOtherKernel,
  startWalkthrough: COMMANDS.startTour,
  openRealOrSimplified: COMMANDS.showWhatIsReal,
  startScenario: COMMANDS.startScenario,
  debugFromHere: COMMANDS.debugFromHere,
  copySchedule: COMMANDS.copySchedule,
  copyMoment: COMMANDS.copyMoment,
  movePanel: COMMANDS.movePanel,
};

export class PanelActions implements PanelClient {
  private readonly parts: () => PanelNeeds;
  private readonly guard: (work: () => Promise<void>) => Promise<void>;

  /** `guard` shows what goes wrong. */
  constructor(parts: () => PanelNeeds, guard: (work: () => Promise<void>) => Promise<void>) {
    this.parts = parts;
    this.guard = guard;
  }

  async take(request: PanelRequest): Promise<void> {
    await this.guard(() => this.act(request));
  }

  remember(moment: string): void {
    this.parts().run.remember(moment);
  }

  closed(): void {
    this.parts().run.rest();
  }

  private async act(request: PanelRequest): Promise<void> {
    const { panel, run, tracker, tour, memory } = this.parts();
    switch (request.kind) {
      case 'command':
        await vscode.commands.executeCommand(COMMAND_IDS[request.command]);
        return;
      case 'why':
        panel.post({
          kind: 'why',
          why: await run.request('faultline/why', { task: request.task }),
        });
        return;
      case 'query':
        await this.answerQuery(request);
        return;
      case 'reveal':
        await reveal(request.uri, request.line1);
        return;
      case 'selectTask': {
        const task = run.state?.tasks.find(({ id }) => id === request.task);
        if (task === undefined) return;
        // VS Code has no way to select it in the call stack; in the panel it is selected all the same.
        if (tracker.active === undefined) panel.post({ kind: 'selected', task: task.id });
        else tracker.select(task.id);
        if (task.place !== undefined) await reveal(task.place.uri, task.place.line1);
        return;
      }
      case 'showMemory':
        await memory.show({ expression: request.expression });
        return;
      case 'copy':
        await vscode.env.clipboard.writeText(request.text);
        return;
      case 'tourMove':
        if (request.direction === 'close') await tour.close();
        else await tour.move(request.direction);
        return;
      case 'tourAnswer':
        await tour.answer(request.choice);
        return;
      case 'export':
        await saveExport(request);
        return;
      case 'ready':
      case 'keepSettings':
    }
  }

  /** Passes a query of the panel on; what is refused is for the panel to show. */
  private async answerQuery({
    id,
    name,
    arguments: args,
  }: Extract<PanelRequest, { kind: 'query' }>): Promise<void> {
    const { panel, run } = this.parts();
    try {
      panel.post({ kind: 'answer', id, result: await run.requestOf(name, args) });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      panel.post({ kind: 'refused', id, reason });
    }
  }
}

async function reveal(uri: string, line1: number): Promise<void> {
  const at = new vscode.Position(line1 - 1, 0);
  await vscode.window.showTextDocument(sourceUri(uri), {
    viewColumn: vscode.ViewColumn.One,
    selection: new vscode.Range(at, at),
  });
}
