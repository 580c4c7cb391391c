// Before the browser tests: results of an earlier run go, and a browser has to be there; nothing is skipped without one.
import { rmSync } from 'node:fs';
import { findBrowser } from '../../support/browser.ts';
import { resultsFolder } from './places.ts';

/** Called by vitest once. Errors: throws with what to install when no browser is found. */
export default function setup(): void {
  rmSync(resultsFolder, { recursive: true, force: true });
  findBrowser();
}
