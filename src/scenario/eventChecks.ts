/**
 * What the schema cannot say about the events of a scenario: files, pages, tasks and CPUs that must
 * exist.
 */
import type { Diagnostic } from '../base/diagnostic.ts';
import type { Span } from '../base/span.ts';
import type { JsoncDocument } from './jsoncDocument.ts';
import { DEFAULT_CPUS, DEFAULT_FRAMES } from './machineDefaults.ts';
import { scenarioMessages } from './scenarioMessages.ts';
import type { ListedScenario, ScenarioEvent, ScenarioFile } from './scenarioSchema.ts';
import { isNameOfCopy } from './taskCopies.ts';

/** All complaints about the events of a scenario whose form is right. */
export function checkEvents(
  data: ListedScenario,
  document: JsoncDocument,
  found: Diagnostic[],
): void {
  const tasks = data.tasks.map((task) => task.name);
  const cpus = data.machine?.cpus ?? DEFAULT_CPUS;
  data.events?.forEach((event, index) => {
    const spanOf = (...path: readonly (string | number)[]): Span =>
      document.spanOf(['events', index, ...path]);
    const requireTask = (name: string, ...path: readonly string[]): void => {
      if (tasks.includes(name) || isNameOfCopy(data, name)) return;
      found.push(scenarioMessages.unknownName(spanOf(...path), 'task', name, tasks));
    };
    if ('when' in event.at) requireTask(event.at.when.task, 'at', 'when', 'task');
    if (event.do === 'signal') requireTask(event.task, 'task');
    if ('cpu' in event && (event.cpu ?? 0) >= cpus)
      found.push(scenarioMessages.cpuBehind(spanOf('cpu'), cpus));
    if (event.do === 'pressure') checkFrames(event.frames, data, spanOf('frames'), found);
    if ('file' in event) checkPages(event, data.files ?? [], spanOf, found);
  });
}

function checkFrames(frames: number, data: ListedScenario, span: Span, found: Diagnostic[]): void {
  const all = data.machine?.frames ?? DEFAULT_FRAMES;
  if (frames > all) found.push(scenarioMessages.moreThanFrames(span, all));
}

function checkPages(
  event: Extract<ScenarioEvent, { file: string }>,
  files: readonly ScenarioFile[],
  spanOf: (...path: readonly (string | number)[]) => Span,
  found: Diagnostic[],
): void {
  const file = files.find(({ name }) => name === event.file);
  if (file === undefined) {
    const known = files.map(({ name }) => name);
    found.push(scenarioMessages.unknownName(spanOf('file'), 'file', event.file, known));
    return;
  }
  const requirePage = (page: number, ...path: readonly (string | number)[]): void => {
    if (page < file.pages) return;
    found.push(scenarioMessages.pageBehindFile(spanOf(...path), file.name, file.pages));
  };
  if (event.do === 'failRead') requirePage(event.page, 'page');
  else if (event.do === 'truncate') {
    if (event.pages > file.pages)
      found.push(scenarioMessages.growingFile(spanOf('pages'), file.name, file.pages));
  } else if (event.pages !== 'all') {
    event.pages.forEach((page, at) => {
      requirePage(page, 'pages', at);
    });
  }
}
