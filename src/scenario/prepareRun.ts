/**
 * From a scenario and a kernel tree to a machine that has booted and is about to run.
 *
 * The order: put in parameters, place the maps, assemble the programs, compile the kernel, find
 * anchors, write the boot table, build the machine, boot. Everything that is wrong with a text comes
 * back as diagnostics. That the kernel fails while booting is not: `bootStop` then says how.
 */
import { asAddress, type Address, type TaskId } from '../base/brand.ts';
import { hasErrors, type Diagnostic } from '../base/diagnostic.ts';
import { BugError, UserError } from '../base/errors.ts';
import type { SourceFile } from '../base/span.ts';
import { hashContents } from '../base/textHash.ts';
import type { Program } from '../bytecode/program.ts';
import type { KernelReaders } from '../kernel/kernelReaders.ts';
import { type RuleEngine, watchRules } from '../kernel/rules/ruleEngine.ts';
import { resolveRuleKernel } from '../kernel/rules/ruleKernel.ts';
import { parseRules } from '../kernel/rules/ruleNames.ts';
import { Machine } from '../machine/machine.ts';
import type {
  EntryPoints,
  MachineConfig,
  SchedulePolicy,
  TierConfig,
} from '../machine/machineConfig.ts';
import { parseSchedule } from '../machine/scheduleText.ts';
import type { Stop } from '../machine/stop.ts';
import { assemble, type AsmImage } from '../x86/assemble.ts';
import { createUserCpu } from '../x86/i386.ts';
import {
  placeMaps,
  placeTaskMaps,
  placeTasks,
  symbolsOfMaps,
  textBaseOf,
  type PlacedMap,
} from './addressSpace.ts';
import { buildBootTable } from './bootTable.ts';
import { compileKernel } from './compileKernel.ts';
import { PAGE_BYTES, createDiskImage } from './fileContent.ts';
import type { KernelTree } from './kernelTree.ts';
import { resolveScenario, type ParameterSettings, type Scenario } from './loadScenario.ts';
import {
  BOOT_STEP_LIMIT,
  DEFAULT_CPUS,
  DEFAULT_FRAMES,
  DEFAULT_PRESET,
  DEFAULT_READAHEAD_PAGES,
  LARGEST_SEED,
  STEP_LIMIT,
  STEP_LIMIT_WITH_DURATION,
} from './machineDefaults.ts';
import { createCostTable } from './presets.ts';
import { scenarioMessages } from './scenarioMessages.ts';
import { placeEvents, type EventTask } from './scenarioEvents.ts';
import type { ScenarioData } from './scenarioSchema.ts';
import { findTriggers } from './scenarioTriggers.ts';

/** Everything that decides a run. */
export interface PrepareRunInput extends TierConfig {
  readonly scenario: Scenario;
  readonly tree: KernelTree;
  /** User programs by the paths that the scenario's tasks name. */
  readonly programs: ReadonlyMap<string, SourceFile>;
  /** Values of parameters that differ from their defaults. */
  readonly parameters?: ParameterSettings;
  /** Decides at random, reproducibly. */
  readonly seed?: number;
  /** The text of a schedule to replay; stronger than a seed. */
  readonly schedule?: string;
  readonly output?: MachineConfig['output'];
  /** Instructions after which the run ends with outcome `limit`. */
  readonly stepLimit?: number;
  /** Whether undefined behavior of the kernel is caught; true when left out. */
  readonly checks?: boolean;
  /** The rules that the kernel must keep: `on` (when left out), `off`, or names with commas between them. */
  readonly rules?: string;
}

/** A task of the scenario in the machine. */
export interface PreparedTask {
  readonly name: string;
  /** Its number in the scenario. */
  readonly index: number;
  readonly id: TaskId;
  readonly process: PreparedProcess;
  readonly program: AsmImage;
}

/** The kernel task of an event in the machine. */
export interface PreparedEvent {
  readonly name: string;
  readonly id: TaskId;
}

