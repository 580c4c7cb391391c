/**
 * Requests that look: threads, stack, scopes, variables, expressions, exceptions.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { hex, type TaskId } from '../base/brand.ts';
import { UserError } from '../base/errors.ts';
import { positionOf } from '../base/span.ts';
import type { Debugger } from '../debugger/debugger.ts';
import { completeExpression, type Completion } from '../debugger/completion.ts';
import { codeAddress } from '../debugger/disassembly.ts';
import { evaluateAt } from '../debugger/evaluation.ts';
import { listScopes, readRegister } from '../debugger/scopes.ts';
import { rowLine, stackRows, type StackRow } from '../debugger/stackRows.ts';
import { listStepTargets } from '../debugger/stepTargets.ts';
import { listedTasks, taskName } from '../debugger/debugTarget.ts';
import { describeTaskWithReason, valueContextOf } from '../debugger/taskWords.ts';
import { explainException } from './exceptionInfo.ts';
import type { TypedValue } from '../debugger/typedValue.ts';
import { runConsoleAction } from './consoleActions.ts';
import { readsAsNoValue } from '../debugger/valueText.ts';
import { completeCommand, runConsoleCommand } from './consoleCommands.ts';
import { listNotesOfLine, rowOfExpression, tellLastWriter } from './editorHandlers.ts';
import type { HandlerTable, RawArguments, Reply } from './handler.ts';
import type { LaunchedRun } from './launchedRun.ts';
import { moduleOf } from './modules.ts';
import { toTaskId, toThreadId } from './threadIds.ts';
import {
  optionalNumber,
  optionalObject,
  optionalText,
  requireNumber,
  requireText,
} from './rawArguments.ts';
import { rowOfFrame } from './runReferences.ts';
import type { SessionControl } from './sessionControl.ts';
import { menuWordsFor } from './variableMenu.ts';
import { describeValue, listRows } from './variableRows.ts';

/**
 * The tasks of the scenario, kernel tasks that run, and idle tasks that run an interrupt. A name tells why its task
 * sleeps: of a thread that did not cause the stop, VS Code shows nothing but the name, in the row and in its hover.
 */
function listThreads(run: LaunchedRun, withState: boolean): DebugProtocol.Thread[] {
  const { target } = run.debugger;
  const { machine } = target;
  const threads = listedTasks(target).map(({ id, name }) => ({
    id: toThreadId(id),
    name: withState ? `${name} — ${describeTaskWithReason(target, id)}` : name,
  }));
  for (let id = 0; id < machine.taskCount; id += 1) {
    const task = machine.task(id as TaskId);
    if (!task.isIdle || !task.isInInterrupt) continue;
    threads.push({ id: toThreadId(task.id), name: `${taskName(target, task.id)} — interrupt` });
  }
  return threads;
}

/**
 * Plumbing, and what a step that fell asleep had called, is shown faintly, so that an editor opens the
 * first frame above; but not where a step or a breakpoint stopped in plumbing itself.
 */
function hintOf(debug: Debugger, row: StackRow, index: number): 'label' | 'subtle' | 'normal' {
  if (row.kind === 'label') return 'label';
  if (row.kind === 'user') return 'normal';
  if (debug.isInsideStep(row.task, row.frame)) return 'subtle';
  if (!row.isPlumbing) return 'normal';
  const stop = debug.lastStop;
  const stoppedThere = stop.reason !== 'sleep' && stop.reason !== 'wake' && stop.reason !== 'pause';
  return index === 0 && row.task === stop.task && stoppedThere ? 'normal' : 'subtle';
}

/** Where a frame stands in its code: kernel frames say so only when the user wants to see bytecode. */
function instructionPointer(
  { launch }: LaunchedRun,
  row: StackRow,
): { readonly instructionPointerReference?: string } {
  if (row.kind === 'user') return { instructionPointerReference: hex(row.address, 8) };
  if (row.kind === 'label' || !launch.showBytecode) return {};
  return { instructionPointerReference: hex(codeAddress(row.pc), 8) };
}

