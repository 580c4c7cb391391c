/**
 * Breakpoints: on lines, functions and instructions, filters for events, and where lines can have one.
 *
 * Breakpoints may be set before the launch has finished, while the machine stands and while it runs.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { SourceFile } from '../base/span.ts';
import type { BreakpointRules, PlacedBreakpoint } from '../debugger/breakpointTable.ts';
import { problemOf } from '../debugger/evaluation.ts';
import { findStopFilter, type StopFilter } from '../debugger/stopFilters.ts';
import { resolveKernelLine, resolveProgramLine } from '../debugger/statementLines.ts';
import type { BookedSource } from './breakpointBook.ts';
import { readRules } from './breakpointRules.ts';
import { applyDataBreakpoints } from './dataBreakpointHandlers.ts';
import { editedText, isNews } from './editedSources.ts';
import { readExceptionOption } from './exceptionOptions.ts';
import type { HandlerTable, RawArguments, Reply } from './handler.ts';
import type { LaunchedRun } from './launchedRun.ts';
import {
  listItems,
  optionalList,
  optionalNumber,
  optionalObject,
  requireNumber,
  requireReference,
  requireText,
} from './rawArguments.ts';
import type { SessionControl } from './sessionControl.ts';
import { kernelOfUri } from './sourceCatalog.ts';

/** Lines that one `breakpointLocations` request may span. */
const LONGEST_RANGE = 5000;

function sourceOf(raw: RawArguments): DebugProtocol.Source {
  const { path, name, sourceReference } = optionalObject(raw, 'source');
  return {
    ...(typeof path === 'string' ? { path } : {}),
    ...(typeof name === 'string' ? { name } : {}),
    ...(typeof sourceReference === 'number' ? { sourceReference } : {}),
  };
}

function explainForeignSource(run: LaunchedRun, source: DebugProtocol.Source): string {
  const kernel = kernelOfUri(source.path ?? '');
  const running = `This session runs the kernel "${run.kernel}"`;
  return kernel === undefined
    ? `${running}; this file is not part of it.`
    : `${running}; this file belongs to the kernel "${kernel}".`;
}

/** Puts the breakpoints of a source into the run; the answer is in their order. */
export function applyBreakpoints(
  session: SessionControl,
  run: LaunchedRun,
  booked: BookedSource,
): DebugProtocol.Breakpoint[] {
  const { source, breakpoints } = booked;
  const file = run.catalog.fileOf(source);
  if (file === undefined) {
    const message = explainForeignSource(run, source);
    return breakpoints.map(({ id }) => ({ id, verified: false, message }));
  }
  const placed = run.debugger.breakpoints.setForFile(file, breakpoints);
  run.debugger.refreshBreakpoints();
  return placed.map((item) => answerFor(session, run, item));
}

/** Puts everything that was asked for into a run that has just been launched. */
export function applyAllBreakpoints(session: SessionControl, run: LaunchedRun): void {
  const { book } = session;
  const { breakpoints } = run.debugger;
  const changed = [
    ...book.all().flatMap((booked) => applyBreakpoints(session, run, booked)),
    ...[
      ...breakpoints.setFunctions(book.functions),
      ...breakpoints.setInstructions(book.instructions),
    ].map((item) => answerFor(session, run, item)),
  ];
  breakpoints.setFilters(book.allFilters());
  changed.push(...applyDataBreakpoints(session, run));
  for (const breakpoint of changed) {
    session.emitEvent('breakpoint', { reason: 'changed', breakpoint });
  }
}

function answerFor(
  session: SessionControl,
  run: LaunchedRun,
  { id, place, problem }: PlacedBreakpoint,
): DebugProtocol.Breakpoint {
  if (problem !== undefined) return { id, verified: false, message: problem };
  const source = place && run.catalog.sourceOf(place.file);
  if (place === undefined || source === undefined) return { id, verified: true };
  const line = session.client.toClientLine(place.line1);
  const column = session.client.toClientColumn(place.column1);
  return { id, verified: true, source, line, column };
}

function listPlaces(
  run: LaunchedRun,
  file: SourceFile,
  first: number,
  last: number,
): { readonly line1: number; readonly column1: number }[] {
  const places: { line1: number; column1: number }[] = [];
  const { target } = run.debugger;
  let line1 = first;
  while (line1 <= last) {
    const kernel = resolveKernelLine(target.program, file, line1);
    const found =
      kernel ??
      target.tasks
        .map((task) => resolveProgramLine(task.program.lines, file, line1))
        .find((item) => item !== undefined);
    if (found === undefined || found.line1 > last) break;
    places.push({ line1: found.line1, column1: found.column1 });
    line1 = found.line1 + 1;
  }
  return places;
}

function notLaunched({ id }: { readonly id: number }): DebugProtocol.Breakpoint {
  return { id, verified: false, message: 'The run has not been launched yet.' };
}

interface WantedFilter {
  readonly filter: StopFilter | undefined;
  readonly problem: string | undefined;
  readonly rules: BreakpointRules;
}

