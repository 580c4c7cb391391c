/**
 * The custom part of the debug protocol, and the messages between the extension and its panel.
 *
 * Requests go from a client to the adapter by `DebugSession.customRequest`; events come as DAP custom
 * events. The panel speaks only to the extension, which passes on what belongs to the session. Both
 * sides take the names and the types of arguments and results from here and nowhere else.
 * Lines and columns count from 1.
 */
import type { Difference } from './difference.ts';
import type { MomentState, PanelState, SourcePlace } from './panelState.ts';
import type { TimelineModel, TimelineQuery } from './timelineModel.ts';
import type { TwoRunsModel, TwoRunsQuery } from './twoRunsModel.ts';

/** A point of a run that a tour or a user can name. */
export interface MomentTarget {
  readonly anchor: string;
  /** The task's name; any task when left out. */
  readonly task?: string;
  /** Which arrival, from 1 on; the first when left out. */
  readonly occurrence?: number;
}

/** How the machine moved, the result of `faultline/moment` and `faultline/seek`. */
export interface MoveResult {
  /** Whether the place was reached; when not, `reason` says what happened instead. */
  readonly reached: boolean;
  readonly reason: string;
  readonly position: number;
  readonly clockNs: number;
  readonly moment: MomentState | undefined;
}

/** One link of the chain that explains why a task does not run. */
export interface WhyLink {
  readonly kind: 'task' | 'lock' | 'page' | 'disk' | 'cpu' | 'timer' | 'unknown';
  /** One step of the chain, such as `held by toucher`. */
  readonly text: string;
  /** DAP's thread id when the link names a task. */
  readonly taskId?: number;
  /** The lock that it is about, as `LockState` names it. */
  readonly lock?: string;
  /** The page that it is about, as `PageState` labels it. */
  readonly page?: string;
  /** The number of the disk request that it names. */
  readonly request?: number;
  /** Which link, from 0 on, the chain comes back to here: it is a ring, a deadlock. */
  readonly backTo?: number;
}

/** Why a task does not run. */
export interface WhyResult {
  readonly task: string;
  readonly links: readonly WhyLink[];
  /** The whole chain in one line, links joined by arrows. */
  readonly text: string;
}

/** One thing that can come next. */
export interface ChoiceView {
  /** The number that a schedule names it by. */
  readonly choice: number;
  /** The task that would go on; left out for an event. */
  readonly task?: string;
  /** DAP's thread id of the task. */
  readonly taskId?: number;
  /** What it would do, as a few words. */
  readonly text: string;
  /** Whether the run takes it if nobody chooses. */
  readonly isNext: boolean;
}

/** A part of the panel, by the name that stands there. */
export interface PictureView {
  readonly kind: 'task' | 'lock' | 'page';
  /** The task's name, the lock's name, or `FILE:INDEX`. */
  readonly name: string;
  /** DAP's thread id of a task. */
  readonly taskId?: number;
}

/** A stretch of memory as text. */
export interface MemoryView {
  /** What it is, and where. */
  readonly title: string;
  /** The moment at which the bytes were read. */
  readonly when: string;
  /** Address, bytes, field and value, in columns. */
  readonly lines: readonly string[];
  /** An expression of the same place that means the same at any other stop. */
  readonly pinned?: string;
  /** The bytes that `▶` stands before. */
  readonly mark?: { readonly address: number; readonly bytes: number };
}

/** Something that differs between two runs; absent where the other run has no such thing. */
export interface PictureDifference {
  readonly section: string;
  readonly name: string;
  readonly before?: string;
  readonly now?: string;
}

/** The run as it is and the run without some changes, at one moment. */
export interface CompareResult {
  /** The changes that only the run as it is has, such as `release_flag = 0`. */
  readonly changes: readonly string[];
  /** Which moment it is, in words. */
  readonly moment: string;
  /** Both runs as text, line by line comparable. */
  readonly before: string;
  readonly now: string;
  readonly differences: readonly PictureDifference[];
}

/** A place of the run to which the user has given a name. */
export interface CheckpointView {
  readonly name: string;
  /** Task, function, line and time. */
  readonly text: string;
  readonly position: number;
  /** Where it lies from where the run stands; `other`: on a course that was left, which going there brings back. */
  readonly lies: 'behind' | 'here' | 'ahead' | 'other';
}

