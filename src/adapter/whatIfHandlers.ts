/**
 * Requests by which the user changes the run where it stands: values, the next statement, SIGKILL.
 *
 * Each is an intervention that becomes part of the schedule. The run stays where it is; what was looked at
 * before is still named by the same numbers.
 */
import { hex, type TaskId } from '../base/brand.ts';
import { UserError } from '../base/errors.ts';
import { assign, numberAt } from '../debugger/assignment.ts';
import { taskName } from '../debugger/debugTarget.ts';
import { evaluateAt } from '../debugger/evaluation.ts';
import { jumpTargets, type JumpTarget } from '../debugger/jumpTargets.ts';
import { readRegister, registerOf } from '../debugger/scopes.ts';
import type { StackRow } from '../debugger/stackRows.ts';
import { valueContextOf } from '../debugger/taskWords.ts';
import type { TypedValue } from '../debugger/typedValue.ts';
import { HandleTable } from './handleTable.ts';
import type { HandlerTable, Reply } from './handler.ts';
import type { LaunchedRun } from './launchedRun.ts';
import { toTaskId } from './threadIds.ts';
import {
  optionalList,
  optionalNumber,
  optionalObject,
  requireNumber,
  requireText,
} from './rawArguments.ts';
import { memberOfGroup, rowOfFrame } from './runReferences.ts';
import type { SessionControl } from './sessionControl.ts';
import { describeValue } from './variableRows.ts';

const SIGKILL = 9;

export function whatIfHandlers(session: SessionControl): HandlerTable {
  const jumps = new HandleTable<{ readonly task: TaskId; readonly target: JumpTarget }>();

  function setRegister(run: LaunchedRun, row: StackRow, name: string, text: string): Reply {
    const { debugger: debug } = run;
    const register = registerOf(row, name);
    if (register === undefined) {
      throw new UserError('read-only', `${name} cannot be set.`, 'Set a register or a variable.');
    }
    const value = Number(BigInt.asIntN(32, numberAt(debug.target, row, text)));
    debug.intervene({ kind: 'register', task: row.task, register, value }, `${name} = ${text}`);
    session.announceChange(run);
    const now = readRegister(debug.target, row, `%${name}`) ?? hex(value, 8);
    return { body: { value: now, variablesReference: 0 } };
  }

  function setValue(
    run: LaunchedRun,
    row: StackRow | undefined,
    item: TypedValue,
    name: string,
    text: string,
  ): Reply {
    const { debugger: debug } = run;
    debug.intervene(assign(debug.target, row, item, text), `${name} = ${text}`);
    session.announceChange(run);
    const context = valueContextOf(debug.target, row, session.isHex);
    return { body: describeValue(session.references, row, context, item, name) };
  }

  return {
    setVariable: (raw) => {
      const run = session.requireStopped();
      const reference = requireNumber(raw, 'variablesReference');
      const name = requireText(raw, 'name');
      const text = requireText(raw, 'value');
      const group = session.references.variables.get(reference);
      if (group?.kind === 'texts') return setRegister(run, group.row, name, text);
      const { row, item, expression } = memberOfGroup(session.references, reference, name);
      return setValue(run, row, item, expression ?? name, text);
    },
    setExpression: (raw) => {
      const run = session.requireStopped();
      const row = rowOfFrame(session.references, run, optionalNumber(raw, 'frameId'));
      const expression = requireText(raw, 'expression');
      const text = requireText(raw, 'value');
      if (row !== undefined && readRegister(run.debugger.target, row, expression) !== undefined) {
        return setRegister(run, row, expression.trim().replace(/^[%$]/, ''), text);
      }
      return setValue(run, row, evaluateAt(run.debugger.target, row, expression), expression, text);
    },
    gotoTargets: (raw) => {
      const run = session.requireStopped();
      const { task } = run.debugger.lastStop;
      const file = run.catalog.fileOf(optionalObject(raw, 'source'));
      const line1 = session.client.fromClientLine(requireNumber(raw, 'line'));
      const found =
        task === undefined || file === undefined
          ? []
          : jumpTargets(run.debugger.target, task, file, line1).map((target) => ({ task, target }));
      const targets = found.map((jump) => ({
        id: jumps.add(jump),
        label: jump.target.text,
        line: session.client.toClientLine(jump.target.line1),
        column: session.client.toClientColumn(jump.target.column1),
      }));
      return { body: { targets } };
    },
    goto: (raw) => {
      const run = session.requireStopped();
      const jump = jumps.get(requireNumber(raw, 'targetId'));
      if (jump?.task !== toTaskId(run.debugger, requireNumber(raw, 'threadId'))) {
        throw new UserError(
          'stale-target',
          'This target is gone.',
          'Ask for the targets again.',
          true,
        );
      }
      const { task, target } = jump;
      const name = taskName(run.debugger.target, task);
      return {
        afterwards: () =>
          session.change(
            run,
            { kind: 'goto', task, pc: target.pc },
            `${name} jumps to line ${String(target.line1)}`,
          ),
      };
    },
    terminateThreads: (raw) => {
      const run = session.requireStopped();
      for (const threadId of optionalList(raw, 'threadIds')) {
        const task = toTaskId(run.debugger, requireNumber({ threadId }, 'threadId'));
        const text = `SIGKILL for ${taskName(run.debugger.target, task)}`;
        run.debugger.intervene({ kind: 'signal', task, signal: SIGKILL }, text);
        session.tell(`${text}.\n`);
      }
      session.announceChange(run);
      return {};
    },
  };
}