function toFrame(
  session: SessionControl,
  run: LaunchedRun,
  row: StackRow,
  index: number,
): DebugProtocol.StackFrame {
  const { line1, column1 } = rowLine(row);
  const span = row.kind === 'label' ? undefined : row.span;
  const source = span === undefined ? undefined : run.catalog.sourceOf(span.file);
  const moduleId = moduleOf(run, row);
  return {
    id: session.references.frames.add(row),
    name: row.name,
    line: source === undefined ? 0 : session.client.toClientLine(line1),
    column: source === undefined ? 0 : session.client.toClientColumn(column1),
    ...(source === undefined ? {} : { source }),
    presentationHint: hintOf(run.debugger, row, index),
    ...instructionPointer(run, row),
    ...(moduleId === undefined ? {} : { moduleId }),
  };
}

const COMPLETION_TYPES: Readonly<Record<Completion['kind'], DebugProtocol.CompletionItemType>> = {
  variable: 'variable',
  field: 'field',
  function: 'function',
  constant: 'value',
  register: 'variable',
};

function complete(
  run: LaunchedRun,
  row: StackRow | undefined,
  text: string,
  checkpoints: readonly string[],
): DebugProtocol.CompletionItem[] {
  const commands = completeCommand(run, text, checkpoints).map(({ word, start }) => ({
    label: word,
    type: 'keyword' as const,
    start,
    length: text.length - start,
  }));
  const items = completeExpression(run.debugger.target, row, text).map((item) => ({
    label: item.text,
    type: COMPLETION_TYPES[item.kind],
    start: item.start,
    length: text.length - item.start,
  }));
  return [...commands, ...items];
}

/** Whether a request wants numbers in hexadecimal, or the user does. */
function wantsHex(session: SessionControl, raw: RawArguments): boolean {
  return optionalObject(raw, 'format')['hex'] === true || session.isHex;
}

