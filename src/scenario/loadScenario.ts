/**
 * Loads a scenario file: JSON with comments, validated by the schema, names resolved, numbers of
 * parameters put in. All complaints have places.
 *
 * What a scenario says about the kernel (anchors) is checked when a run is prepared, because it
 * depends on the kernel.
 */
import { hasErrors, type Diagnostic } from '../base/diagnostic.ts';
import type { SourceFile } from '../base/span.ts';
import { JsoncDocument } from './jsoncDocument.ts';
import { checkNames } from './scenarioChecks.ts';
import { scenarioErrors, scenarioMessages } from './scenarioMessages.ts';
import {
  PARAMETER_REFERENCE,
  authoredScenarioSchema,
  resolvedScenarioSchema,
  scenarioJsonSchema,
  type ScenarioData,
} from './scenarioSchema.ts';
import { describeIssues } from './schemaIssues.ts';

/** A number of a scenario that can be set from outside. */
export interface ScenarioParameter {
  readonly name: string;
  readonly default: number;
  readonly min: number | undefined;
  readonly max: number | undefined;
}

/** A scenario file without errors. */
export interface Scenario {
  /** The file's name without folders and ending: `cold-fault`. */
  readonly name: string;
  readonly file: SourceFile;
  readonly document: JsoncDocument;
  /** With the defaults of all parameters. */
  readonly data: ScenarioData;
  readonly parameters: readonly ScenarioParameter[];
}

/** What reading a scenario file gave. */
export interface LoadScenarioResult {
  /** Absent when there were errors. */
  readonly scenario: Scenario | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads and checks a scenario file. Errors: diagnostics, all that were found. */
export function loadScenario(file: SourceFile): LoadScenarioResult {
  const document = new JsoncDocument(file);
  if (document.errors.length > 0) {
    const diagnostics = document.errors.map(({ message, span }) =>
      scenarioMessages.syntax(span, message),
    );
    return { scenario: undefined, diagnostics };
  }
  const authored = authoredScenarioSchema.safeParse(document.value());
  if (!authored.success) {
    return {
      scenario: undefined,
      diagnostics: describeIssues(authored.error.issues, document, scenarioJsonSchema()),
    };
  }
  const diagnostics: Diagnostic[] = [];
  const parameters = Object.entries(authored.data.parameters ?? {}).map(([name, parameter]) => {
    const { default: value, min, max } = parameter;
    if (value < (min ?? value) || value > (max ?? value)) {
      diagnostics.push(
        scenarioMessages.parameterRange(document.spanOf(['parameters', name]), name),
      );
    }
    return { name, default: value, min, max };
  });
  const defaults = new Map(parameters.map((parameter) => [parameter.name, parameter.default]));
  const resolved = resolveData(document, defaults);
  diagnostics.push(...resolved.diagnostics);
  if (resolved.data === undefined || hasErrors(diagnostics))
    return { scenario: undefined, diagnostics };
  const name = (file.path.split(/[\\/]/).at(-1) ?? file.path).replace(/\.jsonc?$/, '');
  return { scenario: { name, file, document, data: resolved.data, parameters }, diagnostics };
}

/** Values from outside: numbers, or texts that are whole numbers. */
export type ParameterSettings = Readonly<Record<string, number | string>>;

/** What putting parameters into a scenario gave. */
export interface ResolvedScenario {
  readonly data: ScenarioData | undefined;
  /** All parameters with their values. */
  readonly values: ReadonlyMap<string, number>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The scenario with other values of parameters.
 * Errors: `UserError` for an unknown parameter or a value that is no whole number in its range.
 */
export function resolveScenario(scenario: Scenario, settings: ParameterSettings): ResolvedScenario {
  const values = new Map(
    scenario.parameters.map((parameter) => [parameter.name, parameter.default]),
  );
  for (const [name, setting] of Object.entries(settings)) {
    const parameter = scenario.parameters.find((item) => item.name === name);
    if (parameter === undefined) throw scenarioErrors.unknownParameter(name, [...values.keys()]);
    const value =
      typeof setting === 'number'
        ? setting
        : /^-?(?:\d+|0x[0-9a-fA-F]+)$/.test(setting)
          ? Number(setting)
          : Number.NaN;
    const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = parameter;
    if (!Number.isInteger(value) || value < min || value > max) {
      throw scenarioErrors.badParameter(name, String(setting), rangeWords(parameter));
    }
    values.set(name, value);
  }
  if (Object.keys(settings).length === 0) return { data: scenario.data, values, diagnostics: [] };
  return { ...resolveData(scenario.document, values), values };
}

function rangeWords({ min, max }: ScenarioParameter): string {
  if (min !== undefined && max !== undefined) return ` from ${String(min)} to ${String(max)}`;
  if (min !== undefined) return ` from ${String(min)} on`;
  return max === undefined ? '' : ` up to ${String(max)}`;
}

function resolveData(
  document: JsoncDocument,
  values: ReadonlyMap<string, number>,
): { data: ScenarioData | undefined; diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const replaced = replaceReferences(document.value(), [], values, document, diagnostics);
  if (hasErrors(diagnostics)) return { data: undefined, diagnostics };
  const parsed = resolvedScenarioSchema.safeParse(replaced);
  if (!parsed.success) {
    return {
      data: undefined,
      diagnostics: describeIssues(parsed.error.issues, document, scenarioJsonSchema()),
    };
  }
  diagnostics.push(...checkNames(parsed.data, document));
  return hasErrors(diagnostics)
    ? { data: undefined, diagnostics }
    : { data: parsed.data, diagnostics };
}

/** A copy of the data in which every `"$NAME"` is the parameter's value. */
function replaceReferences(
  value: unknown,
  path: readonly (string | number)[],
  values: ReadonlyMap<string, number>,
  document: JsoncDocument,
  diagnostics: Diagnostic[],
): unknown {
  if (typeof value === 'string' && PARAMETER_REFERENCE.test(value)) {
    const name = value.slice(1);
    const number = values.get(name);
    if (number === undefined) {
      diagnostics.push(
        scenarioMessages.unknownParameterReference(document.spanOf(path), name, [...values.keys()]),
      );
    }
    return number;
  }
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) =>
      replaceReferences(item, [...path, index], values, document, diagnostics),
    );
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]: [string, unknown]) => [
        key,
        replaceReferences(item, [...path, key], values, document, diagnostics),
      ]),
    );
  }
  return value;
}