/** A value to show at the end of a line; the columns enclose the name, `endColumn1` is exclusive. */
export interface InlineValueView {
  readonly line1: number;
  readonly column1: number;
  readonly endColumn1: number;
  /** `release_flag = 0x08 (FAULT_FLAG_RELEASE)`. */
  readonly text: string;
}

/** A value and where it comes from. */
export interface ValueOrigin {
  /** The expression that was meant. */
  readonly expression: string;
  readonly value: string;
  readonly type: string;
  /** `changed by mapper, 12.5 ms ago, mmap.c:88`; left out for what has no place in memory. */
  readonly writer?: string;
  /** Where it was written. */
  readonly place?: SourcePlace;
  /** The position before it was written. */
  readonly position?: number;
}

/** Every custom request: its arguments and its result. */
export interface CustomRequests {
  /** The state of the last stop; `state` is left out when `rev` is still the newest. */
  readonly 'faultline/state': {
    readonly arguments: { readonly rev?: number };
    readonly result: { readonly state?: PanelState };
  };
  /** Runs to the next or back to the previous anchor with a title; answered on arrival. */
  readonly 'faultline/moment': {
    readonly arguments: { readonly direction: 'next' | 'previous' };
    readonly result: MoveResult;
  };
  /**
   * Moves the machine, forwards or backwards, to a position, a moment, a time or an event; answered on arrival. At
   * `ns` stands what was recorded last up to that time; events are the marks and wake-ups of the timeline and where
   * locks are taken or dropped. From there, other than from a position, it goes back to where a statement starts.
   * Behind the end of the record `next` runs on until something is recorded.
   */
  readonly 'faultline/seek': {
    readonly arguments: {
      readonly position?: number;
      readonly moment?: MomentTarget;
      readonly ns?: number;
      readonly event?: 'next' | 'previous';
    };
    readonly result: MoveResult;
  };
  /** What each task and the disk did from the start of the run to the farthest that it has been. */
  readonly 'faultline/timeline': {
    readonly arguments: Pick<TimelineQuery, keyof TimelineQuery>;
    readonly result: TimelineModel;
  };
  /** The state at another moment of the recorded run, by position or by time; the run stays where it is. */
  readonly 'faultline/peek': {
    readonly arguments: { readonly position?: number; readonly ns?: number };
    readonly result: { readonly state: PanelState };
  };
  /** Why a task does not run; `task` is a name or a thread id. */
  readonly 'faultline/why': {
    readonly arguments: { readonly task: string | number };
    readonly result: WhyResult;
  };
  /**
   * Goes back in ways that DAP does not know; answered on arrival. `over` and `out` step; `lastChange` goes to
   * where a value was written last that differs, `lockTaken` to where the present holder of a lock took it:
   * both of an expression of C in a frame.
   */
  readonly 'faultline/reverse': {
    readonly arguments:
      | { readonly kind: 'over' | 'out'; readonly threadId: number }
      | {
          readonly kind: 'lastChange' | 'lockTaken';
          readonly expression: string;
          readonly frameId?: number;
        };
    readonly result: MoveResult;
  };
  /** Takes the latest change by the user back and stands where it was made. */
  readonly 'faultline/undo': {
    readonly arguments: Readonly<Record<string, never>>;
    readonly result: MoveResult;
  };
  /**
   * What can be compared with `faultline/compare` where the run stands: the changes that the user has made before
   * here, the earliest first, and the place at which two runs can be compared, if the run stands at one.
   */
  readonly 'faultline/changes': {
    readonly arguments: Readonly<Record<string, never>>;
    readonly result: { readonly changes: readonly string[]; readonly place?: string };
  };
  /**
   * Compares the run as it is with the run without the user's last change, or (`first`) without any, at the same
   * virtual time or where the stopped task comes to its place as often since. The run stays where and as it is.
   */
  readonly 'faultline/compare': {
    readonly arguments: { readonly since?: 'last' | 'first'; readonly at?: 'time' | 'place' };
    readonly result: CompareResult;
  };
  /** Sets a checkpoint where the run stands; without a name it is named by its place. */
  readonly 'faultline/setCheckpoint': {
    readonly arguments: { readonly name?: string };
    readonly result: CheckpointView;
  };
  /** The checkpoints, in the order in which they were set; they outlive a restart. */
  readonly 'faultline/checkpoints': {
    readonly arguments: Readonly<Record<string, never>>;
    readonly result: { readonly checkpoints: readonly CheckpointView[] };
  };
  /** Goes to a checkpoint, forwards, backwards or to a course that was left; answered on arrival. */
  readonly 'faultline/goToCheckpoint': {
    readonly arguments: { readonly name: string };
    readonly result: MoveResult;
  };
  /** Who could go on at this moment, and what each would do. */
  readonly 'faultline/choices': {
    readonly arguments: Readonly<Record<string, never>>;
    readonly result: { readonly choices: readonly ChoiceView[] };
  };
  /**
   * Goes to the next place where a task, named by its thread id, can be let go on before the others; without
   * one, to where the next event can happen. Answered on arrival.
   */
  readonly 'faultline/switchTo': {
    readonly arguments: { readonly threadId?: number };
    readonly result: MoveResult;
  };
  /** Runs a task alone until it sleeps, ends or stops; answered on arrival. */
  readonly 'faultline/runUntilBlocked': {
    readonly arguments: { readonly threadId: number };
    readonly result: MoveResult;
  };
  /** Takes one of the choices; the run stands before what it does. */
  readonly 'faultline/choose': {
    readonly arguments: { readonly choice: number };
    readonly result: MoveResult;
  };
  /**
   * Stops from now on, in both directions, where a task has to wait for a lock: an `mmap_sem` by its name, a page
   * lock by the page's label. Without `on` nothing changes. It outlives a restart; the answer lists all such locks.
   */
  readonly 'faultline/breakOnContention': {
    readonly arguments: { readonly lock?: string; readonly on?: boolean };
    readonly result: { readonly locks: readonly string[] };
  };
  /** Whether numbers are written in hexadecimal from now on; left out, the other way than now. */
  readonly 'faultline/format': {
    readonly arguments: { readonly hex?: boolean };
    readonly result: { readonly hex: boolean };
  };
  /**
   * The memory that an expression is about, named field by field. To see the same place at another stop, send
   * `pinned` of the result as `expression`, and its `mark` along.
   */
  readonly 'faultline/memory': {
    readonly arguments: {
      readonly expression: string;
      readonly frameId?: number;
      readonly mark?: { readonly address: number; readonly bytes: number };
    };
    readonly result: MemoryView;
  };
  /** The part of the panel that an expression is about; left out where the panel draws nothing of it. */
  readonly 'faultline/picture': {
    readonly arguments: { readonly expression: string; readonly frameId?: number };
    readonly result: { readonly picture?: PictureView };
  };
  /**
   * The values worth showing in the source of a frame: on its line, and on the lines above it that its call has
   * executed. `uri` names the source; without one there is nothing to show.
   */
  readonly 'faultline/inlineValues': {
    readonly arguments: { readonly frameId: number };
    readonly result: { readonly uri?: string; readonly values: readonly InlineValueView[] };
  };
  /**
   * The value of an expression that stands in a source, and who wrote it last. The frame of the selected task whose
   * function contains the line counts, before others the given one; elsewhere only global names mean something.
   */
  readonly 'faultline/valueOrigin': {
    readonly arguments: {
      readonly expression: string;
      readonly frameId?: number;
      readonly uri?: string;
      readonly line1?: number;
    };
    readonly result: ValueOrigin;
  };
  /**
   * Two runs of the scenario beside each other, drawn on one time scale. Runs on kernels that ship are made to their
   * ends beside the session, with its settings and seed, which may take long; the session goes on meanwhile.
   */
  readonly 'faultline/twoRuns': {
    readonly arguments: Pick<TwoRunsQuery, keyof TwoRunsQuery>;
    readonly result: TwoRunsModel;
  };
  /** The text that names where the run stands, for the launch argument `moment` here or elsewhere. */
  readonly 'faultline/momentText': {
    readonly arguments: Readonly<Record<string, never>>;
    readonly result: { readonly text: string };
  };
  /** The text that replays this run: paste it into the launch argument `schedule`. */
  readonly 'faultline/schedule': {
    readonly arguments: Readonly<Record<string, never>>;
    readonly result: { readonly schedule: string };
  };
}

