// The suite that runs inside VS Code's extension host, with the whole `vscode` API.
//
// VS Code calls `run` (the contract of `extensionTestsPath`). The cases are in cases.ts; each runs even after a failure.
// The results go to the file named by FAULTLINE_SUITE_RESULTS as JSON: `[{ name, error?, note? }]`. `run` rejects when any case
// failed or none ran, which makes VS Code report exit code 1.
import { writeFileSync } from 'node:fs';
import { cases } from './cases.ts';

interface CaseResult {
  name: string;
  error?: string;
  note?: string;
}

/** Runs all cases. Errors: rejects when one fails. */
export async function run(): Promise<void> {
  const results: CaseResult[] = [];
  for (const { name, run: runCase } of cases) {
    try {
      const note = await runCase();
      results.push(typeof note === 'string' ? { name, note } : { name });
    } catch (error) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      results.push({ name, error: text });
    }
  }
  const file = process.env['FAULTLINE_SUITE_RESULTS'];
  if (file !== undefined) writeFileSync(file, JSON.stringify(results));
  const failures = results.filter(({ error }) => error !== undefined);
  if (results.length === 0) throw new Error('The suite has no cases.');
  if (failures.length > 0) {
    throw new Error(failures.map(({ name, error }) => `${name}: ${String(error)}`).join('\n'));
  }
}
