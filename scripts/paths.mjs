// Where things are, for the scripts: the project, the Node that the project brings along, and the cache folder.
//
// Only Node's built-ins, so that it can run before anything is installed.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

/** The project's folder. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** The Node 24 of the dev dependency `node`, or the running Node when it is not installed. */
export function projectNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const installed = path.join(root, 'node_modules', 'node', 'bin', name);
  return existsSync(installed) ? installed : process.execPath;
}

/** The folder for downloads that outlive a clone: FAULTLINE_CACHE, else the user's cache folder. */
export function cacheFolder() {
  const chosen = process.env['FAULTLINE_CACHE'];
  if (chosen !== undefined && chosen !== '') return path.resolve(chosen);
  const base = process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache');
  return path.join(base, 'faultline');
}