/** A custom request's command. */
export type CustomRequestName = keyof CustomRequests;

/** The custom requests by name, for dispatch and for tests. */
export const CUSTOM_REQUESTS: readonly CustomRequestName[] = [
  'faultline/state',
  'faultline/moment',
  'faultline/seek',
  'faultline/timeline',
  'faultline/peek',
  'faultline/why',
  'faultline/reverse',
  'faultline/undo',
  'faultline/changes',
  'faultline/compare',
  'faultline/setCheckpoint',
  'faultline/checkpoints',
  'faultline/goToCheckpoint',
  'faultline/choices',
  'faultline/choose',
  'faultline/switchTo',
  'faultline/runUntilBlocked',
  'faultline/breakOnContention',
  'faultline/format',
  'faultline/memory',
  'faultline/picture',
  'faultline/inlineValues',
  'faultline/valueOrigin',
  'faultline/twoRuns',
  'faultline/momentText',
  'faultline/schedule',
];

/** A diagnostic as the Problems panel wants it. */
export interface DiagnosticItem {
  /** What DAP's `source.path` carries for the file; `undefined` when there is no text. */
  readonly uri: string | undefined;
  readonly path: string | undefined;
  readonly line1: number;
  readonly column1: number;
  readonly endLine1: number;
  readonly endColumn1: number;
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  readonly notes: readonly {
    readonly message: string;
    readonly uri: string | undefined;
    readonly line1: number;
    readonly column1: number;
  }[];
}

