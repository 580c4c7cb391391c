// `npm run types`: type-checks the whole source, then each group of rooms with only the globals that its rooms may use.
// Every project is checked even after a failure, so that one run shows all errors; the exit code is 1 when any failed.
// A group whose folders do not exist yet is named and left out.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const projects = [
  'tsconfig.json',
  'tsconfig.core.json',
  'tsconfig.adapter.json',
  'tsconfig.webview.json',
  'tsconfig.host.json',
];

let failed = false;
for (const project of projects) {
  if (!hasSources(project)) {
    console.log(`${project}: no sources yet`);
    continue;
  }
  const cache = path.join(
    root,
    'node_modules/.cache/types',
    project.replace('.json', '.tsbuildinfo'),
  );
  const result = spawnSync(
    process.execPath,
    [tsc, '-p', project, '--pretty', 'false', '--incremental', '--tsBuildInfoFile', cache],
    { cwd: root, stdio: 'inherit' },
  );
  console.log(`${project}: ${result.status === 0 ? 'ok' : 'errors'}`);
  failed ||= result.status !== 0;
}
process.exit(failed ? 1 : 0);

/** Whether any folder that the project includes exists. */
function hasSources(project) {
  const text = readFileSync(path.join(root, project), 'utf8').replace(/^\s*\/\/.*$/gm, '');
  const { include } = JSON.parse(text);
  return include.some((entry) => !entry.includes('*') && existsSync(path.join(root, entry)));
}
