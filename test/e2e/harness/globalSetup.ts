// Before the journeys: build, package and install the extension, install VS Code's server, and make sure of a browser.
//
// A missing browser is an error that says how to get one; nothing is skipped.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { findBrowser } from '../../support/browser.ts';
import { installPackage } from './installedPackage.ts';
import { projectRoot, resultsFolder } from './places.ts';

/** Called by vitest once before all journeys. Errors: throws when the package cannot be made or no browser is found. */
export default function setup(): void {
  rmSync(resultsFolder, { recursive: true, force: true });
  findBrowser();
  const script = path.join(projectRoot, 'scripts/package.mjs');
  const packaged = spawnSync(process.execPath, [script, '--unchecked'], {
    cwd: projectRoot,
    encoding: 'utf8',
  });
  if (packaged.status !== 0) {
    throw new Error(`npm run package failed:\n${packaged.stdout}${packaged.stderr}`);
  }
  installPackage();
}
