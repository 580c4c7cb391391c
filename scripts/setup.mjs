// Makes the dependencies match the lock file: runs `npm ci` when node_modules is missing or older than package-lock.json.
//
// It is what `npm test` and `npm start` run first in a fresh clone, so it uses only what Node itself has and works on
// Node 20. What was installed is remembered as the lock file's hash inside node_modules, so that a second run costs
// nothing and a changed lock file is noticed whatever the file times say.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Installs the dependencies when they are missing or do not match the lock file. Ends the process when npm fails. */
export function installDependencies() {
  const marker = path.join(root, 'node_modules', '.faultline-lock-hash');
  const wanted = createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return;
  console.log('Installing dependencies (npm ci) ...');
  const npm = process.env['npm_execpath'];
  const [command, args] =
    npm?.endsWith('.js') === true ? [process.execPath, [npm, 'ci']] : ['npm', ['ci']];
  const result = spawnSync(command, [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32' && command === 'npm',
  });
  if (result.status !== 0) {
    console.error('Installing the dependencies failed; the messages above are from npm.');
    process.exit(result.status ?? 1);
  }
  writeFileSync(marker, wanted);
}

if (
  process.argv[1] !== undefined &&
  path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)
) {
  installDependencies();
}
