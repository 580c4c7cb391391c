/**
 * Breakpoints: `setBreakpoints`, `breakpointLocations`, `setExceptionBreakpoints`.
 *
 * Breakpoints may be set before the launch has finished, while the machine stands and while it runs.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { SourceFile } from '../base/span.ts';
import { resolveKernelLine, resolveProgramLine } from '../debugger/statementLines.ts';
import type { BookedSource } from './breakpointBook.ts';
import type { HandlerTable, RawArguments } from './handler.ts';
import type { LaunchedRun } from './launchedRun.ts';
import { optionalList, optionalNumber, optionalObject, requireNumber } from './rawArguments.ts';
import type { SessionControl } from './sessionControl.ts';
import { kernelOfUri } from './sourceCatalog.ts';

/** The exception filter for the step rule (e) of the design. */
export const SLEEP_FILTER = 'steppedTaskSleeps';

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
  const named = run.catalog.sourceOf(file) ?? source;
  return placed.map(({ id, place }) =>
    place === undefined
      ? { id, verified: false, message: 'No statement follows this line.' }
      : {
          id,
          verified: true,
          source: named,
          line: session.client.toClientLine(place.line1),
          column: session.client.toClientColumn(place.column1),
        },
  );
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

export function breakpointHandlers(session: SessionControl): HandlerTable {
  return {
    setBreakpoints: (raw) => {
      const lines1 = optionalList(raw, 'breakpoints').map((item) => {
        const values = typeof item === 'object' && item !== null ? { ...item } : {};
        return session.client.fromClientLine(requireNumber(values, 'line'));
      });
      const booked = session.book.replace(sourceOf(raw), lines1);
      if (session.run !== undefined) {
        return { body: { breakpoints: applyBreakpoints(session, session.run, booked) } };
      }
      const message = 'The run has not been launched yet.';
      const breakpoints = booked.breakpoints.map(({ id }) => ({ id, verified: false, message }));
      return { body: { breakpoints } };
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
      session.stopsAtSleep = optionalList(raw, 'filters').includes(SLEEP_FILTER);
      if (session.run !== undefined) {
        session.run.debugger.stopsWhenSteppedTaskSleeps = session.stopsAtSleep;
      }
      return {};
    },
  };
}
