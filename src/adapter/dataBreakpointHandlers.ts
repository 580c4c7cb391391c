/**
 * Breakpoints on data: what of the things that a client shows can be watched, and which are.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { UserError } from '../base/errors.ts';
import type { BreakpointRules, PlacedBreakpoint } from '../debugger/breakpointTable.ts';
import {
  placeOfBytes,
  placeOfId,
  placeOfValue,
  type AccessKind,
  type DataPlace,
} from '../debugger/dataPlaces.ts';
import { evaluateAt } from '../debugger/evaluation.ts';
import { findPlace } from '../debugger/memoryPlace.ts';
import { readRegister } from '../debugger/scopes.ts';
import type { BookedData } from './breakpointBook.ts';
import { readRules } from './breakpointRules.ts';
import type { HandlerTable, RawArguments } from './handler.ts';
import type { LaunchedRun } from './launchedRun.ts';
import { listItems, optionalNumber, optionalText, requireText } from './rawArguments.ts';
import { memberOfGroup, rowOfFrame } from './runReferences.ts';
import type { SessionControl } from './sessionControl.ts';

const ACCESS_KINDS: readonly AccessKind[] = ['read', 'write', 'readWrite'];
/** Bytes at an address when the client does not say how many. */
const USUAL_BYTES = 4;

function readAccess(raw: RawArguments): AccessKind {
  const text = optionalText(raw, 'accessType') ?? 'write';
  const found = ACCESS_KINDS.find((kind) => kind === text);
  if (found !== undefined) return found;
  throw new UserError(
    'bad-access',
    `There is no kind of access "${text}".`,
    `The kinds are ${ACCESS_KINDS.join(', ')}.`,
  );
}

/** The rules of a breakpoint on data: whether a statement would sleep is no question there. */
function readDataRules(session: SessionControl, raw: RawArguments): BreakpointRules {
  const rules = readRules(session, raw);
  if (rules.mode !== 'wouldSleep') return rules;
  throw new UserError(
    'bad-mode',
    'Breakpoints on data have no mode "wouldSleep".',
    'Use "anyTask" or "oneTask".',
  );
}

function toPositive(bytes: number | undefined): number | undefined {
  return bytes === undefined || bytes > 0 ? bytes : 0;
}

/** What a `dataBreakpointInfo` request is about. Errors: `UserError` when it cannot be watched. */
function findData(session: SessionControl, run: LaunchedRun, raw: RawArguments): DataPlace {
  const { target } = run.debugger;
  const name = requireText(raw, 'name');
  const bytes = toPositive(optionalNumber(raw, 'bytes'));
  const row = rowOfFrame(session.references, run, optionalNumber(raw, 'frameId'));
  if (raw['asAddress'] === true) {
    return placeOfBytes(target, findPlace(name, 0, row?.task), bytes ?? USUAL_BYTES);
  }
  const reference = optionalNumber(raw, 'variablesReference');
  if (reference !== undefined && reference !== 0) {
    const { row: owner, item, expression } = memberOfGroup(session.references, reference, name);
    return placeOfValue(target, owner, item, expression ?? name, bytes);
  }
  if (row !== undefined && readRegister(target, row, name) !== undefined) {
    throw new UserError(
      'no-data-place',
      `${name} is a register of the CPU, which cannot be watched.`,
      'Watch a variable or memory.',
      true,
    );
  }
  return placeOfValue(target, row, evaluateAt(target, row, name), name, bytes);
}

function describe({ title, remark, watched }: DataPlace): string {
  const bytes = watched.kind === 'local' ? 4 * watched.words : watched.bytes;
  const size = `${String(bytes)} byte${bytes === 1 ? '' : 's'}`;
  return `${title} (${size}${remark === undefined ? '' : `, ${remark}`})`;
}

/** Puts the breakpoints on data into the run; the answer is in their order. */
export function applyDataBreakpoints(
  session: SessionControl,
  run: LaunchedRun,
): DebugProtocol.Breakpoint[] {
  const { data } = session.book;
  const found = data.map((item) => resolve(session, run, item));
  const placed = run.debugger.breakpoints.setData(found.filter(isResolved));
  run.debugger.refreshBreakpoints();
  const byId = new Map(placed.map((item): [number, PlacedBreakpoint] => [item.id, item]));
  return found.map((item): DebugProtocol.Breakpoint => {
    if (!isResolved(item)) return { id: item.id, verified: false, message: item.message };
    const problem = byId.get(item.id)?.problem;
    return problem === undefined
      ? { id: item.id, verified: true, message: describe(item.place) }
      : { id: item.id, verified: false, message: problem };
  });
}

function isResolved(item: Resolved | { readonly message: string }): item is Resolved {
  return !('message' in item);
}

type Resolved = BookedData & { readonly place: DataPlace };

function resolve(
  { book: { dataValues } }: SessionControl,
  { debugger: { target } }: LaunchedRun,
  item: BookedData,
): Resolved | { readonly id: number; readonly message: string } {
  try {
    const place = placeOfId(target, item.dataId, dataValues.get(item.dataId));
    return { ...item, place };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { id: item.id, message: error.message };
  }
}

export function dataBreakpointHandlers(session: SessionControl): HandlerTable {
  return {
    dataBreakpointInfo: (raw) => {
      const run = session.requireStopped();
      try {
        const place = findData(session, run, raw);
        if (place.item !== undefined) session.book.dataValues.set(place.id, place.item);
        return {
          body: {
            dataId: place.id,
            description: describe(place),
            accessTypes: [...ACCESS_KINDS],
            canPersist: place.canPersist,
          },
        };
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        return { body: { dataId: null, description: error.message } };
      }
    },
    setDataBreakpoints: (raw) => {
      const { book, run } = session;
      book.replaceData(
        listItems(raw, 'breakpoints').map((item) => ({
          dataId: requireText(item, 'dataId'),
          access: readAccess(item),
          rules: readDataRules(session, item),
        })),
      );
      if (run === undefined) {
        const message = 'The run has not been launched yet.';
        return {
          body: { breakpoints: book.data.map(({ id }) => ({ id, verified: false, message })) },
        };
      }
      return { body: { breakpoints: applyDataBreakpoints(session, run) } };
    },
  };
}
