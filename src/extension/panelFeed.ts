/**
 * What a panel is told: the last message of each kind is kept for a panel that comes to life later, and states go out
 * as differences to the one before, as long as the panel that is there has that one.
 */
import { differenceOf } from '../view/difference.ts';
import type { PanelState } from '../view/panelState.ts';
import type { PanelMessage } from '../view/protocol.ts';

type Kind = PanelMessage['kind'];

/** Once the machine has moved, these no longer hold. */
const OF_ONE_STOP: readonly Kind[] = ['why', 'highlight', 'selected', 'compareRuns'];
/** Each of these takes the place of the others. */
const ACTIVITIES: readonly Kind[] = ['running', 'noSession', 'unavailable'];
/** Sent once, to the panel that is there. */
const PASSING: readonly Kind[] = ['answer', 'refused', 'togglePresentation', 'stateChange'];

export class PanelFeed {
  private readonly send: (message: PanelMessage) => void;
  private readonly last = new Map<Kind, PanelMessage>();
  /** The state that the panel has which is there, and its number. */
  private sent: { readonly seq: number; readonly state: PanelState } | undefined;
  private seq = 0;
  /** Whether the panel that is there has come to life, and what waits for that. */
  private isAwake = false;
  private toggles = 0;

  /** `send` gives a message to the panel that is there, if one is. */
  constructor(send: (message: PanelMessage) => void) {
    this.send = send;
  }

  /** Whether there is anything about a run to show. */
  get isEmpty(): boolean {
    return !this.last.has('state') && !ACTIVITIES.some((kind) => this.last.has(kind));
  }

  /** Tells the panel something, and keeps it where it lasts. */
  post(message: PanelMessage): void {
    if (PASSING.includes(message.kind)) {
      // Others belong to a question of the panel that has asked.
      if (message.kind === 'togglePresentation' && !this.isAwake) this.toggles += 1;
      else this.send(message);
      return;
    }
    const { kind } = message;
    if (kind === 'state' || ACTIVITIES.includes(kind)) {
      for (const old of [...ACTIVITIES, ...OF_ONE_STOP]) this.last.delete(old);
    }
    // Behind the others of its time: a panel that comes to life is told them in this order.
    this.last.delete(kind);
    this.last.set(kind, message);
    if (kind === 'state') this.sendState(message);
    else this.send(message);
  }

  /** Keeps what the panel that is there has said itself, for the next one. */
  keep(message: PanelMessage): void {
    this.last.set(message.kind, message);
  }

  /** Tells a panel everything that has come to life, or has lost a state. */
  repeat(): void {
    this.sent = undefined;
    for (const message of this.last.values()) {
      if (message.kind === 'state') this.sendState(message);
      // A panel that only lost a state knows better how it is looked at.
      else if (message.kind !== 'viewSettings' || !this.isAwake) this.send(message);
    }
    if (this.isEmpty) this.send({ kind: 'noSession' });
    this.isAwake = true;
    for (; this.toggles > 0; this.toggles -= 1) this.send({ kind: 'togglePresentation' });
  }

  /** The panel that was told is gone, or begins anew. */
  forgetPanel(): void {
    this.sent = undefined;
    this.isAwake = false;
  }

  private sendState(message: Extract<PanelMessage, { kind: 'state' }>): void {
    const { state, isFinished } = message;
    const before = this.sent;
    this.seq += 1;
    const { seq } = this;
    this.sent = { seq, state };
    const mark = isFinished === true ? { isFinished } : {};
    if (before === undefined) {
      this.send({ kind: 'state', state, seq, ...mark });
      return;
    }
    const change = differenceOf(before.state, state) ?? null;
    this.send({ kind: 'stateChange', base: before.seq, seq, change, ...mark });
  }
}