/** A filter with its condition: an expression of C, or the name of a task. */
function readFilter(session: SessionControl, raw: RawArguments): WantedFilter {
  const id = raw['filterId'];
  const filter = typeof id === 'string' ? findStopFilter(id) : undefined;
  const rules = readRules(session, raw);
  if (filter === undefined) {
    return { filter, problem: `There is no filter "${String(id)}".`, rules };
  }
  const { target } = session.run?.debugger ?? {};
  const { condition } = rules;
  const isTask = target?.tasks.some(({ name }) => name === condition?.trim()) === true;
  const isChecked = condition !== undefined && target !== undefined && !isTask;
  // Where the event will happen is not known: only names of file scope can be checked.
  const problem = isChecked ? problemOf(target, undefined, condition) : undefined;
  return { filter, problem, rules };
}

/** Places the breakpoints of a source; where the user has edited it meanwhile, each says so. */
async function placeInSource(
  session: SessionControl,
  run: LaunchedRun,
  booked: BookedSource,
): Promise<Reply> {
  const breakpoints = applyBreakpoints(session, run, booked);
  const file = run.catalog.fileOf(booked.source);
  const message = file && (await editedText(session.host, run, file));
  if (file === undefined || message === undefined) return { body: { breakpoints } };
  if (isNews(run, file)) session.tell(`${message}\n`, 'stderr');
  return { body: { breakpoints: breakpoints.map((item) => ({ message, ...item })) } };
}

export function breakpointHandlers(session: SessionControl): HandlerTable {
  return {
    setBreakpoints: (raw) => {
      const wanted = listItems(raw, 'breakpoints').map((item) => ({
        line1: session.client.fromClientLine(requireNumber(item, 'line')),
        rules: readRules(session, item),
      }));
      const booked = session.book.replace(sourceOf(raw), wanted);
      if (session.run !== undefined) {
        return placeInSource(session, session.run, booked);
      }
      return { body: { breakpoints: booked.breakpoints.map(notLaunched) } };
    },
    setFunctionBreakpoints: (raw) => {
      const { book, run } = session;
      book.replaceFunctions(
        listItems(raw, 'breakpoints').map((item) => ({
          name: requireText(item, 'name').trim(),
          rules: readRules(session, item),
        })),
      );
      if (run === undefined) return { body: { breakpoints: book.functions.map(notLaunched) } };
      const placed = run.debugger.breakpoints.setFunctions(book.functions);
      run.debugger.refreshBreakpoints();
      return { body: { breakpoints: placed.map((item) => answerFor(session, run, item)) } };
    },
    setInstructionBreakpoints: (raw) => {
      const { book, run } = session;
      book.replaceInstructions(
        listItems(raw, 'breakpoints').map((item) => ({
          address:
            requireReference(item, 'instructionReference') + (optionalNumber(item, 'offset') ?? 0),
          rules: readRules(session, item),
        })),
      );
      if (run === undefined) return { body: { breakpoints: book.instructions.map(notLaunched) } };
      const placed = run.debugger.breakpoints.setInstructions(book.instructions);
      run.debugger.refreshBreakpoints();
      return { body: { breakpoints: placed.map((item) => answerFor(session, run, item)) } };
    },
    breakpointLocations: (raw) => {
      const { run, client } = session;
      const file = run?.catalog.fileOf(sourceOf(raw));
      if (run === undefined || file === undefined) return { body: { breakpoints: [] } };
      const line = requireNumber(raw, 'line');
      const first = client.fromClientLine(line);
      const last = client.fromClientLine(optionalNumber(raw, 'endLine') ?? line);
      const places = listPlaces(run, file, first, Math.min(last, first + LONGEST_RANGE));
      const breakpoints = places.map(({ line1, column1 }) => ({
        line: client.toClientLine(line1),
        column: client.toClientColumn(column1),
      }));
      return { body: { breakpoints } };
    },
    setExceptionBreakpoints: (raw) => {
      const { run } = session;
      const plain = optionalList(raw, 'filters').map((id) => readFilter(session, { filterId: id }));
      const others = listItems(raw, 'filterOptions').map((item) => readFilter(session, item));
      const answered = [...plain, ...others];
      session.book.filters = answered.flatMap(({ filter, problem, rules }) =>
        filter === undefined || problem !== undefined ? [] : [{ filter, rules }],
      );
      const options = listItems(raw, 'exceptionOptions').map(readExceptionOption);
      session.book.exceptionOptions = options;
      if (run !== undefined) {
        run.debugger.breakpoints.setFilters(session.book.allFilters());
        run.debugger.refreshBreakpoints();
      }
      const breakpoints = answered.map(({ problem }) =>
        problem === undefined ? { verified: true } : { verified: false, message: problem },
      );
      return {
        body: { breakpoints: [...breakpoints, ...options.map(() => ({ verified: true }))] },
      };
    },
  };
}
