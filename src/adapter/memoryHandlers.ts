/**
 * Requests about bytes and instructions: `readMemory`, `writeMemory`, `disassemble`.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { decodeBase64, encodeBase64 } from '../base/base64.ts';
import { hex } from '../base/brand.ts';
import { UserError } from '../base/errors.ts';
import { positionOf } from '../base/span.ts';
import { listDisassembly, type DisassemblyRow } from '../debugger/disassembly.ts';
import { findPlace, readBytes, referenceOf, writeBytes } from '../debugger/memoryPlace.ts';
import type { HandlerTable } from './handler.ts';
import type { LaunchedRun } from './launchedRun.ts';
import { optionalNumber, requireNumber, requireReference, requireText } from './rawArguments.ts';
import type { SessionControl } from './sessionControl.ts';

/** A client that asks for more gets this much. */
const MOST_BYTES = 256 * 1024;
const MOST_INSTRUCTIONS = 4096;

export function memoryHandlers(session: SessionControl): HandlerTable {
  function toInstruction(
    run: LaunchedRun,
    { address, text, bytes, symbol, span, isValid }: DisassemblyRow,
  ): DebugProtocol.DisassembledInstruction {
    const source = span && run.catalog.sourceOf(span.file);
    const line = span && session.client.toClientLine(positionOf(span.file, span.start).line1);
    return {
      address: hex(address, 8),
      instruction: text,
      ...(bytes === undefined ? {} : { instructionBytes: bytes }),
      ...(symbol === undefined ? {} : { symbol }),
      ...(source === undefined || line === undefined ? {} : { location: source, line }),
      ...(isValid ? {} : { presentationHint: 'invalid' }),
    };
  }

  return {
    readMemory: (raw) => {
      const { debugger: debug } = session.requireStopped();
      const reference = requireText(raw, 'memoryReference');
      const place = findPlace(reference, optionalNumber(raw, 'offset') ?? 0, debug.lastStop.task);
      const count = Math.max(0, requireNumber(raw, 'count'));
      const bytes = readBytes(debug.target, place, Math.min(count, MOST_BYTES));
      return {
        body: {
          address: referenceOf(place),
          ...(bytes.length > 0 ? { data: encodeBase64(bytes) } : {}),
          ...(bytes.length < count ? { unreadableBytes: count - bytes.length } : {}),
        },
      };
    },
    writeMemory: (raw) => {
      const run = session.requireStopped();
      const { debugger: debug } = run;
      const reference = requireText(raw, 'memoryReference');
      const offset = optionalNumber(raw, 'offset') ?? 0;
      const place = findPlace(reference, offset, debug.lastStop.task);
      const bytes = decodeBase64(requireText(raw, 'data'));
      if (bytes === undefined || bytes.length === 0) {
        throw new UserError('bad-argument', 'The data is no Base64.', 'Correct the request.', true);
      }
      debug.intervene(writeBytes(place, bytes), `${String(bytes.length)} bytes at ${reference}`);
      if (session.client.takesMemoryEvents) {
        session.emitEvent('memory', { memoryReference: reference, offset, count: bytes.length });
      }
      session.announceChange(run);
      return { body: { bytesWritten: bytes.length } };
    },
    disassemble: (raw) => {
      const run = session.requireStopped();
      const { debugger: debug } = run;
      const address =
        requireReference(raw, 'memoryReference') + (optionalNumber(raw, 'offset') ?? 0);
      const skip = optionalNumber(raw, 'instructionOffset') ?? 0;
      const count = Math.min(
        Math.max(0, requireNumber(raw, 'instructionCount')),
        MOST_INSTRUCTIONS,
      );
      const rows = listDisassembly(debug.target, debug.lastStop.task, address, skip, count);
      return { body: { instructions: rows.map((row) => toInstruction(run, row)) } };
    },
  };
}
