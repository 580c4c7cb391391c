/**
 * What ships: built-in scenarios and their user programs, found by name.
 */
import type { Diagnostic } from '../base/diagnostic.ts';
import type { SourceFile } from '../base/span.ts';
import { loadScenario, type Scenario } from './loadScenario.ts';
import type { MediaFiles } from './mediaFiles.ts';
import { scenarioErrors, scenarioMessages } from './scenarioMessages.ts';

const SCENARIO_FOLDER = 'scenarios/';
const SCENARIO_ENDING = '.jsonc';

/** The names of the built-in scenarios, sorted. */
export function listScenarios(media: MediaFiles): readonly string[] {
  return media
    .list(SCENARIO_FOLDER)
    .filter((path) => path.endsWith(SCENARIO_ENDING))
    .map((path) => path.slice(SCENARIO_FOLDER.length, -SCENARIO_ENDING.length));
}

/** Whether the user named a file rather than a built-in scenario. */
export function isScenarioPath(name: string): boolean {
  return /[\\/]/.test(name) || /\.jsonc?$/.test(name);
}

/** A scenario with the programs that its tasks run, by the names the tasks use. */
export interface ScenarioWithPrograms {
  readonly scenario: Scenario | undefined;
  readonly programs: ReadonlyMap<string, SourceFile>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Loads a built-in scenario. Errors: `UserError` for an unknown name. */
export function loadBuiltInScenario(media: MediaFiles, name: string): ScenarioWithPrograms {
  const path = `${SCENARIO_FOLDER}${name}${SCENARIO_ENDING}`;
  const text = media.read(path);
  if (text === undefined) throw scenarioErrors.unknownScenario(name, listScenarios(media));
  return withPrograms(
    { path, text },
    (program) => {
      const programPath = SCENARIO_FOLDER + program;
      const programText = media.read(programPath);
      return programText === undefined ? undefined : { path: programPath, text: programText };
    },
    media
      .list(SCENARIO_FOLDER)
      .map((item) => item.slice(SCENARIO_FOLDER.length))
      .filter((item) => item.endsWith('.s')),
  );
}

/**
 * Loads a scenario file and its programs. `read` gets a program's path as the scenario has it,
 * relative to the scenario's folder; `known` are paths for suggestions.
 */
export function withPrograms(
  file: SourceFile,
  read: (path: string) => SourceFile | undefined,
  known: readonly string[] = [],
): ScenarioWithPrograms {
  const { scenario, diagnostics: found } = loadScenario(file);
  const programs = new Map<string, SourceFile>();
  if (scenario === undefined) return { scenario, programs, diagnostics: found };
  const diagnostics = [...found];
  for (const [entry, path] of scenario.programs.entries()) {
    if (programs.has(path)) continue;
    const program = read(path);
    if (program === undefined) {
      const span = scenario.document.spanOf(['tasks', entry, 'program']);
      diagnostics.push(scenarioMessages.missingProgram(span, path, known));
    } else programs.set(path, program);
  }
  return { scenario, programs, diagnostics };
}

/** The paths of the programs that a scenario's tasks run, each once. */
export function programPathsOf(scenario: Scenario): readonly string[] {
  return [...new Set(scenario.programs)];
}
