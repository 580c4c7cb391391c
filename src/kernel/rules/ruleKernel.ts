/**
 * What the rules need of a compiled kernel: functions with the slots of their parameters, constants under the name
 * that this variant has for them, and the places of fields.
 *
 * A function that a kernel lacks switches off what hangs on it, with a warning that says so.
 */
import type { Pc } from '../../base/brand.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import { type FunctionInfo, type Program, returnsOf } from '../../bytecode/program.ts';
import type { KernelLayout } from '../kernelLayout.ts';
import { kernelMessages } from '../kernelMessages.ts';
import { RULE_FUNCTIONS, type RuleFunctionName, VARIANT_CONSTANTS } from '../kernelNames.ts';

/** A function of whose calls the rules hear; inline ones have a body in several units. */
export interface RuleFunction {
  readonly info: FunctionInfo;
  /** Slot of each parameter, by its name. */
  readonly slots: Readonly<Record<string, number>>;
  /** Code places of its `return`s. */
  readonly returns: readonly Pc[];
}

/** All that the rules know of a kernel. */
export interface RuleKernel {
  readonly program: Program;
  readonly layout: KernelLayout;
  readonly functions: ReadonlyMap<RuleFunctionName, readonly RuleFunction[]>;
  /** 0 where the variant has no such flag. */
  readonly flags: Readonly<Record<keyof typeof VARIANT_CONSTANTS, number>>;
}

/** What looking a kernel over gave. */
interface RuleKernelResult {
  readonly kernel: RuleKernel;
  /** Warnings. */
  readonly diagnostics: readonly Diagnostic[];
}

function describe(
  program: Program,
  info: FunctionInfo,
  parameters: readonly string[],
): RuleFunction | undefined {
  const variables = info.scopes.flatMap((scope) => scope.variables);
  const slots: Record<string, number> = {};
  for (const name of parameters) {
    const found = variables.find((variable) => variable.isParameter && variable.name === name);
    if (found?.storage.kind !== 'frame') return undefined;
    slots[name] = found.storage.offset >> 2;
  }
  return { info, slots, returns: returnsOf(program, info) };
}

/** Looks up the names of `kernelNames.ts` that only the rules need. */
export function resolveRuleKernel(program: Program, layout: KernelLayout): RuleKernelResult {
  const diagnostics: Diagnostic[] = [];
  const functions = new Map<RuleFunctionName, readonly RuleFunction[]>();
  for (const name of Object.keys(RULE_FUNCTIONS) as RuleFunctionName[]) {
    const parameters: readonly string[] = RULE_FUNCTIONS[name];
    const found = program.functions
      .filter((info) => info.name === name)
      .map((info) => describe(program, info, parameters));
    const known = found.filter((item) => item !== undefined);
    if (known.length === 0 || known.length < found.length) {
      diagnostics.push(kernelMessages.unwatchedFunction(name, parameters));
    }
    functions.set(name, known);
  }
  const valueOf = (names: readonly string[]): number => {
    const name = names.find((item) => program.macros.get(item)?.value !== undefined);
    return name === undefined ? 0 : Number(program.macros.get(name)?.value ?? 0n);
  };
  const flags = {
    releaseRequest: valueOf(VARIANT_CONSTANTS.releaseRequest),
    releaseAnswer: valueOf(VARIANT_CONSTANTS.releaseAnswer),
    killableRequest: valueOf(VARIANT_CONSTANTS.killableRequest),
  };
  return { kernel: { program, layout, functions, flags }, diagnostics };
}
