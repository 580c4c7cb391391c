// `npm run test:electron`: the in-host suite under desktop VS Code, downloaded by @vscode/test-electron.
//
// For machines where VS Code can be downloaded; the end-to-end tests run the same suite without a download. On Linux
// without a display, run it under `xvfb-run -a`. The version is the oldest that package.json promises, or the first
// argument (`npm run test:electron -- stable`).
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { bundleInHostSuite } from './inHostSuite.mjs';
import { root } from './paths.mjs';

const scratch = mkdtempSync(path.join(tmpdir(), 'faultline-electron-'));
try {
  runNode('scripts/build.mjs');
  const lab = path.join(scratch, 'lab');
  runNode('dist/cli.js', 'lab', lab);
  const results = path.join(scratch, 'results.json');
  await runTests({
    version: process.argv[2] ?? oldestVersion(),
    extensionDevelopmentPath: root,
    extensionTestsPath: await bundleInHostSuite(),
    extensionTestsEnv: { FAULTLINE_SUITE_RESULTS: results },
    launchArgs: [
      lab,
      '--disable-workspace-trust',
      '--user-data-dir',
      path.join(scratch, 'user-data'),
    ],
  });
  for (const { name, error } of JSON.parse(readFileSync(results, 'utf8'))) {
    console.log(`${error === undefined ? 'ok' : 'failed'}: ${name}`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function oldestVersion() {
  const { engines } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  return engines.vscode.replace('^', '');
}

function runNode(script, ...args) {
  const result = spawnSync(process.execPath, [path.join(root, script), ...args], {
    stdio: 'inherit',
  });
  if (result.status !== 0) throw new Error(`${script} failed.`);
}