export function inspectionHandlers(session: SessionControl): HandlerTable {
  async function evaluateText(run: LaunchedRun, raw: RawArguments, seq: number): Promise<Reply> {
    const text = requireText(raw, 'expression');
    const usage = optionalText(raw, 'context');
    if (usage === 'repl') {
      const done = runConsoleAction(session, run, text);
      if (done !== undefined) return await done;
      const answer = runConsoleCommand(run, text);
      if (answer !== undefined) {
        return { body: { result: session.styled(answer), variablesReference: 0 } };
      }
    }
    const line = optionalNumber(raw, 'line');
    const row = rowOfExpression(
      session,
      run,
      optionalNumber(raw, 'frameId'),
      usage === 'hover' ? optionalObject(raw, 'source') : undefined,
      line === undefined ? undefined : session.client.fromClientLine(line),
    );
    const register = readRegister(run.debugger.target, row, text);
    if (register !== undefined) return { body: { result: register, variablesReference: 0 } };
    const item = evaluateAt(run.debugger.target, row, text);
    const shown = valueContextOf(run.debugger.target, row, wantsHex(session, raw));
    // What is copied is to be whole; elsewhere a line has to do.
    const context = { ...shown, isWhole: optionalText(raw, 'context') === 'clipboard' };
    const { value, ...parts } = describeValue(session.references, row, context, item, text.trim());
    if (usage !== 'hover' || readsAsNoValue(value)) return { body: { result: value, ...parts } };
    const known = await tellLastWriter(session, run, row, item, seq);
    const told = known === undefined ? [] : [known.text];
    // A value that unfolds stands in a title of one line, where notes have no room.
    const result =
      parts.variablesReference === 0
        ? [value, ...told, ...listNotesOfLine(session, run, raw)].join('\n')
        : [value, ...told].join(' — ');
    return { body: { result, ...parts } };
  }

  return {
    threads: () => {
      const { run, phase } = session;
      if (run === undefined || phase === 'ended') return { body: { threads: [] } };
      return { body: { threads: listThreads(run, phase !== 'running') } };
    },
    stackTrace: (raw) => {
      const run = session.requireStopped();
      const task = toTaskId(run.debugger, requireNumber(raw, 'threadId'));
      const rows = stackRows(run.debugger.target, task);
      const start = optionalNumber(raw, 'startFrame') ?? 0;
      const levels = optionalNumber(raw, 'levels') ?? 0;
      const end = levels <= 0 ? rows.length : start + levels;
      const stackFrames = rows
        .map((row, index) => ({ row, index }))
        .slice(start, end)
        .map(({ row, index }) => toFrame(session, run, row, index));
      return { body: { stackFrames, totalFrames: rows.length } };
    },
    scopes: (raw) => {
      const run = session.requireStopped();
      const row = rowOfFrame(session.references, run, requireNumber(raw, 'frameId'));
      if (row === undefined) return { body: { scopes: [] } };
      const context = valueContextOf(run.debugger.target, row, session.isHex);
      const scopes = listScopes(run.debugger.target, row, run.debugger.lastStop).map(
        (scope): DebugProtocol.Scope => {
          const group =
            scope.kind === 'registers'
              ? { kind: 'texts' as const, row, rows: scope.rows }
              : { kind: 'members' as const, row, context, members: scope.members };
          return {
            name: scope.name,
            ...(scope.kind === 'statics' ? {} : { presentationHint: scope.kind }),
            variablesReference: session.references.variables.add(group),
            expensive:
              scope.kind === 'statics' || (scope.kind === 'registers' && row.kind === 'kernel'),
          };
        },
      );
      return { body: { scopes } };
    },
    variables: (raw) => {
      const { target } = session.requireStopped().debugger;
      const group = session.references.variables.get(requireNumber(raw, 'variablesReference'));
      if (group === undefined) {
        throw new UserError('stale-value', 'This value is gone.', 'Refresh the variables.', true);
      }
      const filter = optionalText(raw, 'filter');
      const range = {
        filter: filter === 'indexed' || filter === 'named' ? filter : undefined,
        start: optionalNumber(raw, 'start'),
        count: optionalNumber(raw, 'count'),
      } as const;
      const shown =
        group.kind === 'texts'
          ? group
          : { ...group, context: { ...group.context, isHex: wantsHex(session, raw) } };
      const menuBelow =
        shown.kind === 'texts' || !session.client.isVscode
          ? undefined
          : (parent: TypedValue | undefined) => menuWordsFor(target, shown.context.memory, parent);
      return { body: { variables: listRows(session.references, shown, range, menuBelow) } };
    },
    evaluate: (raw, seq) => evaluateText(session.requireStopped(), raw, seq),
    stepInTargets: (raw) => {
      const run = session.requireStopped();
      const row = rowOfFrame(session.references, run, requireNumber(raw, 'frameId'));
      const found = row === undefined ? [] : listStepTargets(run.debugger.target, row);
      const targets = found.map(({ functionIndex, name, span }) => {
        const place = span && positionOf(span.file, span.start);
        return {
          id: functionIndex + 1,
          label: name,
          ...(place === undefined
            ? {}
            : {
                line: session.client.toClientLine(place.line1),
                column: session.client.toClientColumn(place.column1),
              }),
        };
      });
      return { body: { targets } };
    },
    completions: (raw) => {
      const run = session.requireStopped();
      const row = rowOfFrame(session.references, run, optionalNumber(raw, 'frameId'));
      const text = requireText(raw, 'text');
      const line =
        text.split('\n')[
          session.client.fromClientLine(
            optionalNumber(raw, 'line') ?? session.client.toClientLine(1),
          ) - 1
        ] ?? '';
      const column = session.client.fromClientColumn(requireNumber(raw, 'column'));
      const begun = line.slice(0, Math.max(0, column - 1));
      const checkpoints = session.waypoints.all.map(({ name }) => name);
      return { body: { targets: complete(run, row, begun, checkpoints) } };
    },
    exceptionInfo: () => ({ body: explainException(session.requireStopped().debugger) }),
  };
}
