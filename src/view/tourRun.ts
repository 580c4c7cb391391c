/**
 * A tour in progress: which step it is at, what was predicted, and what the machine said.
 *
 * It moves a machine through a small interface, so that the extension (over a debug session) and the
 * tests (over an adapter in memory) run the same tour. The right answer to a question is never
 * stored: it is the choice whose claims hold where running on leads.
 */
import { defined } from '../base/errors.ts';
import { holdAllClaims, type Claim, type EvaluateNumber } from './claim.ts';
import type { PanelState } from './panelState.ts';
import type { MomentTarget, MoveResult, TourStepView } from './protocol.ts';

/** A prediction, as a tour's file says it. */
export interface TourQuestion {
  readonly text: string;
  readonly until?: TargetOf | undefined;
  readonly choices: readonly { readonly text: string; readonly claims: readonly Claim[] }[];
  readonly explanation: string;
}

interface TargetOf {
  readonly anchor: string;
  readonly task?: string | undefined;
  readonly occurrence?: number | undefined;
}

/** One step of a chapter. */
export interface TourRunStep extends TargetOf {
  readonly title: string;
  readonly text: string;
  readonly lookAt: string;
  readonly claims: readonly Claim[];
  readonly question?: TourQuestion | undefined;
}

/** What a tour needs to be run: chapters, each on one kernel. */
export interface TourPlan {
  readonly title: string;
  readonly chapters: readonly {
    readonly kernel: string;
    readonly scenario: string;
    readonly steps: readonly TourRunStep[];
  }[];
}

/** The machine as a tour moves it. */
export interface TourMachine {
  /** Starts the scenario afresh on the kernel and returns when the machine stands. */
  start(scenario: string, kernel: string): Promise<void>;
  seek(target: MomentTarget): Promise<MoveResult>;
  /** The state of the last stop. */
  state(): Promise<PanelState>;
  readonly evaluateNumber: EvaluateNumber;
}

interface PlacedStep {
  readonly chapter: number;
  readonly step: TourRunStep;
}

function toTarget({ anchor, task, occurrence }: TargetOf): MomentTarget {
  return {
    anchor,
    ...(task === undefined ? {} : { task }),
    ...(occurrence === undefined ? {} : { occurrence }),
  };
}

export class TourRun {
  private readonly plan: TourPlan;
  private readonly machine: TourMachine;
  private readonly steps: readonly PlacedStep[];
  private readonly answers = new Map<number, { readonly chosen: number; readonly right: number }>();
  private index = -1;
  private chapter = -1;

  constructor(plan: TourPlan, machine: TourMachine) {
    this.plan = plan;
    this.machine = machine;
    this.steps = plan.chapters.flatMap(({ steps }, chapter) =>
      steps.map((step) => ({ chapter, step })),
    );
  }

  /** How many steps there are. */
  get length(): number {
    return this.steps.length;
  }

  /** The step it is at, from 0; -1 before `goTo`. */
  get current(): number {
    return this.index;
  }

  /** The claims of the current step. */
  get claims(): readonly Claim[] {
    return this.steps[this.index]?.step.claims ?? [];
  }

  /** Moves the machine to a step, starting the other kernel where a chapter begins. */
  async goTo(index: number): Promise<MoveResult> {
    const { chapter, step } = defined(this.steps[index], `step ${String(index)} of the tour`);
    if (chapter !== this.chapter) {
      const { scenario, kernel } = defined(this.plan.chapters[chapter], 'chapter of the tour');
      await this.machine.start(scenario, kernel);
      this.chapter = chapter;
    }
    const move = await this.machine.seek(toTarget(step));
    this.index = index;
    return move;
  }

  /** Whether the current step's claims hold now; for tests. */
  async holds(): Promise<boolean> {
    return holdAllClaims(this.claims, await this.machine.state(), this.machine.evaluateNumber);
  }

  /**
   * Takes a prediction and runs on to where it is decided. The machine stays there, so that the
   * learner sees why. Returns the right choice, or -1 when none came true.
   */
  async answer(choice: number): Promise<number> {
    const placed = defined(this.steps[this.index], 'a current step');
    const question = defined(placed.step.question, 'a question at this step');
    const next = this.steps[this.index + 1];
    const target = question.until ?? (next?.chapter === placed.chapter ? next.step : undefined);
    await this.machine.seek(toTarget(defined(target, 'a moment that decides the question')));
    const state = await this.machine.state();
    let right = -1;
    for (const [index, { claims }] of question.choices.entries()) {
      if (await holdAllClaims(claims, state, this.machine.evaluateNumber)) {
        right = index;
        break;
      }
    }
    this.answers.set(this.index, { chosen: choice, right });
    return right;
  }

  /** The current step for the panel. */
  view(): TourStepView | undefined {
    const placed = this.steps[this.index];
    if (placed === undefined) return undefined;
    const { step } = placed;
    const answer = this.answers.get(this.index);
    return {
      title: step.title,
      step: this.index + 1,
      steps: this.steps.length,
      text: step.text,
      lookAt: step.lookAt,
      question:
        step.question === undefined
          ? undefined
          : {
              text: step.question.text,
              choices: step.question.choices.map(({ text }) => text),
              answer,
              explanation: answer === undefined ? undefined : step.question.explanation,
            },
    };
  }
}
