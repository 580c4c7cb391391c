/**
 * Checks of a scenario's files: pages that exist, states of a page that exclude each other, and whether what is
 * in memory from the start fits there.
 */
import type { Diagnostic } from '../base/diagnostic.ts';
import { PAGE_BYTES, contentLength } from './fileContent.ts';
import type { JsoncDocument, JsonPath } from './jsoncDocument.ts';
import {
  DEFAULT_FRAMES,
  FRAMES_OF_A_TASK,
  MOST_RESIDENT_PAGES,
  RESERVED_FRAMES,
} from './machineDefaults.ts';
import { scenarioMessages } from './scenarioMessages.ts';
import type { ListedScenario, ScenarioFile } from './scenarioSchema.ts';

/** All complaints about files and the pages that start in memory. */
export function checkFiles(
  data: ListedScenario,
  document: JsoncDocument,
  found: Diagnostic[],
): void {
  data.files?.forEach((file, index) => {
    const path = ['files', index];
    if ((contentLength(file) ?? 0) > file.pages * PAGE_BYTES) {
      found.push(scenarioMessages.badContent(document.spanOf([...path, 'content']), file.pages));
    }
    checkPages(file, path, document, found);
  });
  checkMemory(data, document, found);
}

function checkPages(
  file: ScenarioFile,
  path: JsonPath,
  document: JsoncDocument,
  found: Diagnostic[],
): void {
  const lists = {
    cached: Array.isArray(file.cached) ? file.cached : [],
    dirty: file.dirty ?? [],
    holes: file.holes ?? [],
    errors: file.errors?.map(({ page }) => page) ?? [],
  };
  for (const [key, pages] of Object.entries(lists)) {
    pages.forEach((page, at) => {
      if (page < file.pages) return;
      const place = [...path, key, at, ...(key === 'errors' ? ['page'] : [])];
      const span = document.spanOf(place);
      found.push(scenarioMessages.pageBehindFile(span, file.name, file.pages));
    });
  }
  const holes = new Set(lists.holes);
  lists.errors.forEach((page, at) => {
    if (!holes.has(page)) return;
    const span = document.spanOf([...path, 'errors', at, 'page']);
    found.push(scenarioMessages.pageState(span, page, 'a hole', 'fail: a hole is not read'));
  });
}

/** The indices of a file's pages that are in memory from the start, in order. */
export function residentPages(file: ScenarioFile): readonly number[] {
  const cached =
    file.cached === 'all'
      ? Array.from({ length: file.pages }, (_, page) => page)
      : (file.cached ?? []);
  return [...new Set([...cached, ...(file.dirty ?? [])])].toSorted((one, other) => one - other);
}

/** What is in memory from the start must leave room for the kernel and for the run. */
function checkMemory(data: ListedScenario, document: JsoncDocument, found: Diagnostic[]): void {
  const frames = data.machine?.frames ?? DEFAULT_FRAMES;
  const taskCount = data.tasks.reduce((sum, { count = 1 }) => sum + count, 0);
  const taken = RESERVED_FRAMES + FRAMES_OF_A_TASK * taskCount;
  const room = Math.min(frames - taken, MOST_RESIDENT_PAGES);
  let pages = 0;
  const add = (more: number, path: JsonPath): void => {
    const fits = pages <= room;
    pages += more;
    if (fits && pages > room) {
      found.push(scenarioMessages.tooLittleMemory(document.spanOf(path), pages, frames, room));
    }
  };
  data.files?.forEach((file, index) => {
    // The list of all pages of a large file is made only if it can be right.
    const cached = file.cached === 'all' ? file.pages : (file.cached?.length ?? 0);
    add(cached + (file.dirty?.length ?? 0), ['files', index, file.cached ? 'cached' : 'dirty']);
  });
  data.processes.forEach((process, processIndex) => {
    process.maps?.forEach((map, mapIndex) => {
      if (map.populate !== true) return;
      add(map.pages, ['processes', processIndex, 'maps', mapIndex, 'populate']);
    });
  });
}
