/**
 * What a launch configuration runs, by name: a configuration with a moment says it in the moment's text.
 */
import type * as vscode from 'vscode';
import { isMomentText, readMoment } from '../scenario/momentText.ts';
import { SHIPPED_KERNEL } from '../scenario/patchCatalog.ts';

/** The names of the scenario and of the kernel, or the path or folder of one. */
export interface LaunchedNames {
  readonly scenario: string;
  readonly kernel: string;
}

/** The names that a configuration of a session that was launched has. Errors: `UserError` for a damaged moment. */
export function launchedNames(configuration: vscode.DebugConfiguration): LaunchedNames {
  const { moment } = configuration as { readonly moment?: unknown };
  if (typeof moment === 'string' && isMomentText(moment)) return readMoment(moment);
  return {
    scenario: String(configuration['scenario']),
    kernel: String(configuration['kernel'] ?? SHIPPED_KERNEL),
  };
}
