/**
 * *Restart With Other Kernel*: the same scenario again on the kernel with or without the patch, with
 * the breakpoints moved along. A lab's kernel counts as one with the patch, which it was made from.
 */
import * as vscode from 'vscode';
import { moveLine } from '../scenario/moveLine.ts';
import { toUri } from './adapterHost.ts';
import { launchConfiguration } from './configurationProvider.ts';
import { kernelUri } from './kernelFileSystem.ts';
import type { SessionTracker } from './sessionTracker.ts';

/** The kernel without the patch: what every other one is compared with. */
const UNPATCHED = 'unpatched';

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

/** The command: remembers which kernel to go back to from the unpatched one. */
export class RestartCommand {
  private readonly tracker: SessionTracker;
  private patchedKernel = 'patched';

  constructor(tracker: SessionTracker) {
    this.tracker = tracker;
  }

  /** Ends the session and starts the same scenario on the other kernel. */
  async run(): Promise<void> {
    const session = this.tracker.active;
    if (session === undefined) return;
    const { configuration } = session;
    const kernel = String(configuration['kernel'] ?? 'patched');
    if (kernel !== UNPATCHED) this.patchedKernel = kernel;
    const other = kernel === UNPATCHED ? this.patchedKernel : UNPATCHED;
    await moveBreakpoints(kernel, other);
    await vscode.debug.stopDebugging(session);
    const scenario = String(configuration['scenario']);
    await vscode.debug.startDebugging(session.workspaceFolder, {
      ...configuration,
      kernel: other,
      name: launchConfiguration(scenario, other).name,
    });
  }
}
