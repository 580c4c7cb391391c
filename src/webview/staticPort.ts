/**
 * The door of a report: answers what the panel asks from the data that the page carries.
 *
 * It moves the panel only; there is no machine. What needs one is refused with a sentence.
 */
import { UserError } from '../base/errors.ts';
import { compareTimes } from '../view/timeDifferences.ts';
import type { PanelState } from '../view/panelState.ts';
import type { CustomRequests, MoveResult, PanelRequest, WhyResult } from '../view/protocol.ts';
import type { ReportData, ReportedRun } from '../view/reportModel.ts';
import { drawTimeline, drawTimelines } from '../view/timeline/drawTimeline.ts';
import type { TimelineModel, TimelineQuery } from '../view/timelineModel.ts';
import type { RunChoice, RunOption, TwoRunsModel, TwoRunsQuery } from '../view/twoRunsModel.ts';
import type { Port, ToldMessage } from './port.ts';
import { ReportedStates, type ReportTarget } from './reportedStates.ts';

function refusal(text: string): UserError {
  return new UserError('in-report', text, 'Start the scenario in VS Code.', true);
}

function toOption({ kernel, kernelTitle }: ReportedRun): RunOption {
  return { choice: { kernel }, label: kernel, title: kernelTitle, group: 'kernels' };
}

function findRun(data: ReportData, choice: RunChoice): ReportedRun {
  const [first] = data.runs;
  const run = 'kernel' in choice ? data.runs.find(({ kernel }) => kernel === choice.kernel) : first;
  if (run === undefined) throw refusal('This report does not have that run.');
  return run;
}

function drawFirst(data: ReportData, query: TimelineQuery): TimelineModel {
  const [run] = data.runs;
  if (run === undefined) throw refusal('This report has no run.');
  return drawTimeline(run.lanes, query);
}

function compare(data: ReportData, query: TwoRunsQuery): TwoRunsModel {
  const [one, other] = [findRun(data, query.one), findRun(data, query.other)];
  const [oneLine, otherLine] = drawTimelines([one.lanes, other.lanes], query);
  if (oneLine === undefined || otherLine === undefined) throw refusal('There is nothing to draw.');
  const toModel = ({
    kernel,
    outcome,
    numbers,
  }: ReportedRun): Omit<TwoRunsModel['one'], 'timeline'> => ({
    title: `kernel: ${kernel}`,
    outcome,
    numbers,
  });
  return {
    one: { ...toModel(one), timeline: oneLine },
    other: { ...toModel(other), timeline: otherLine },
    differences: compareTimes(one.numbers, other.numbers),
    options: data.runs.map(toOption),
  };
}

/** What the page shows of the run, and how it comes to show another state. */
class ReportDesk {
  readonly states: ReportedStates;
  private readonly receive: (message: ToldMessage) => void;
  private index = 0;

  constructor(data: ReportData, receive: (message: ToldMessage) => void) {
    this.states = new ReportedStates(data);
    this.receive = receive;
  }

  show(index: number): MoveResult {
    const state = this.states.at(index);
    if (state === undefined) throw refusal('This report has no such state.');
    this.index = index;
    this.receive({ kind: 'state', state });
    const { reason, position, clockNs, moment } = state;
    return { reached: true, reason, position, clockNs, moment };
  }

  seek(target: ReportTarget): MoveResult {
    const index = this.states.find(target, this.index);
    if (index === undefined) throw refusal('This run does not come to that moment.');
    // Behind the last event, and before the first one, there is none.
    const isStuck = target.event !== undefined && index === this.index;
    return { ...this.show(index), reached: !isStuck };
  }

  /** Looks at a state without going there. */
  peek(target: ReportTarget): { readonly state: PanelState | undefined } {
    return { state: this.states.at(this.states.find(target, this.index) ?? this.index) };
  }

  why(task: string | number): WhyResult {
    const why = this.states.why(this.index, task);
    if (why === undefined) throw refusal('This report does not say why.');
    return why;
  }

  take(request: PanelRequest): void {
    switch (request.kind) {
      case 'ready':
        this.show(0);
        return;
      case 'command':
        if (request.command === 'nextMoment') this.show(this.states.nextMoment(this.index, 1));
        if (request.command === 'previousMoment') this.show(this.states.nextMoment(this.index, -1));
        return;
      case 'why': {
        const why = this.states.why(this.index, request.task);
        if (why !== undefined) this.receive({ kind: 'why', why });
        return;
      }
      case 'selectTask':
        this.receive({ kind: 'selected', task: request.task });
        return;
      default:
    }
  }
}

/** Opens the door. Messages arrive at `receive`, the first one when the panel says that it is ready. */
export function openStaticPort(data: ReportData, receive: (message: ToldMessage) => void): Port {
  const desk = new ReportDesk(data, receive);
  const answers: ReadonlyMap<string, (args: never) => unknown> = new Map<
    string,
    (args: never) => unknown
  >([
    ['faultline/seek', (target: ReportTarget) => desk.seek(target)],
    ['faultline/peek', (target: ReportTarget) => desk.peek(target)],
    ['faultline/why', ({ task }: { readonly task: string | number }) => desk.why(task)],
    ['faultline/choices', () => ({ choices: [] })],
    ['faultline/breakOnContention', () => ({ locks: [] })],
    ['faultline/timeline', (query: TimelineQuery) => drawFirst(data, query)],
    ['faultline/twoRuns', (query: TwoRunsQuery) => compare(data, query)],
  ]);
  return {
    kept: () => undefined,
    keep: () => undefined,
    send: (request) => {
      desk.take(request);
    },
    query: async (name, args) => {
      const answer = answers.get(name);
      // As if it came from elsewhere: never before the caller has gone on.
      await Promise.resolve();
      if (answer === undefined) throw refusal('A report cannot change its run.');
      return answer(args as never) as CustomRequests[typeof name]['result'];
    },
  };
}
