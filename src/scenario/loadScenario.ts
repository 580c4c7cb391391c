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
import { isCostName, COST_NAMES } from './presets.ts';
import { scenarioErrors, scenarioMessages } from './scenarioMessages.ts';
import {
  COPY_NAME,
  PARAMETER_REFERENCE,
  authoredScenarioSchema,
  resolvedScenarioSchema,
  scenarioJsonSchema,
  type ScenarioData,
} from './scenarioSchema.ts';
import { describeIssues } from './schemaIssues.ts';
import { expandCopies } from './taskCopies.ts';

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
  /** The programs of its tasks, by entry, whether a task of the entry runs or not. */
  readonly programs: readonly string[];
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
    if (name === COPY_NAME) {
      diagnostics.push(scenarioMessages.copyParameter(document.spanOfKey(['parameters', name])));
    }
    return { name, default: value, min, max };
  });
  const defaults = new Map(parameters.map((parameter) => [parameter.name, parameter.default]));
  const resolved = resolveData(document, defaults);
  diagnostics.push(...resolved.diagnostics);
  if (resolved.data === undefined || hasErrors(diagnostics))
    return { scenario: undefined, diagnostics };
  const name = (file.path.split(/[\\/]/).at(-1) ?? file.path).replace(/\.jsonc?$/, '');
  const programs = authored.data.tasks.map((task) => task.program);
  const { data } = resolved;
  return { scenario: { name, file, document, data, parameters, programs }, diagnostics };
}

/** Values from outside: numbers, or texts that are whole numbers. */
export type ParameterSettings = Readonly<Record<string, number | string>>;

/** What putting parameters into a scenario gave. */
export interface ResolvedScenario {
  readonly data: ScenarioData | undefined;
  /** All parameters with their values. */
  readonly values: ReadonlyMap<string, number>;
  /** Parameters and prices that are not what the scenario says. */
  readonly changes: ReadonlyMap<string, number>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The scenario with other values of parameters. Prices of the machine can be set like parameters, unless the
 * scenario has a parameter of that name.
 * Errors: `UserError` for an unknown parameter or a value that is no whole number in its range.
 */
export function resolveScenario(scenario: Scenario, settings: ParameterSettings): ResolvedScenario {
  const { parameters, document } = scenario;
  const values = new Map(parameters.map((parameter) => [parameter.name, parameter.default]));
  const prices = new Map<string, number>();
  for (const [name, setting] of Object.entries(settings)) {
    const parameter = parameters.find((item) => item.name === name);
    if (parameter !== undefined) values.set(name, readSetting(parameter, setting));
    else if (isCostName(name)) prices.set(name, readSetting({ ...PRICE, name }, setting));
    else throw scenarioErrors.unknownParameter(name, [...values.keys()], COST_NAMES);
  }
  const changes = new Map([
    ...parameters.flatMap(({ name, default: usual }): [string, number][] => {
      const value = values.get(name) ?? usual;
      return value === usual ? [] : [[name, value]];
    }),
    ...prices,
  ]);
  const resolved =
    changes.size === prices.size
      ? { data: scenario.data, diagnostics: [] }
      : resolveData(document, values);
  const { data, diagnostics } = resolved;
  if (data === undefined || prices.size === 0) return { data, values, changes, diagnostics };
  const costs = { ...data.machine?.costs, ...Object.fromEntries(prices) };
  const machine = { ...data.machine, costs };
  return { data: { ...data, machine }, values, changes, diagnostics };
}

/** What a price can be, as if it were a parameter. */
const PRICE = { default: 0, min: 0, max: Number.MAX_SAFE_INTEGER };

function readSetting(parameter: ScenarioParameter, setting: number | string): number {
  const value =
    typeof setting === 'number'
      ? setting
      : /^-?(?:\d+|0x[0-9a-fA-F]+)$/.test(setting)
        ? Number(setting)
        : Number.NaN;
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = parameter;
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw scenarioErrors.badParameter(parameter.name, String(setting), rangeWords(parameter));
}

function rangeWords({ min, max }: ScenarioParameter): string {
  const isBounded = max !== undefined && max < Number.MAX_SAFE_INTEGER;
  if (min !== undefined && isBounded) return ` from ${String(min)} to ${String(max)}`;
  if (min !== undefined) return ` from ${String(min)} on`;
  return isBounded ? ` up to ${String(max)}` : '';
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
  const data = expandCopies(parsed.data, document, diagnostics);
  return { data: hasErrors(diagnostics) ? undefined : data, diagnostics };
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
    if (name === COPY_NAME) return referenceToCopy(path, document, diagnostics);
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

/** `$copy` has a value when copies are made; 0 until then. */
function referenceToCopy(
  path: readonly (string | number)[],
  document: JsoncDocument,
  diagnostics: Diagnostic[],
): number {
  const isArgument = path[0] === 'tasks' && path[2] === 'args';
  if (!isArgument) diagnostics.push(scenarioMessages.copyOutside(document.spanOf(path)));
  return 0;
}