/** Every custom event and its body. */
export interface CustomEvents {
  /** When the session ends while the machine stands: the text of the moment at which it does. */
  readonly 'faultline/lastMoment': { readonly text: string };
  /** With every stop, before or after `stopped`. */
  readonly 'faultline/state': PanelState;
  /** Once per launch: all diagnostics of the kernel tree, the programs and the scenario. */
  readonly 'faultline/diagnostics': { readonly diagnostics: readonly DiagnosticItem[] };
}

/** What the panel can ask the machine to do; the ids are the extension's commands without prefix. */
export type PanelCommand =
  | 'nextMoment'
  | 'previousMoment'
  | 'stepBack'
  | 'continue'
  | 'restartWithOtherKernel'
  | 'startWalkthrough'
  | 'openRealOrSimplified'
  | 'startScenario'
  | 'debugFromHere'
  | 'copySchedule'
  | 'copyMoment'
  | 'movePanel';

/** The commands by name, for the check of messages. */
export const PANEL_COMMANDS = [
  'nextMoment',
  'previousMoment',
  'stepBack',
  'continue',
  'restartWithOtherKernel',
  'startWalkthrough',
  'openRealOrSimplified',
  'startScenario',
  'debugFromHere',
  'copySchedule',
  'copyMoment',
  'movePanel',
] as const satisfies readonly PanelCommand[];

/** What the panel can be saved as. */
export const EXPORT_FORMATS = ['svg', 'png', 'json'] as const;

/** A form in which the panel can be saved. */
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** The longest `data` of an export, in characters: a PNG of a projector's size in base64 has room. */
export const LONGEST_EXPORT = 32_000_000;

/** A step of a tour as the panel shows it. */
export interface TourStepView {
  readonly title: string;
  /** Number of the step, from 1, and how many there are. */
  readonly step: number;
  readonly steps: number;
  /** Two or three sentences; plain text with `code` in backquotes. */
  readonly text: string;
  readonly lookAt: string | undefined;
  readonly question:
    | {
        readonly text: string;
        readonly choices: readonly string[];
        /** Set once answered: the choice, and the one that running on showed to be right. */
        readonly answer: { readonly chosen: number; readonly right: number } | undefined;
        readonly explanation: string | undefined;
      }
    | undefined;
}

