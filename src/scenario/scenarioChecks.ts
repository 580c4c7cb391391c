/**
 * What the schema cannot say about a scenario: names that must exist or be unique, and ranges that
 * depend on other values. What it says of files and their pages is in `fileChecks.ts`.
 */
import type { Diagnostic } from '../base/diagnostic.ts';
import { checkEvents } from './eventChecks.ts';
import { checkFiles } from './fileChecks.ts';
import { PAGE_BYTES } from './fileContent.ts';
import type { JsoncDocument, JsonPath } from './jsoncDocument.ts';
import { COST_NAMES, isCostName } from './presets.ts';
import { scenarioMessages } from './scenarioMessages.ts';
import type { ListedScenario, ScenarioMap } from './scenarioSchema.ts';
import { DEFAULT_CPUS } from './machineDefaults.ts';
import { isNameOfCopy } from './taskCopies.ts';

/** All complaints about a scenario whose form is right. */
export function checkNames(data: ListedScenario, document: JsoncDocument): Diagnostic[] {
  const found: Diagnostic[] = [];
  checkUnique(data.files, ['files'], 'files', document, found);
  checkUnique(data.processes, ['processes'], 'processes', document, found);
  checkUnique(data.tasks, ['tasks'], 'tasks', document, found);
  checkMachine(data, document, found);
  checkFiles(data, document, found);
  checkMaps(data, document, found);
  checkTasks(data, document, found);
  checkExpectations(data, document, found);
  checkEvents(data, document, found);
  return found;
}

function checkUnique(
  items: readonly { readonly name: string }[] | undefined,
  path: JsonPath,
  what: string,
  document: JsoncDocument,
  found: Diagnostic[],
): void {
  const seen = new Set<string>();
  items?.forEach(({ name }, index) => {
    if (seen.has(name)) {
      found.push(
        scenarioMessages.duplicateName(document.spanOf([...path, index, 'name']), what, name),
      );
    }
    seen.add(name);
  });
}

function checkMachine(data: ListedScenario, document: JsoncDocument, found: Diagnostic[]): void {
  for (const name of Object.keys(data.machine?.costs ?? {})) {
    if (isCostName(name)) continue;
    const span = document.spanOfKey(['machine', 'costs', name]);
    found.push(scenarioMessages.unknownCost(span, name, COST_NAMES));
  }
  if (data.duration === 0) {
    found.push(scenarioMessages.idleTime(document.spanOf(['duration'])));
  }
}

function checkMaps(data: ListedScenario, document: JsoncDocument, found: Diagnostic[]): void {
  data.processes.forEach((process, processIndex) => {
    const path = ['processes', processIndex] as const;
    checkUnique(process.maps, [...path, 'maps'], 'maps', document, found);
    if (!data.tasks.some((task) => task.process === process.name)) {
      const span = document.spanOf([...path, 'name']);
      found.push(scenarioMessages.emptyProcess(span, process.name));
    }
    process.maps?.forEach((map, mapIndex) => {
      checkMap(map, [...path, 'maps', mapIndex], data, document, found);
    });
  });
}

function checkMap(
  map: ScenarioMap,
  path: JsonPath,
  data: ListedScenario,
  document: JsoncDocument,
  found: Diagnostic[],
): void {
  if ((map.file === undefined) === (map.anon === undefined)) {
    found.push(scenarioMessages.fileOrAnon(document.spanOf([...path, 'name'])));
  }
  if (map.file !== undefined) {
    const file = data.files?.find((item) => item.name === map.file);
    if (file === undefined) {
      const known = data.files?.map((item) => item.name) ?? [];
      found.push(
        scenarioMessages.unknownName(document.spanOf([...path, 'file']), 'file', map.file, known),
      );
    } else if ((map.offset ?? 0) >= file.pages) {
      found.push(
        scenarioMessages.mapBehindFile(document.spanOf([...path, 'offset']), file.name, file.pages),
      );
    } else if (map.populate === true && (map.offset ?? 0) + map.pages > file.pages) {
      const span = document.spanOf([...path, 'populate']);
      found.push(scenarioMessages.populateBehindFile(span, file.name, file.pages));
    }
  }
  const flags = typeof map.flags === 'string' ? [map.flags] : map.flags;
  if (flags.includes('private') === flags.includes('shared')) {
    found.push(scenarioMessages.sharedOrPrivate(document.spanOf([...path, 'flags'])));
  }
  if (map.at !== undefined && Number(map.at) % PAGE_BYTES !== 0) {
    found.push(scenarioMessages.misaligned(document.spanOf([...path, 'at'])));
  }
  const symbols = new Set(Object.keys(data.parameters ?? {}));
  if (symbols.has(map.name)) {
    found.push(
      scenarioMessages.duplicateName(
        document.spanOf([...path, 'name']),
        'symbols (a map and a parameter)',
        map.name,
      ),
    );
  }
}

