/**
 * Notices that a file of the user is no longer what was compiled: then lines lie elsewhere, and what runs
 * is the text of the launch.
 */
import type { SourceFile } from '../base/span.ts';
import type { AdapterHost } from './host.ts';
import type { LaunchedRun } from './launchedRun.ts';

/** The runs whose user has been told, with the files. */
const told = new WeakMap<LaunchedRun, Set<SourceFile>>();

/** What to say about a file that has changed since the launch; `undefined` while it is the same. */
export async function editedText(
  host: AdapterHost,
  run: LaunchedRun,
  file: SourceFile,
): Promise<string | undefined> {
  const path = run.catalog.userPathOf(file);
  if (path === undefined) return undefined;
  const now = await host.readFile(path);
  if (now?.text === file.text) return undefined;
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  const what = now === undefined ? 'is gone since' : 'has been edited since';
  return `${name} ${what} this run was launched: what runs is the text as it was. Restart to run the new one.`;
}

/** Whether this is the first time that a run's user would be told of a file. */
export function isNews(run: LaunchedRun, file: SourceFile): boolean {
  const files = told.get(run) ?? new Set();
  told.set(run, files);
  if (files.has(file)) return false;
  files.add(file);
  return true;
}
