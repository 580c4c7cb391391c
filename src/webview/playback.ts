/**
 * Playing a run: from event to event at a chosen pace. Each is a stop of the run, so the editor follows.
 *
 * The pace is that of the screen, not of virtual time: an event each so many milliseconds, whether nanoseconds or a
 * seek of the disk lie between them. Playing ends at the end of the run, when it is refused, or when it is paused.
 */
import { signal } from '@preact/signals';
import type { MoveResult } from '../view/protocol.ts';
import type { Query } from './port.ts';

/** Paces by their names, in milliseconds between events. */
export const PACES = { slow: 2000, normal: 1000, fast: 350 } as const;

/** A pace. */
export type Pace = keyof typeof PACES;

/** How long to wait, so that tests need not. */
export type Wait = (ms: number) => Promise<void>;

const waitInPage: Wait = (ms) =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

/** One player for the panel. */
export class Playback {
  readonly isPlaying = signal(false);
  readonly pace = signal<Pace>('normal');
  /** Why it ended by itself; empty while it plays and when the user has paused it. */
  readonly said = signal('');
  private readonly query: Query;
  private readonly wait: Wait;
  /** Counts starts, so that a loop notices that it is no longer the present one. */
  private starts = 0;

  constructor(query: Query, wait: Wait = waitInPage) {
    this.query = query;
    this.wait = wait;
  }

  /** Starts, or pauses. */
  toggle(): void {
    if (this.isPlaying.value) this.pause();
    else void this.play();
  }

  /** Goes to the event before or after; what is refused is said. */
  step(direction: 'previous' | 'next'): void {
    this.say(this.query('faultline/seek', { event: direction }));
  }

  /** Goes to the moment before or after; what is refused is said. */
  moment(direction: 'previous' | 'next'): void {
    this.say(this.query('faultline/moment', { direction }));
  }

  private say(move: Promise<MoveResult>): void {
    this.said.value = '';
    move.then(
      ({ reached, reason }) => {
        if (!reached) this.said.value = reason;
      },
      (error: unknown) => {
        this.said.value = error instanceof Error ? error.message : String(error);
      },
    );
  }

  pause(): void {
    this.starts += 1;
    this.isPlaying.value = false;
  }

  /** Plays until it ends; resolves then. */
  async play(): Promise<void> {
    this.starts += 1;
    const mine = this.starts;
    this.isPlaying.value = true;
    this.said.value = '';
    try {
      for (;;) {
        const { reached, reason } = await this.query('faultline/seek', { event: 'next' });
        if (mine !== this.starts) return;
        if (!reached) {
          this.said.value = reason;
          break;
        }
        await this.wait(PACES[this.pace.value]);
        if (mine !== this.starts) return;
      }
    } catch (error) {
      if (mine !== this.starts) return;
      this.said.value = error instanceof Error ? error.message : String(error);
    }
    this.isPlaying.value = false;
  }
}
