/**
 * Complaints about texts, on standard error, as a compiler shows them.
 */
import { renderDiagnostic, type Diagnostic } from '../base/diagnostic.ts';
import type { CommandEnvironment } from './commandEnvironment.ts';

/** Shows all of them, then how many are errors. */
export function printDiagnostics(
  environment: CommandEnvironment,
  diagnostics: readonly Diagnostic[],
): void {
  for (const diagnostic of diagnostics) {
    environment.write(2, `${renderDiagnostic(diagnostic)}\n`);
  }
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
  if (errors > 0) environment.write(2, `${String(errors)} error${errors === 1 ? '' : 's'}.\n`);
}
