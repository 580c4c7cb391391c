/**
 * Whether a task that comes to a breakpoint stops there.
 *
 * Arrivals are counted by the position at which they happen, so that going back and running on counts
 * none twice: the n-th arrival is the same in both directions. Log points print in forward runs only, and
 * nothing twice.
 */
import type { TaskId } from '../base/brand.ts';
import { UserError } from '../base/errors.ts';
import type { AccessStop } from '../machine/stop.ts';
import type { HeardAccess } from './accessTexts.ts';
import type { BreakpointTable, PlacedBreakpoint } from './breakpointTable.ts';
import { taskName, type DebugTarget } from './debugTarget.ts';
import { evaluateAt } from './evaluation.ts';
import { parseHitCondition } from './hitCondition.ts';
import { fillIn } from './logMessage.ts';
import type { GuardedStop, Work } from './operation.ts';
import { innermostRow, type StackRow } from './stackRows.ts';
import type { StopFilterId } from './stopFilters.ts';
import { valueContextOf } from './taskWords.ts';
import { readScalar } from './typedValue.ts';
import { valueText } from './valueText.ts';

/** What is found where a task stands. */
export interface Verdict {
  readonly position: number;
  readonly task: TaskId;
  /** The breakpoints that stop. */
  readonly ids: readonly number[];
  /** The filter that stops, when no breakpoint does, and what happens there. */
  readonly filter: { readonly id: StopFilterId; readonly text: string } | undefined;
}

/** What the judge needs of the debugger. */
export interface JudgeServices {
  /** Whether the statement at which a task stands would put it to sleep. */
  wouldSleep(task: TaskId): Work<boolean>;
  /** Prints a line of a log point, or what is wrong with a condition. */
  print(text: string): void;
}

/** Arrivals at one breakpoint, by growing position. */
interface Arrivals {
  readonly positions: number[];
  /** The last position of which something was printed. */
  printedUpTo: number;
}

export class BreakpointJudge {
  private readonly target: DebugTarget;
  private readonly table: BreakpointTable;
  private readonly services: JudgeServices;
  private readonly arrivals = new Map<string, Arrivals>();
  private last: Verdict | undefined;
  /** Set while the past is searched: nothing is printed. */
  isQuiet = false;

  constructor(target: DebugTarget, table: BreakpointTable, services: JudgeServices) {
    this.target = target;
    this.table = table;
    this.services = services;
  }

  /** What stops the machine where it stands, as judged last; `undefined` when nothing was judged here. */
  get here(): Verdict | undefined {
    return this.last?.position === this.target.machine.position ? this.last : undefined;
  }

  /** Whether a stop of the machine at a breakpoint, or at an event, is one for the user. */
  *admits(stop: GuardedStop): Work<boolean> {
    const isAdmitted = yield* this.judge(stop.task, this.candidatesFor(stop));
    if (isAdmitted && stop.kind === 'access') yield* this.judgeArrival(stop);
    return isAdmitted;
  }

  /**
   * Who has accessed data may stand at a breakpoint now. Going on from here does not stop there again, so that it
   * belongs to the stop.
   */
  private *judgeArrival({ cpu, task }: AccessStop): Work<void> {
    const { machine } = this.target;
    if (machine.currentCpu !== cpu || machine.cpu(cpu).task !== task) return;
    const ids = this.last?.ids ?? [];
    yield* this.judge(task, this.table.at(machine, task));
    const arrived = this.last?.ids ?? [];
    this.last = { position: machine.position, task, ids: [...ids, ...arrived], filter: undefined };
  }

  /** Of the accesses at which the machine stands, those that stop, with what they are about. */
  heard({ accesses }: AccessStop): HeardAccess[] {
    const ids = this.here?.ids ?? [];
    return accesses.flatMap((access) => {
      const breakpoint = this.table.dataOf(access.watchpoint);
      const place = breakpoint?.data;
      if (place === undefined || !ids.includes(breakpoint?.id ?? 0)) return [];
      return [{ place, access }];
    });
  }

  private candidatesFor(stop: GuardedStop): readonly PlacedBreakpoint[] {
    if (stop.kind === 'access') return this.table.dataAt(stop);
    return stop.kind === 'sleep' || stop.kind === 'wake'
      ? this.table.filtersOf(stop.kind)
      : this.table.at(this.target.machine, stop.task);
  }