/** A process of the scenario in the machine. */
export interface PreparedProcess {
  readonly name: string;
  /** The address of its `mm_struct`. */
  readonly mm: Address;
  /** The address of its `mmap_sem`. */
  readonly mmapSem: Address;
  /** `mmap_sem`, or `PROCESS.mmap_sem` where there are several processes. */
  readonly lockName: string;
  /** Everything that is mapped before the start. */
  readonly maps: readonly PlacedMap[];
}

/** A machine that has booted, and what belongs to it. */
export interface PreparedRun {
  readonly scenario: Scenario;
  /** The scenario with the parameters of this run. */
  readonly data: ScenarioData;
  readonly values: ReadonlyMap<string, number>;
  /** Parameters and prices that are not what the scenario says. */
  readonly changes: ReadonlyMap<string, number>;
  readonly tree: KernelTree;
  readonly program: Program;
  readonly entries: EntryPoints;
  readonly readers: KernelReaders;
  readonly machine: Machine;
  /** Watches the run for broken rules; absent when all are off. */
  readonly rules: RuleEngine | undefined;
  /** In the order of the scenario; empty when booting failed. */
  readonly tasks: readonly PreparedTask[];
  /** In the order of the scenario; empty when booting failed. */
  readonly processes: readonly PreparedProcess[];
  /** Kernel tasks of events, in the order of the scenario; empty when booting failed. */
  readonly kernelTasks: readonly PreparedEvent[];
  /** Why booting did not get to its end; `undefined` when it did. */
  readonly bootStop: Stop | undefined;
}

