// Bundles the suite that runs inside VS Code's extension host: test/e2e/inHost/suite.ts -> test-results/inHost/suite.js.
//
// The same file is loaded by the served VS Code of the end-to-end tests and by @vscode/test-electron.
import path from 'node:path';
import { build } from 'esbuild';
import { root } from './paths.mjs';

/** Bundles the suite and returns its path. */
export async function bundleInHostSuite() {
  const outfile = path.join(root, 'test-results/inHost/suite.js');
  await build({
    absWorkingDir: root,
    entryPoints: ['test/e2e/inHost/suite.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode'],
    logLevel: 'warning',
  });
  return outfile;
}
