/**
 * What editors ask for while the machine stands: values at the ends of lines, and where a value comes from.
 *
 * Both look into the past within a bound of time, and the run may move on meanwhile: then they say less.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { positionOf } from '../base/span.ts';
import { wrapWords } from '../base/wrapWords.ts';
import { evaluateAt } from '../debugger/evaluation.ts';
import { lookForExecuted, noPlaces } from '../debugger/executedPlaces.ts';
import { listInlineValues } from '../debugger/inlineValues.ts';
import { findLastWriter } from '../debugger/lastWriter.ts';
import { lastWriterText, unfinishedText, type LastWriter } from '../debugger/lastWriterWords.ts';
import { readRegister } from '../debugger/scopes.ts';
import { findRowAt, notesAt } from '../debugger/sourceRows.ts';
import type { StackRow } from '../debugger/stackRows.ts';
import { valueContextOf } from '../debugger/taskWords.ts';
import type { TypedValue } from '../debugger/typedValue.ts';
import { readsAsNoValue, valueText, valueTypeName } from '../debugger/valueText.ts';
import type { CustomRequests, ValueOrigin } from '../view/protocol.ts';
import type { Handler, HandlerTable, RawArguments } from './handler.ts';
import type { LaunchedRun } from './launchedRun.ts';
import {
  optionalNumber,
  optionalObject,
  optionalText,
  requireNumber,
  requireText,
} from './rawArguments.ts';
import { rowOfFrame } from './runReferences.ts';
import type { SessionControl } from './sessionControl.ts';

/** The requests that are handled here. */
export type EditorRequest = 'faultline/inlineValues' | 'faultline/valueOrigin';

/** How long a look for executed lines may take, and one for a last writer. */
const INLINE_MS = 150;
const WRITER_MS = 200;

/** A debug hover breaks lines in the middle of words, so that long ones must not come to it. */
const NOTE_COLUMNS = 72;

/** What is known of the last writer of a value. */
export interface KnownWriter {
  readonly text: string;
  readonly writer: LastWriter | undefined;
}

/** Last writers that were found where the run stands, by what was looked for. */
const knownWriters = new WeakMap<
  SessionControl,
  { rev: number; found: Map<string, KnownWriter> }
>();

function cacheOf(session: SessionControl): Map<string, KnownWriter> {
  const known = knownWriters.get(session);
  if (known?.rev === session.rev) return known.found;
  const found = new Map<string, KnownWriter>();
  knownWriters.set(session, { rev: session.rev, found });
  return found;
}

/**
 * Who wrote a value last, looked for as long as a hover may take; `undefined` for what has no place in memory,
 * and when the request is not wanted any more.
 */
export async function tellLastWriter(
  session: SessionControl,
  run: LaunchedRun,
  row: StackRow | undefined,
  item: TypedValue,
  seq: number,
): Promise<KnownWriter | undefined> {
  const search = findLastWriter(run.debugger, row, item);
  if (search === undefined) return undefined;
  const cache = cacheOf(session);
  const known = cache.get(search.key);
  if (known !== undefined) return known;
  const { rev } = session;
  const nowNs = run.debugger.target.machine.nowNs();
  const writer = await session.lookBacks.run(search.start(), seq, WRITER_MS);
  if (session.rev !== rev || session.phase !== 'stopped') return undefined;
  const text =
    writer === undefined ? unfinishedText(search.searched, nowNs) : lastWriterText(writer, nowNs);
  if (writer !== undefined) cache.set(search.key, { text, writer });
  return { text, writer };
}

/**
 * The row that an expression in a source belongs to; `undefined` where only global names mean something.
 * Without a place the frame counts.
 */
export function rowOfExpression(
  session: SessionControl,
  run: LaunchedRun,
  frameId: number | undefined,
  source: DebugProtocol.Source | undefined,
  line1: number | undefined,
): StackRow | undefined {
  const row = rowOfFrame(session.references, run, frameId);
  const file = source && run.catalog.fileOf(source);
  if (file === undefined || line1 === undefined) return row;
  return findRowAt(run.debugger.target, row, file, line1);
}

/** The notes of the statements on the line that a request names, in lines that a hover has room for. */
export function listNotesOfLine(
  session: SessionControl,
  run: LaunchedRun,
  raw: RawArguments,
): readonly string[] {
  const file = run.catalog.fileOf(optionalObject(raw, 'source'));
  const line = optionalNumber(raw, 'line');
  if (file === undefined || line === undefined) return [];
  const line1 = session.client.fromClientLine(line);
  return notesAt(run.debugger.target.program, file, line1).flatMap((note) =>
    wrapWords(note, NOTE_COLUMNS),
  );
}

/** Handlers of the custom requests that editors make. */
export function editorHandlers(session: SessionControl): HandlerTable {
  const handlers: Readonly<Record<EditorRequest, Handler>> = {
    'faultline/inlineValues': async (raw, seq) => {
      type Result = CustomRequests['faultline/inlineValues']['result'];
      const nothing: { body: Result } = { body: { values: [] } };
      const run = session.requireStopped();
      const row = rowOfFrame(session.references, run, requireNumber(raw, 'frameId'));
      if (row === undefined || row.kind === 'label') return nothing;
      const executed = noPlaces();
      const { knownPlaces } = run.debugger;
      const look = run.debugger.lookBack((past) =>
        lookForExecuted(past, row, executed, knownPlaces),
      );
      const { rev } = session;
      await session.lookBacks.run(look, seq, INLINE_MS);
      if (session.rev !== rev || session.phase !== 'stopped') return nothing;
      const found = listInlineValues(run.debugger.target, row, executed, session.isHex);
      if (found === undefined) return nothing;
      const body: Result = {
        uri: run.catalog.uriOf(found.file),
        values: found.values.map(({ name, value, ...place }) => ({
          ...place,
          text: `${name} = ${value}`,
        })),
      };
      return { body };
    },
    'faultline/valueOrigin': async (raw, seq) => {
      const run = session.requireStopped();
      const uri = optionalText(raw, 'uri');
      const source = uri === undefined ? undefined : { path: uri };
      const line1 = optionalNumber(raw, 'line1');
      const row = rowOfExpression(session, run, optionalNumber(raw, 'frameId'), source, line1);
      return { body: await describeOrigin(session, run, row, raw, seq) };
    },
  };
  return handlers;
}

async function describeOrigin(
  session: SessionControl,
  run: LaunchedRun,
  row: StackRow | undefined,
  raw: RawArguments,
  seq: number,
): Promise<ValueOrigin> {
  const { target } = run.debugger;
  const expression = requireText(raw, 'expression').trim();
  const register = readRegister(target, row, expression);
  if (register !== undefined) return { expression, value: register, type: 'register' };
  const item = evaluateAt(target, row, expression);
  const value = valueText(valueContextOf(target, row, session.isHex), item);
  const origin: ValueOrigin = { expression, value, type: valueTypeName(item) };
  const isThere = !readsAsNoValue(value);
  const known = isThere ? await tellLastWriter(session, run, row, item, seq) : undefined;
  if (known === undefined) return origin;
  const { text, writer } = known;
  if (writer === undefined || !('position' in writer)) return { ...origin, writer: text };
  const { span, position } = writer;
  if (span === undefined) return { ...origin, writer: text, position };
  const { line1 } = positionOf(span.file, span.start);
  const place = { uri: run.catalog.uriOf(span.file), path: span.file.path, line1 };
  return { ...origin, writer: text, position, place };
}
