// `npm run oracle`: derives the recorded answers of real tools (gcc -m32, GNU as, csmith) again and fails on a difference.
//
// Another editor debugs a scenario, too, by the documented configuration. `npm test` compares Faultline with the recorded answers and needs none of these tools; this is what keeps the
// recordings honest. It installs missing tools on Debian, then runs the tests of test/oracle with vitest.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { projectNode, root } from './paths.mjs';
import { ensureTools } from './systemTools.mjs';

try {
  ensureTools(['gcc32', 'binutils', 'csmith', 'emacs']);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
const result = spawnSync(
  projectNode(),
  [vitest, 'run', '--config', 'vitest.oracle.config.mts', ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit' },
);
process.exitCode = result.status ?? 1;
