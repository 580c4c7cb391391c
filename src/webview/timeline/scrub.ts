/**
 * Scrubbing: while the pointer drags only the panel moves; where it rests or lets go the machine follows.
 *
 * The machine is asked for one place at a time. A place that is wanted meanwhile waits, and a later one replaces it.
 */

/** Where the machine shall go. */
export type SeekTarget =
  { readonly ns: number } | { readonly position: number } | { readonly event: 'next' | 'previous' };

/** Moves the machine, one seek after the other. */
export interface Seeker {
  readonly isMoving: () => boolean;
  /** Goes there, after the seek that is on its way; of those that wait only the latest is kept. */
  readonly go: (target: SeekTarget) => void;
  /** Goes there unless a seek is on its way. */
  readonly goIfIdle: (target: SeekTarget) => void;
}

/** One drag after the other. */
export interface Scrub {
  readonly isDragging: () => boolean;
  /** A drag begins while the machine stands at this position. */
  begin(position: number): void;
  moveTo(ns: number): void;
  /** The drag ends: the machine goes there. */
  release(): void;
  /** The drag is given up: everything stands where it was. */
  cancel(): void;
}

/** How long the pointer has to rest before the machine follows, in milliseconds of the user's time. */
export const REST_MS = 400;

/** A seeker that moves by `seek`, which settles on arrival and does not reject. */
export function createSeeker(seek: (target: SeekTarget) => Promise<void>): Seeker {
  let isMoving = false;
  let next: SeekTarget | undefined;
  async function work(first: SeekTarget): Promise<void> {
    isMoving = true;
    for (let target: SeekTarget | undefined = first; target !== undefined;) {
      next = undefined;
      await seek(target);
      target = waiting();
    }
    isMoving = false;
  }
  // Written as a call: it changes while a seek is on its way.
  const waiting = (): SeekTarget | undefined => next;
  return {
    isMoving: () => isMoving,
    go: (target) => {
      if (isMoving) next = target;
      else void work(target);
    },
    goIfIdle: (target) => {
      if (!isMoving) void work(target);
    },
  };
}

/** Scrubbing that shows times in the panel (`undefined`: the present again) and moves the machine by a seeker. */
export function createScrub(
  show: (ns: number | undefined) => void,
  { go, isMoving }: Pick<Seeker, 'go' | 'isMoving'>,
): Scrub {
  let drag: { position: number; ns: number | undefined; soughtNs: number | undefined } | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function follow(): void {
    if (drag?.ns === undefined || drag.ns === drag.soughtNs) return;
    drag.soughtNs = drag.ns;
    go({ ns: drag.ns });
  }
  return {
    isDragging: () => drag !== undefined,
    begin: (position) => {
      drag = { position, ns: undefined, soughtNs: undefined };
    },
    moveTo: (place) => {
      const ns = Math.round(place);
      if (drag === undefined || drag.ns === ns) return;
      drag.ns = ns;
      show(ns);
      clearTimeout(timer);
      timer = setTimeout(follow, REST_MS);
    },
    release: () => {
      clearTimeout(timer);
      follow();
      drag = undefined;
      // The machine is there already: it followed while the pointer rested.
      if (!isMoving()) show(undefined);
    },
    cancel: () => {
      clearTimeout(timer);
      if (drag?.soughtNs !== undefined) go({ position: drag.position });
      drag = undefined;
      show(undefined);
    },
  };
}
