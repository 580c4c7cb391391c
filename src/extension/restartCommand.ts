/**
 * *Restart With Other Kernel*: the same scenario again on another kernel, with the breakpoints moved
 * along. `otherKernels.ts` decides which one, and whether the user is asked.
 */
import * as vscode from 'vscode';
import type { MediaFiles } from '../scenario/mediaFiles.ts';
import { moveLine } from '../scenario/moveLine.ts';
import { otherKernels } from '../scenario/otherKernels.ts';
import { patchCatalog } from '../scenario/patchCatalog.ts';
import { toUri } from './adapterHost.ts';
import { launchConfiguration } from './configurationProvider.ts';
import { kernelUri } from './kernelFileSystem.ts';
import { pickKernel } from './kernelPick.ts';
import { launchedNames } from './launchedNames.ts';
import type { SessionTracker } from './sessionTracker.ts';

/** The folder of a kernel tree: a lab's own, or a shipped one. */
function rootOf(kernel: string): vscode.Uri {
  return /[\\/]/.test(kernel) ? toUri(kernel) : kernelUri(kernel, '');
}

async function textOf(uri: vscode.Uri): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch (error) {
    // A file that only one of the kernels has: its breakpoints stay where they are.
    if (error instanceof vscode.FileSystemError) return undefined;
    throw error;
  }
}

async function movedBreakpoint(
  breakpoint: vscode.SourceBreakpoint,
  from: string,
  to: string,
): Promise<vscode.SourceBreakpoint | undefined> {
  const { uri, range } = breakpoint.location;
  const root = rootOf(from);
  const prefix = `${root.path.replace(/\/+$/, '')}/`;
  if (uri.scheme !== root.scheme || !uri.path.startsWith(prefix)) return undefined;
  const target = vscode.Uri.joinPath(rootOf(to), uri.path.slice(prefix.length));
  const [fromText, toText] = await Promise.all([textOf(uri), textOf(target)]);
  if (fromText === undefined || toText === undefined) return undefined;
  const line1 = moveLine(fromText, toText, range.start.line + 1);
  if (line1 === undefined) return undefined;
  const location = new vscode.Location(target, new vscode.Position(line1 - 1, 0));
  const { enabled, condition, hitCondition, logMessage } = breakpoint;
  return new vscode.SourceBreakpoint(location, enabled, condition, hitCondition, logMessage);
}

/** Moves what has a counterpart in the other kernel; the rest stays and waits for a way back. */
async function moveBreakpoints(from: string, to: string): Promise<void> {
  const removed: vscode.Breakpoint[] = [];
  const added: vscode.Breakpoint[] = [];
  for (const breakpoint of vscode.debug.breakpoints) {
    if (!(breakpoint instanceof vscode.SourceBreakpoint)) continue;
    const moved = await movedBreakpoint(breakpoint, from, to);
    if (moved === undefined) continue;
    removed.push(breakpoint);
    added.push(moved);
  }
  vscode.debug.removeBreakpoints(removed);
  vscode.debug.addBreakpoints(added);
}

/** The command: remembers which kernel a session that it has started came from. */
export class RestartCommand {
  private readonly tracker: SessionTracker;
  private from: string | undefined;
  private reached: string | undefined;

  constructor(tracker: SessionTracker) {
    this.tracker = tracker;
  }

  /** Ends the session and starts the same scenario on the other kernel, which the user may pick. */
  async run(media: MediaFiles): Promise<void> {
    const session = this.tracker.active;
    if (session === undefined) return;
    const { scenario, kernel } = launchedNames(session.configuration);
    const other = await this.otherOf(media, kernel, scenario);
    if (other === undefined) return;
    this.from = kernel;
    this.reached = other;
    await moveBreakpoints(kernel, other);
    await vscode.debug.stopDebugging(session);
    // The other kernel runs from its start: the moment is one of this kernel.
    const { moment, ...configuration } = session.configuration;
    await vscode.debug.startDebugging(session.workspaceFolder, {
      ...(moment === undefined ? {} : launchConfiguration(scenario, other)),
      ...configuration,
      kernel: other,
      name: launchConfiguration(scenario, other).name,
    });
  }

  private async otherOf(
    media: MediaFiles,
    kernel: string,
    scenario: string,
  ): Promise<string | undefined> {
    const catalog = patchCatalog(media);
    const before = kernel === this.reached ? this.from : undefined;
    const others = otherKernels(catalog, kernel, before);
    if (others.kind === 'one') return others.kernel;
    return await pickKernel(catalog, {
      title: vscode.l10n.t('Restart With Other Kernel'),
      placeHolder: vscode.l10n.t('{0} runs on {1}. The kernel it runs on next', scenario, kernel),
      isLabOffered: (lab) => lab.scenario === scenario,
      without: kernel,
      first: others.first,
    });
  }
}
