/**
 * The wordings of the kernel room: what a kernel tree must have so that the host can run and show
 * it, and what to do when it does not. One diagnostic each, with a stable code.
 */
import { didYouMean } from '../base/closestName.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import type { Span } from '../base/span.ts';

function error(code: string, span: Span | undefined, message: string, remedy: string): Diagnostic {
  const notes = [{ message: remedy }];
  return span === undefined
    ? { code, severity: 'error', message, notes }
    : { code, severity: 'error', message, span, notes };
}

export const kernelMessages = {
  missingStruct: (tag: string, candidates: Iterable<string>) =>
    error(
      'kernel-struct',
      undefined,
      `the kernel has no complete \`struct ${tag}\`${didYouMean(tag, candidates)}`,
      `the debugger reads it; define \`struct ${tag}\` as in the kernel tree this one is based on`,
    ),
  missingField: (
    span: Span | undefined,
    tag: string,
    field: string,
    candidates: Iterable<string>,
  ) =>
    error(
      'kernel-field',
      span,
      `\`struct ${tag}\` has no field \`${field}\`${didYouMean(field, candidates)}`,
      `the debugger reads \`${field}\`; add it back under this name, its place and order are free`,
    ),
  missingGlobal: (name: string, candidates: Iterable<string>) =>
    error(
      'kernel-global',
      undefined,
      `the kernel has no global variable \`${name}\`${didYouMean(name, candidates)}`,
      `the debugger reads it; define \`${name}\` as in the kernel tree this one is based on`,
    ),
  missingConstant: (name: string, candidates: Iterable<string>) =>
    error(
      'kernel-constant',
      undefined,
      `the kernel has no integer constant \`${name}\`${didYouMean(name, candidates)}`,
      `the debugger needs it; define \`${name}\` as in the kernel tree this one is based on`,
    ),
  unwatchedFunction: (name: string, parameters: readonly string[]): Diagnostic => ({
    code: 'kernel-rule-function',
    severity: 'warning',
    message: `the rules cannot watch \`${name}\`, which this kernel does not have as they know it`,
    notes: [
      {
        message: `define \`${name}\`${parameters.length === 0 ? '' : ` with the parameters ${parameters.map((item) => `\`${item}\``).join(', ')}`}; until then, rules about it find nothing`,
      },
    ],
  }),
  missingEntry: (name: string, use: string, candidates: Iterable<string>) =>
    error(
      'kernel-entry',
      undefined,
      `the kernel has no function \`${name}\`${didYouMean(name, candidates)}`,
      `the machine calls \`${name}\`, which ${use}; define it, not \`static\``,
    ),
  badEntry: (span: Span, name: string, use: string, parameters: number) =>
    error(
      'kernel-entry-parameters',
      span,
      `\`${name}\` must have ${String(parameters)} parameter${parameters === 1 ? '' : 's'}`,
      `the machine calls \`${name}\`, which ${use}`,
    ),
} satisfies Record<string, (...args: never[]) => Diagnostic>;