/** What preparing a run gave. */
export interface PrepareRunResult {
  /** Absent when there were errors. */
  readonly run: PreparedRun | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Prepares a run up to the end of booting.
 * Errors: diagnostics; `UserError` for unknown parameters, for seeds that do not exist and for schedules
 * that cannot be replayed here.
 */
export function prepareRun(input: PrepareRunInput): PrepareRunResult {
  const { scenario, tree } = input;
  const { document } = scenario;
  const resolved = resolveScenario(scenario, input.parameters ?? {});
  const diagnostics: Diagnostic[] = [...resolved.diagnostics];
  const { data, values, changes } = resolved;
  if (data === undefined) return { run: undefined, diagnostics };

  const cpuCount = data.machine?.cpus ?? DEFAULT_CPUS;
  const mapsOfScenario = placeMaps(data, document, diagnostics);
  const images = assemblePrograms(input, data, mapsOfScenario, values, diagnostics);
  const compiled = compileKernel(tree);
  diagnostics.push(...compiled.diagnostics);
  const { kernel } = compiled;
  if (kernel === undefined || images === undefined || hasErrors(diagnostics)) {
    return { run: undefined, diagnostics };
  }
  const { program, entries, readers } = kernel;
  const tasks = placeTasks(data, cpuCount);
  const eventTasks = placeEvents(data, cpuCount, tasks);
  const triggers = findTriggers({ data, document, program, tree, eventTasks }, diagnostics);
  const costs = createCostTable(data.machine?.preset ?? DEFAULT_PRESET, data.machine?.costs ?? {});
  checkCosts(program, costs.named, diagnostics);
  if (hasErrors(diagnostics)) return { run: undefined, diagnostics };

  const maps = data.processes.map((process, index) => [
    ...data.tasks.flatMap((task, taskIndex) => {
      const image = images[taskIndex];
      return task.process === process.name && image !== undefined
        ? placeTaskMaps(taskIndex, task.name, image)
        : [];
    }),
    ...(mapsOfScenario[index] ?? []),
  ]);
  checkAddressSpace(data, maps, scenario, diagnostics);
  if (hasErrors(diagnostics)) return { run: undefined, diagnostics };
  const bootTable = buildBootTable(
    {
      data,
      cpuCount,
      readaheadPages: data.machine?.readahead ?? DEFAULT_READAHEAD_PAGES,
      maps,
      tasks,
      entries: images.map((image) => image.entry),
      events: eventTasks,
    },
    program.dataEnd,
  );
  const scheduler = chooseScheduler(input, data);
  const ruleNames = parseRules(input.rules ?? 'on');
  const { kernel: ruleKernel, diagnostics: unwatched } = resolveRuleKernel(program, readers.layout);
  if (ruleNames.size > 0) diagnostics.push(...unwatched);
  let rules: RuleEngine | undefined;
  const watch = watchRules(ruleKernel, readers, ruleNames, (engine) => {
    rules = engine;
  });
  const config: MachineConfig = {
    program,
    scenarioHash: hashContents([
      JSON.stringify([data, [...values]]),
      ...images.map((image) => image.bytes),
      bootTable,
    ]),
    cpuCount,
    ramBytes: (data.machine?.frames ?? DEFAULT_FRAMES) * PAGE_BYTES,
    costs,
    entries,
    bootTable,
    disk: createDiskImage(data.files ?? []),
    userCpu: createUserCpu(),
    ...(scheduler === undefined ? {} : { scheduler }),
    ...(input.output === undefined ? {} : { output: input.output }),
    triggers,
    taskCpus: new Map([...tasks, ...eventTasks].map((task, index) => [index, task.cpu])),
    ...(data.duration === undefined ? {} : { durationNs: data.duration }),
    limits: { steps: input.stepLimit ?? stepLimitOf(data) },
    checks: input.checks ?? true,
    ...(input.tier === undefined ? {} : { tier: input.tier }),
    ...(input.hotArrivals === undefined ? {} : { hotArrivals: input.hotArrivals }),
  };
  const machine = new Machine(config, ruleNames.size === 0 ? undefined : watch);
  const bootStop = machine.boot(BOOT_STEP_LIMIT);
  const made = { program, entries, readers, machine, rules, bootStop };
  const run = { scenario, data, values, changes, tree, ...made };
  if (bootStop !== undefined)
    return { run: { ...run, tasks: [], processes: [], kernelTasks: [] }, diagnostics };
  const identified = identifyTasks(data, machine, readers, images, maps);
  const kernelTasks = identifyEvents(data, machine, eventTasks);
  return { run: { ...run, ...identified, kernelTasks }, diagnostics };
}

/** What is mapped at the start, programs and stacks included, must be within the limit of its process. */
function checkAddressSpace(
  data: ScenarioData,
  maps: readonly (readonly PlacedMap[])[],
  { document }: Scenario,
  diagnostics: Diagnostic[],
): void {
  data.processes.forEach(({ limits }, index) => {
    const bytes = (maps[index] ?? []).reduce((sum, map) => sum + map.bytes, 0);
    if (bytes <= (limits?.addressSpaceBytes ?? Infinity)) return;
    const span = document.spanOf(['processes', index, 'limits', 'addressSpaceBytes']);
    diagnostics.push(scenarioMessages.limitBelowMaps(span, bytes));
  });
}

function stepLimitOf({ duration }: ScenarioData): number {
  return duration === undefined ? STEP_LIMIT : STEP_LIMIT_WITH_DURATION;
}

/** What is wrong with a scenario and its programs, whatever kernel they run on. */
export function checkScenario(
  scenario: Scenario,
  programs: ReadonlyMap<string, SourceFile>,
): readonly Diagnostic[] {
  const { data, values, diagnostics: found } = resolveScenario(scenario, {});
  const diagnostics: Diagnostic[] = [...found];
  if (data === undefined) return diagnostics;
  const maps = placeMaps(data, scenario.document, diagnostics);
  assemblePrograms({ scenario, programs }, data, maps, values, diagnostics);
  return diagnostics;
}

function assemblePrograms(
  { scenario, programs }: Pick<PrepareRunInput, 'scenario' | 'programs'>,
  data: ScenarioData,
  maps: readonly (readonly PlacedMap[])[],
  parameters: ReadonlyMap<string, number>,
  diagnostics: Diagnostic[],
): readonly AsmImage[] | undefined {
  const images: AsmImage[] = [];
  const reported = new Set<SourceFile>();
  data.tasks.forEach((task, index) => {
    const file = programs.get(task.program);
    if (file === undefined) {
      const span = scenario.document.spanOf(['tasks', task.entry, 'program']);
      diagnostics.push(scenarioMessages.missingProgram(span, task.program, [...programs.keys()]));
      return;
    }
    const process = data.processes.findIndex((item) => item.name === task.process);
    const symbols = new Map([...symbolsOfMaps(maps[process] ?? []), ...parameters]);
    const { image, diagnostics: found } = assemble(file, { base: textBaseOf(index), symbols });
    // The same program may run as several tasks; its errors are told once.
    if (!reported.has(file)) diagnostics.push(...found);
    if (found.length > 0) reported.add(file);
    if (image !== undefined) images.push(image);
  });
  return images.length === data.tasks.length ? images : undefined;
}

/** Every cost that the kernel names must have a price. */
function checkCosts(
  program: Program,
  prices: ReadonlyMap<string, number>,
  diagnostics: Diagnostic[],
): void {
  for (const annotation of program.annotations) {
    const name = annotation.roles['name'];
    if (annotation.action !== 'cost' || name === undefined || prices.has(name)) continue;
    diagnostics.push(scenarioMessages.unknownKernelCost(annotation.span, name, prices.keys()));
  }
}

function chooseScheduler(input: PrepareRunInput, data: ScenarioData): SchedulePolicy | undefined {
  const policy = data.schedule?.policy;
  const text = input.schedule ?? (policy === 'default' || policy === 'random' ? undefined : policy);
  if (text !== undefined && (input.schedule !== undefined || input.seed === undefined)) {
    return { kind: 'replay', schedule: parseSchedule(text) };
  }
  if (input.seed !== undefined) {
    requireSeed(input.seed);
    return { kind: 'random', seed: input.seed };
  }
  return policy === 'random' ? { kind: 'random', seed: 1 } : undefined;
}

function requireSeed(seed: number): void {
  if (Number.isInteger(seed) && seed >= 0 && seed <= LARGEST_SEED) return;
  throw new UserError(
    'bad-seed',
    `There is no random schedule ${String(seed)}.`,
    `Give a whole number from 0 to ${String(LARGEST_SEED)}.`,
  );
}

function identifyTasks(
  data: ScenarioData,
  machine: Machine,
  readers: KernelReaders,
  images: readonly AsmImage[],
  maps: readonly (readonly PlacedMap[])[],
): { tasks: readonly PreparedTask[]; processes: readonly PreparedProcess[] } {
  const processes = data.processes.map(({ name }, index): PreparedProcess => {
    const taskIndex = data.tasks.findIndex((task) => task.process === name);
    const id = taskIndex < 0 ? undefined : machine.taskOfScenario(taskIndex);
    const mm =
      id === undefined ? asAddress(0) : readers.readTask(machine, machine.task(id).cookie).mm;
    return {
      name,
      mm,
      mmapSem: mm === 0 ? mm : readers.readMm(machine, mm).mmapSem,
      lockName: data.processes.length === 1 ? 'mmap_sem' : `${name}.mmap_sem`,
      maps: maps[index] ?? [],
    };
  });
  const tasks = data.tasks.map((task, index): PreparedTask => {
    const id = machine.taskOfScenario(index);
    const process = processes.find((item) => item.name === task.process);
    const program = images[index];
    if (id === undefined || process === undefined || program === undefined) {
      throw new BugError(`booting made no task ${task.name}`);
    }
    return { name: task.name, index, id, process, program };
  });
  return { tasks, processes };
}

function identifyEvents(
  data: ScenarioData,
  machine: Machine,
  eventTasks: readonly EventTask[],
): readonly PreparedEvent[] {
  return eventTasks.map(({ name }, index): PreparedEvent => {
    const id = machine.taskOfScenario(data.tasks.length + index);
    if (id === undefined) throw new BugError(`booting made no kernel task ${name}`);
    return { name, id };
  });
}
