/**
 * Tells the client about long work: `progressStart`, `progressUpdate`, `progressEnd`.
 *
 * Work that is done within half a second is never mentioned. Who works reports at the borders of its
 * slices; the client may cancel by the id that it was told.
 */
import type { AdapterHost } from './host.ts';

/** Milliseconds before anything is said, and between two updates. */
const SHOW_AFTER_MS = 500;
const UPDATE_AFTER_MS = 200;

/** Long work as those who do it see it. */
export interface Progress {
  /** How far it is: `fraction` from 0 to 1 where it is known, `message` in a few words. */
  report(message?: string, fraction?: number): void;
  /** The work is over, or given up. */
  end(): void;
  /** Whether the user wants it to be given up. */
  isCancelled(): boolean;
}

/** What the desk needs of the session. */
interface ProgressServices {
  readonly host: Pick<AdapterHost, 'now'>;
  /** Whether the client shows progress. */
  isWanted(): boolean;
  emitEvent(event: string, body: unknown): void;
}

class ShownProgress implements Progress {
  private readonly desk: ProgressDesk;
  private readonly title: string;
  private readonly onCancel: () => void;
  private readonly begun: number;
  private id: string | undefined;
  private told = 0;
  private isOver = false;
  private isUnwanted = false;

  constructor(desk: ProgressDesk, title: string, onCancel: () => void) {
    this.desk = desk;
    this.title = title;
    this.onCancel = onCancel;
    this.begun = desk.services.host.now();
  }

  report(message?: string, fraction?: number): void {
    const { services } = this.desk;
    if (this.isOver || !services.isWanted()) return;
    const now = services.host.now();
    const state = {
      ...(message === undefined ? {} : { message }),
      ...(fraction === undefined ? {} : { percentage: percentageOf(fraction) }),
    };
    if (this.id === undefined) {
      if (now - this.begun < SHOW_AFTER_MS) return;
      this.id = this.desk.open(this);
      const { id: progressId, title } = this;
      services.emitEvent('progressStart', { progressId, title, cancellable: true, ...state });
    } else {
      if (now - this.told < UPDATE_AFTER_MS) return;
      services.emitEvent('progressUpdate', { progressId: this.id, ...state });
    }
    this.told = now;
  }

  end(): void {
    this.isOver = true;
    if (this.id === undefined) return;
    this.desk.close(this.id);
    this.desk.services.emitEvent('progressEnd', { progressId: this.id });
    this.id = undefined;
  }

  isCancelled(): boolean {
    return this.isUnwanted;
  }

  cancel(): void {
    this.isUnwanted = true;
    this.onCancel();
  }
}

function percentageOf(fraction: number): number {
  return Math.round(100 * Math.min(1, Math.max(0, fraction)));
}

/** All long work of a session. */
export class ProgressDesk {
  readonly services: ProgressServices;
  private readonly shown = new Map<string, ShownProgress>();
  private next = 1;

  constructor(services: ProgressServices) {
    this.services = services;
  }

  /** Long work begins, perhaps. `onCancel` is called when the user wants it to be given up. */
  begin(title: string, onCancel: () => void = () => undefined): Progress {
    return new ShownProgress(this, title, onCancel);
  }

  /** The user cancels what was shown with this id; nothing happens when it is over. */
  cancel(id: string): void {
    this.shown.get(id)?.cancel();
  }

  /** For the work itself: it is shown from now on, under the id that is returned. */
  open(progress: ShownProgress): string {
    const id = `work-${String(this.next)}`;
    this.next += 1;
    this.shown.set(id, progress);
    return id;
  }

  /** For the work itself: it is shown no longer. */
  close(id: string): void {
    this.shown.delete(id);
  }
}
