/**
 * Finds the functions of a kernel that the machine calls: boot, traps and interrupts.
 */
import type { Diagnostic } from '../base/diagnostic.ts';
import { findFunction, type FunctionInfo, type Program } from '../bytecode/program.ts';
import type { EntryPoints } from '../machine/machineConfig.ts';
import { kernelMessages } from './kernelMessages.ts';
import { ENTRY_FUNCTIONS, OPTIONAL_ENTRIES } from './kernelNames.ts';

/** What looking for the entry points gave. */
export interface EntryPointsResult {
  /** Absent when one that is needed is missing. */
  readonly entries: EntryPoints | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

type EntryRole = keyof typeof ENTRY_FUNCTIONS;

/** The entry points of a kernel program. Errors: a diagnostic for each function that is missing or has other parameters. */
export function resolveEntryPoints(program: Program): EntryPointsResult {
  const diagnostics: Diagnostic[] = [];
  const find = (role: EntryRole): FunctionInfo | undefined => {
    const { name, use, parameters } = ENTRY_FUNCTIONS[role];
    const found = findFunction(program, name);
    if (found === undefined) {
      if (!OPTIONAL_ENTRIES.has(role)) {
        const candidates = program.functions.map((item) => item.name);
        diagnostics.push(kernelMessages.missingEntry(name, use, candidates));
      }
      return undefined;
    }
    if (found.type.parameters.length !== parameters) {
      diagnostics.push(kernelMessages.badEntry(found.nameSpan, name, use, parameters));
    }
    return found;
  };
  const boot = find('boot');
  const pageFault = find('pageFault');
  const systemCall = find('systemCall');
  const diskInterrupt = find('diskInterrupt');
  const timerInterrupt = find('timerInterrupt');
  const exitToUser = find('exitToUser');
  const invalidOpcode = find('invalidOpcode');
  const signal = find('signal');
  const kick = find('kick');
  if (
    diagnostics.length > 0 ||
    boot === undefined ||
    pageFault === undefined ||
    systemCall === undefined ||
    diskInterrupt === undefined ||
    timerInterrupt === undefined
  ) {
    return { entries: undefined, diagnostics };
  }
  const entries: EntryPoints = {
    boot: boot.index,
    pageFault: pageFault.index,
    systemCall: systemCall.index,
    diskInterrupt: diskInterrupt.index,
    timerInterrupt: timerInterrupt.index,
    ...(exitToUser === undefined ? {} : { exitToUser: exitToUser.index }),
    ...(invalidOpcode === undefined ? {} : { invalidOpcode: invalidOpcode.index }),
    ...(signal === undefined ? {} : { signal: signal.index }),
    ...(kick === undefined ? {} : { kick: kick.index }),
  };
  return { entries, diagnostics };
}
