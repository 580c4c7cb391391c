/**
 * Launch configurations: what F5 means without a `launch.json`, what the debugger pick offers, and
 * the defaults of a configuration that says little.
 */
import * as vscode from 'vscode';
import { readMoment } from '../scenario/momentText.ts';
import { DEBUG_TYPE, HEADLINE_SCENARIO, LAB_FILE, SETTINGS } from './ids.ts';

/** A complete configuration of a scenario on a kernel. */
export function launchConfiguration(scenario: string, kernel: string): vscode.DebugConfiguration {
  return {
    type: DEBUG_TYPE,
    request: 'launch',
    name: `${scenario}, ${kernel}`,
    scenario,
    kernel,
    stopOnEntry: true,
  };
}

/** A configuration that begins at a moment, which says itself what runs. */
export function momentConfiguration(moment: string): vscode.DebugConfiguration {
  const { scenario, kernel } = readMoment(moment);
  const { type, request, name } = launchConfiguration(scenario, kernel);
  return { type, request, name, moment };
}

/** Fills in what a configuration leaves out; an empty one is F5 in a C file. */
export class ConfigurationProvider implements vscode.DebugConfigurationProvider {
  async resolveDebugConfiguration(
    folder: vscode.WorkspaceFolder | undefined,
    config: vscode.DebugConfiguration,
  ): Promise<vscode.DebugConfiguration> {
    const settings = vscode.workspace.getConfiguration(undefined, folder);
    const historyMegabytes: unknown = settings.get(SETTINGS.historyMegabytes);
    const showBytecode: unknown = settings.get(SETTINGS.showBytecode);
    if (config['moment'] !== undefined) return { historyMegabytes, showBytecode, ...config };
    const kernel = (await this.labKernel(folder)) ?? 'patched';
    const defaults = launchConfiguration(HEADLINE_SCENARIO, kernel);
    return { ...defaults, historyMegabytes, showBytecode, ...(config.type === '' ? {} : config) };
  }

  async provideDebugConfigurations(
    folder: vscode.WorkspaceFolder | undefined,
  ): Promise<vscode.DebugConfiguration[]> {
    const kernel = await this.labKernel(folder);
    return [
      ...(kernel === undefined ? [] : [launchConfiguration(HEADLINE_SCENARIO, kernel)]),
      launchConfiguration(HEADLINE_SCENARIO, 'patched'),
      launchConfiguration(HEADLINE_SCENARIO, 'unpatched'),
    ];
  }

  /** The folder's own kernel, when it is a lab. */
  private async labKernel(folder: vscode.WorkspaceFolder | undefined): Promise<string | undefined> {
    if (folder === undefined) return undefined;
    try {
      await vscode.workspace.fs.stat(vscode.Uri.joinPath(folder.uri, LAB_FILE));
      return '${workspaceFolder}/kernel';
    } catch (error) {
      // No lab file: an ordinary folder. Anything else is a fault of the file system, told to the user by the launch.
      if (error instanceof vscode.FileSystemError) return undefined;
      throw error;
    }
  }
}

/** What the debugger pick ("Select and Start Debugging") offers: every scenario on both kernels. */
export class DynamicConfigurations implements vscode.DebugConfigurationProvider {
  private readonly scenarios: () => Promise<readonly { name: string; title: string }[]>;

  constructor(scenarios: () => Promise<readonly { name: string; title: string }[]>) {
    this.scenarios = scenarios;
  }

  async provideDebugConfigurations(): Promise<vscode.DebugConfiguration[]> {
    const scenarios = await this.scenarios();
    return scenarios.flatMap(({ name }) => [
      launchConfiguration(name, 'patched'),
      launchConfiguration(name, 'unpatched'),
    ]);
  }
}