/**
 * The requests that the panel may send to the run, through the extension and unchanged: what it shows beyond the
 * state, and moves. The adapter checks their arguments.
 */
export const PANEL_QUERIES = [
  'faultline/seek',
  'faultline/moment',
  'faultline/timeline',
  'faultline/peek',
  'faultline/why',
  'faultline/choices',
  'faultline/choose',
  'faultline/switchTo',
  'faultline/breakOnContention',
  'faultline/twoRuns',
] as const satisfies readonly CustomRequestName[];

/** Those of them that change the run: a run that is only looked at refuses them. */
export const CHANGING_QUERIES = [
  'faultline/choose',
  'faultline/switchTo',
  'faultline/breakOnContention',
] as const satisfies readonly PanelQueryName[];

/** A request that the panel may send to the run. */
export type PanelQueryName = (typeof PANEL_QUERIES)[number];

/** From the extension to the panel. */
export type PanelMessage =
  /**
   * A state. `seq` numbers what the panel was sent, for the change that follows. `isFinished`: of a run that is looked
   * at without a session.
   */
  | {
      readonly kind: 'state';
      readonly state: PanelState;
      readonly seq?: number;
      readonly isFinished?: boolean;
    }
  /** The next state, as its difference to the one with the number `base`; a panel without that one says `ready`. */
  | {
      readonly kind: 'stateChange';
      readonly base: number;
      readonly seq: number;
      readonly change: Difference | null;
      readonly isFinished?: boolean;
    }
  /** The text of the moment that the panel shows: what it keeps over a reload of the window. */
  | { readonly kind: 'moment'; readonly text: string }
  /** What the panel kept cannot be shown again, in a sentence. */
  | { readonly kind: 'unavailable'; readonly reason: string }
  /** The settings of the view that the panel had at another place; checked by the panel. */
  | { readonly kind: 'viewSettings'; readonly settings: unknown }
  | { readonly kind: 'togglePresentation' }
  /** Another task, named by its thread id, was selected where the machine stands. */
  | { readonly kind: 'selected'; readonly task: number }
  /** The machine runs. `isNewRun`: a session has started, and what was shown is of another run. */
  | { readonly kind: 'running'; readonly isNewRun?: boolean }
  | { readonly kind: 'noSession' }
  | { readonly kind: 'why'; readonly why: WhyResult }
  /** Shows one part and marks it until the machine moves. */
  | { readonly kind: 'highlight'; readonly picture: PictureView }
  | { readonly kind: 'tour'; readonly step: TourStepView | undefined }
  /** Opens the comparison of two runs. */
  | { readonly kind: 'compareRuns' }
  /** What the run answered to the panel's query with this id, or why it did not, in a sentence. */
  | { readonly kind: 'answer'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'refused'; readonly id: number; readonly reason: string };

/** From the panel to the extension. */
export type PanelRequest =
  /** The panel has come to life; `moment` is what it showed before its window was closed. */
  | { readonly kind: 'ready'; readonly moment?: string }
  /** The settings of the view, for the panel at its next place. */
  | { readonly kind: 'keepSettings'; readonly settings: Readonly<Record<string, unknown>> }
  /** Saves a picture (`svg` as text, `png` in base64) or the data (`json`); `name` proposes a file name. */
  | {
      readonly kind: 'export';
      readonly format: ExportFormat;
      readonly name: string;
      readonly data: string;
    }
  | { readonly kind: 'command'; readonly command: PanelCommand }
  | { readonly kind: 'why'; readonly task: number }
  /** A query to the run; `id` comes back with its answer. */
  | {
      readonly kind: 'query';
      readonly id: number;
      readonly name: PanelQueryName;
      readonly arguments: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'reveal'; readonly uri: string; readonly line1: number }
  | { readonly kind: 'selectTask'; readonly task: number }
  /** Opens the memory that an expression is about, as a document. */
  | { readonly kind: 'showMemory'; readonly expression: string }
  /** Puts a text on the clipboard. */
  | { readonly kind: 'copy'; readonly text: string }
  | { readonly kind: 'tourMove'; readonly direction: 'next' | 'previous' | 'close' }
  | { readonly kind: 'tourAnswer'; readonly choice: number };