  /** The user has changed the run at a position: what was seen behind it will not come again. */
  forgetFrom(position: number): void {
    this.last = undefined;
    for (const arrivals of this.arrivals.values()) {
      const { positions } = arrivals;
      while ((positions.at(-1) ?? -1) >= position) positions.pop();
      arrivals.printedUpTo = Math.min(arrivals.printedUpTo, position - 1);
    }
  }

  private *judge(task: TaskId, candidates: readonly PlacedBreakpoint[]): Work<boolean> {
    const { position } = this.target.machine;
    const ids: number[] = [];
    let filter: Verdict['filter'];
    for (const breakpoint of candidates) {
      if (!(yield* this.stops(breakpoint, task))) continue;
      if (breakpoint.filter === undefined) ids.push(breakpoint.id);
      else {
        const text = breakpoint.filter.describe(this.target, task);
        filter = { id: breakpoint.filter.id, text };
      }
    }
    this.last = { position, task, ids, filter };
    return ids.length > 0 || filter !== undefined;
  }

  private *stops(breakpoint: PlacedBreakpoint, task: TaskId): Work<boolean> {
    const { rules, filter } = breakpoint;
    if (rules.mode === 'oneTask' && rules.task !== task) return false;
    if (filter !== undefined && !filter.applies(this.target, task)) return false;
    const isAsked = rules.condition !== undefined || rules.logMessage !== undefined;
    const row = isAsked ? innermostRow(this.target, task) : undefined;
    if (rules.condition !== undefined && !this.holds(rules.condition, task, row)) return false;
    if (rules.mode === 'wouldSleep' && !(yield* this.services.wouldSleep(task))) return false;
    const arrivals = this.arrivalsOf(breakpoint);
    const count = countArrival(arrivals.positions, this.target.machine.position);
    const isCounted =
      rules.hitCondition === undefined || (parseHitCondition(rules.hitCondition)?.(count) ?? true);
    if (!isCounted) return false;
    if (rules.logMessage === undefined) return true;
    this.log(arrivals, rules.logMessage, row);
    return false;
  }

  private arrivalsOf({ id, rules, filter }: PlacedBreakpoint): Arrivals {
    const key = `${String(id)} ${filter?.id ?? ''} ${rules.condition ?? ''} ${rules.mode}`;
    const known = this.arrivals.get(key);
    if (known !== undefined) return known;
    const created = { positions: [], printedUpTo: -1 };
    this.arrivals.set(key, created);
    return created;
  }

  /** A condition that cannot be evaluated stops, and says why. */
  private holds(condition: string, task: TaskId, row: StackRow | undefined): boolean {
    const { target } = this;
    if (target.tasks.some(({ name }) => name === condition.trim())) {
      return taskName(target, task) === condition.trim();
    }
    try {
      const value = readScalar(target.machine, evaluateAt(target, row, condition));
      if (value !== undefined) return value !== 0n;
      this.services.print(`The condition "${condition}" is no number.\n`);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.services.print(`The condition "${condition}" cannot be checked: ${error.message}\n`);
    }
    return true;
  }

  private log(arrivals: Arrivals, message: string, row: StackRow | undefined): void {
    const { position } = this.target.machine;
    if (this.isQuiet || position <= arrivals.printedUpTo) return;
    arrivals.printedUpTo = position;
    const text = fillIn(message, (expression) => this.textOf(expression, row));
    this.services.print(`${text}\n`);
  }

  private textOf(expression: string, row: StackRow | undefined): string {
    try {
      const value = evaluateAt(this.target, row, expression);
      return valueText(valueContextOf(this.target, row), value);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return `{${expression}: ${error.message}}`;
    }
  }
}

/** Notes an arrival and tells the how manyth it is, from 1 on. Cost: logarithmic, mostly. */
function countArrival(positions: number[], position: number): number {
  let low = 0;
  let high = positions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((positions[middle] ?? Infinity) < position) low = middle + 1;
    else high = middle;
  }
  if (positions[low] !== position) positions.splice(low, 0, position);
  return low + 1;
}
