// The packaged extension as VS Code installs it, once for all journeys: each gets a copy.
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { installVscodeServer, installVsix } from '../../../scripts/vscodeServer.mjs';
import { projectRoot, vsixFile } from './places.ts';

/** A folder of extensions, as a user has one. */
const installedFolder = path.join(projectRoot, 'test-results', 'installed-extensions');

/** Installs the package as a user would. Errors: throws when there is none, or when VS Code refuses it. */
export function installPackage(): void {
  rmSync(installedFolder, { recursive: true, force: true });
  mkdirSync(installedFolder, { recursive: true });
  const serverMain = installVscodeServer();
  const serverDataDir = mkdtempSync(path.join(tmpdir(), 'faultline-install-'));
  try {
    installVsix({ serverMain, vsix: vsixFile, extensionsDir: installedFolder, serverDataDir });
  } finally {
    rmSync(serverDataDir, { recursive: true, force: true });
  }
}

/** Puts what was installed into the folder of extensions of one VS Code. */
export function copyInstalled(extensionsDir: string): void {
  cpSync(installedFolder, extensionsDir, { recursive: true });
}