function checkTasks(data: ListedScenario, document: JsoncDocument, found: Diagnostic[]): void {
  const cpus = data.machine?.cpus ?? DEFAULT_CPUS;
  const processes = data.processes.map((process) => process.name);
  const tasks = data.tasks.map((task) => task.name);
  data.tasks.forEach((task, index) => {
    const path = ['tasks', index] as const;
    if (!processes.includes(task.process)) {
      found.push(
        scenarioMessages.unknownName(
          document.spanOf([...path, 'process']),
          'process',
          task.process,
          processes,
        ),
      );
    }
    if ((task.cpu ?? 0) >= cpus) {
      found.push(scenarioMessages.cpuBehind(document.spanOf([...path, 'cpu']), cpus));
    }
    if (task.start === undefined || !('when' in task.start)) return;
    const { when } = task.start;
    const span = document.spanOf([...path, 'start', 'when', 'task']);
    if (!tasks.includes(when.task) && !isNameOfCopy(data, when.task))
      found.push(scenarioMessages.unknownName(span, 'task', when.task, tasks));
    else if (when.task === task.name) found.push(scenarioMessages.selfStart(span));
  });
}

function checkExpectations(
  data: ListedScenario,
  document: JsoncDocument,
  found: Diagnostic[],
): void {
  const tasks = data.tasks.map((task) => task.name);
  const files = data.files?.map((file) => file.name) ?? [];
  const locks =
    data.processes.length === 1
      ? ['mmap_sem']
      : data.processes.map((process) => `${process.name}.mmap_sem`);
  for (const [kernel, expected] of Object.entries(data.expect ?? {})) {
    const path = ['expect', kernel] as const;
    const checkKeys = (
      keys: Iterable<string>,
      at: JsonPath,
      what: string,
      known: readonly string[],
    ): void => {
      for (const key of keys) {
        if (!known.includes(key) && !(what === 'task' && isNameOfCopy(data, key))) {
          found.push(
            scenarioMessages.unknownName(document.spanOfKey([...at, key]), what, key, known),
          );
        }
      }
    };
    checkKeys(Object.keys(expected.tasks ?? {}), [...path, 'tasks'], 'task', tasks);
    checkKeys(Object.keys(expected.locks ?? {}), [...path, 'locks'], 'lock', locks);
    for (const [lock, figures] of Object.entries(expected.locks ?? {})) {
      checkKeys(
        Object.keys(figures.perTask ?? {}),
        [...path, 'locks', lock, 'perTask'],
        'task',
        tasks,
      );
    }
    expected.pages?.forEach((page, index) => {
      if (files.includes(page.file)) return;
      found.push(
        scenarioMessages.unknownName(
          document.spanOf([...path, 'pages', index, 'file']),
          'file',
          page.file,
          files,
        ),
      );
    });
    expected.bytes?.forEach((item, index) => {
      const at = [...path, 'bytes', index];
      if (!tasks.includes(item.task) && !isNameOfCopy(data, item.task)) {
        found.push(
          scenarioMessages.unknownName(document.spanOf([...at, 'task']), 'task', item.task, tasks),
        );
      }
      if (typeof item.equals === 'object' && !files.includes(item.equals.file)) {
        const span = document.spanOf([...at, 'equals', 'file']);
        found.push(scenarioMessages.unknownName(span, 'file', item.equals.file, files));
      }
    });
  }
}
