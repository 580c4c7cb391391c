/**
 * Custom requests about the place of a variable: its memory as text, and its picture in the panel.
 */
import { asAddress } from '../base/brand.ts';
import { formatDuration } from '../base/duration.ts';
import type { DebugTarget } from '../debugger/debugTarget.ts';
import { evaluateAt } from '../debugger/evaluation.ts';
import { memoryPiece, type MemoryPiece } from '../debugger/memoryPiece.ts';
import { pictureOf } from '../debugger/pictures.ts';
import { valueContextOf } from '../debugger/taskWords.ts';
import { valueText, type ValueContext } from '../debugger/valueText.ts';
import { memoryLines, type MemoryRow } from '../view/memoryText.ts';
import type { CustomRequests, MemoryView, PictureView } from '../view/protocol.ts';
import type { Handler, RawArguments } from './handler.ts';
import type { LaunchedRun } from './launchedRun.ts';
import { toThreadId } from './threadIds.ts';
import { optionalNumber, optionalObject, requireNumber, requireText } from './rawArguments.ts';
import { rowOfFrame } from './runReferences.ts';
import type { SessionControl } from './sessionControl.ts';

/** The bytes that were asked for. */
type Mark = NonNullable<MemoryPiece['mark']>;

function toRows(
  context: ValueContext,
  { rows }: MemoryPiece,
  mark: Mark | undefined,
): readonly MemoryRow[] {
  return rows.map(({ address, bytes, path, item }) => ({
    address,
    bytes: Array.from({ length: bytes }, (_, at) =>
      context.memory.readByte(asAddress(address + at)),
    ),
    name: path,
    value: item === undefined ? undefined : valueText(context, item),
    isMarked:
      mark !== undefined && address < mark.address + mark.bytes && mark.address < address + bytes,
  }));
}

function readMark(raw: RawArguments): Mark | undefined {
  if (raw['mark'] === undefined) return undefined;
  const mark = optionalObject(raw, 'mark');
  return {
    address: asAddress(requireNumber(mark, 'address')),
    bytes: Math.max(1, requireNumber(mark, 'bytes')),
  };
}

function whenText({ machine }: DebugTarget): string {
  return `${formatDuration(machine.nowNs())} of virtual time, position ${String(machine.position)}`;
}

/** The handlers of this file, by request. */
type PlaceHandlers = Readonly<
  Record<Extract<keyof CustomRequests, 'faultline/memory' | 'faultline/picture'>, Handler>
>;

export function placeHandlers(session: SessionControl): PlaceHandlers {
  function memoryView(run: LaunchedRun, raw: RawArguments): MemoryView {
    const { target } = run.debugger;
    const row = rowOfFrame(session.references, run, optionalNumber(raw, 'frameId'));
    const piece = memoryPiece(target, row, requireText(raw, 'expression'));
    const mark = readMark(raw) ?? piece.mark;
    const context = valueContextOf(target, piece.row, session.isHex);
    return {
      title: piece.title,
      when: whenText(target),
      lines: memoryLines(toRows(context, piece, mark)),
      ...(piece.pinned === undefined ? {} : { pinned: piece.pinned }),
      ...(mark === undefined ? {} : { mark }),
    };
  }

  function pictureView(run: LaunchedRun, raw: RawArguments): PictureView | undefined {
    const { target } = run.debugger;
    const row = rowOfFrame(session.references, run, optionalNumber(raw, 'frameId'));
    const item = evaluateAt(target, row, requireText(raw, 'expression'));
    const picture = pictureOf(target, valueContextOf(target, row).memory, item);
    if (picture === undefined) return undefined;
    const { kind, name } = picture;
    return picture.kind === 'task'
      ? { kind, name, taskId: toThreadId(picture.task) }
      : { kind, name };
  }

  return {
    'faultline/memory': (raw) => ({ body: memoryView(session.requireStopped(), raw) }),
    'faultline/picture': (raw) => {
      const picture = pictureView(session.requireStopped(), raw);
      return { body: picture === undefined ? {} : { picture } };
    },
  };
}
