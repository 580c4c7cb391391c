/**
 * Turns what stopped the machine into what the user is told.
 */
import type { Pc, TaskId } from '../base/brand.ts';
import { statementAt } from '../bytecode/program.ts';
import type { Stop } from '../machine/stop.ts';
import { accessText } from './accessTexts.ts';
import type { BreakpointJudge } from './breakpointJudge.ts';
import type { DebugStop, StopReason } from './debugStop.ts';
import type { DebugTarget } from './debugTarget.ts';
import { momentAt } from './moments.ts';
import * as texts from './stopTexts.ts';

export class StopDescriber {
  private readonly target: DebugTarget;
  private readonly judge: BreakpointJudge;

  constructor(target: DebugTarget, judge: BreakpointJudge) {
    this.target = target;
    this.judge = judge;
  }

  /** A stop where the machine stands; `text` is derived from the reason when left out. */
  here(reason: StopReason, task: TaskId | undefined, text?: string): DebugStop {
    const { machine, program } = this.target;
    const verdict = this.judge.here?.task === task ? this.judge.here : undefined;
    const ids = verdict?.ids ?? [];
    const isAtBreakpoint = ids.length > 0 && reason === 'step';
    const isAtEvent = ids.length === 0 && (reason === 'step' || reason === 'breakpoint');
    const filter = isAtEvent ? verdict?.filter : undefined;
    if (filter !== undefined) {
      const { id, text: happens } = filter;
      const { position } = machine;
      return {
        reason: 'filter',
        task,
        text: happens,
        position,
        breakpointIds: [],
        filter: id,
        final: undefined,
      };
    }
    const anchor = task === undefined ? undefined : momentAt(program, machine.task(task).pc);
    const title = anchor?.title;
    return {
      reason: isAtBreakpoint ? 'breakpoint' : reason,
      task,
      text: text ?? (title === undefined ? texts.standsText(this.target, task) : title),
      position: machine.position,
      breakpointIds: ids,
      filter: undefined,
      final: undefined,
    };
  }

  /** The stop of a run that was meant to end with `reason` at a breakpoint of the machine. */
  ofStop(stop: Stop, reason: StopReason): DebugStop {
    switch (stop.kind) {
      case 'budget':
      case 'position':
        return this.here('goto', this.currentTask());
      case 'breakpoint':
      case 'statement':
        return this.here(reason === 'wake' ? 'breakpoint' : reason, stop.task);
      case 'sleep':
        return this.here('sleep', stop.task, texts.sleepText(this.target, stop.task));
      case 'wake':
        return this.here('wake', stop.task, texts.wakeText(this.target, stop.task));
      case 'access': {
        const heard = this.judge.heard(stop);
        return this.here('data', stop.task, accessText(this.target, stop, heard));
      }
      case 'fault':
        return {
          ...this.here('fault', stop.task, texts.faultText(this.target, stop)),
          final: stop,
        };
      case 'deadlock': {
        const text = texts.deadlockText(this.target, stop.tasks);
        return { ...this.here('deadlock', stop.tasks[0], text), final: stop };
      }
      case 'finished':
        return {
          ...this.here('finished', this.lastToRun(), texts.finishedText(stop.outcome)),
          final: stop,
        };
    }
  }

  /** Whether a statement starts exactly there; a user instruction always does. */
  isAtStatement(pc: Pc | undefined): boolean {
    return pc === undefined || statementAt(this.target.program, pc)?.pc === pc;
  }

  /** The task of the scenario that executed last. */
  private lastToRun(): TaskId | undefined {
    const { machine, tasks } = this.target;
    return tasks
      .map(({ id }) => id)
      .reduce<TaskId | undefined>(
        (last, id) =>
          last === undefined || machine.ranUntil(id) > machine.ranUntil(last) ? id : last,
        undefined,
      );
  }

  private currentTask(): TaskId {
    const { machine } = this.target;
    return machine.cpu(machine.currentCpu).task;
  }
}
