/**
 * *Restart With Other Kernel*: the same scenario again on the kernel with or without the patch, with
 * the breakpoints moved along.
 */
import * as vscode from 'vscode';
import { moveLine } from '../scenario/moveLine.ts';
import { launchConfiguration } from './configurationProvider.ts';
import { KERNEL_SCHEME } from './ids.ts';
import { kernelUri } from './kernelFileSystem.ts';
import type { SessionTracker } from './sessionTracker.ts';

/** The kernel to compare with: with the patch or without; for a lab, the kernel as it ships. */
function otherKernel(kernel: string): string {
  return kernel === 'patched' ? 'unpatched' : 'patched';
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
  const prefix = `/${from}/`;
  if (uri.scheme !== KERNEL_SCHEME || !uri.path.startsWith(prefix)) return undefined;
  const target = kernelUri(to, uri.path.slice(prefix.length));
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

/** Ends the session and starts the same scenario on the other kernel. */
export async function restartWithOtherKernel(tracker: SessionTracker): Promise<void> {
  const session = tracker.active;
  if (session === undefined) return;
  const { configuration } = session;
  const kernel = String(configuration['kernel'] ?? 'patched');
  const other = otherKernel(kernel);
  await moveBreakpoints(kernel, other);
  await vscode.debug.stopDebugging(session);
  const scenario = String(configuration['scenario']);
  const next = {
    ...configuration,
    kernel: other,
    name: launchConfiguration(scenario, other).name,
  };
  await vscode.debug.startDebugging(session.workspaceFolder, next);
}
