/**
 * Scrubbing: while the pointer drags only the panel moves; where it rests or lets go the machine follows.
 *
 * The machine is asked for one place at a time. A place that is wanted meanwhile waits, and a later one replaces it.
 */

/** Where the machine shall go. */
export type SeekTarget =
  { readonly ns: number } | { readonly position: number } | { readonly event: 'next' | 'previous' };

/** What scrubbing acts on. */
export interface ScrubOutlet {
  /** Shows a time in the panel; `undefined` shows the present again. */
  show(ns: number | undefined): void;
  /** Moves the machine. */
  seek(target: SeekTarget): Promise<void>;
}

/** One drag after the other. */
export interface Scrub {
  readonly isDragging: () => boolean;
  /** A drag begins while the machine stands at `presentNs`. */
  begin(presentNs: number): void;
  moveTo(ns: number): void;
  /** The drag ends: the machine goes there. */
  release(): void;
  /** The drag is given up: everything stands where it was. */
  cancel(): void;
}

/** How long the pointer has to rest before the machine follows, in milliseconds of the user's time. */
export const REST_MS = 400;

/** Sends one seek after the other; `go` keeps only the latest that waits, `goIfIdle` gives up while one is on its way. */
export function createSeeker(seek: ScrubOutlet['seek']): {
  go: (target: SeekTarget) => void;
  goIfIdle: (target: SeekTarget) => void;
} {
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
    go: (target) => {
      if (isMoving) next = target;
      else void work(target);
    },
    goIfIdle: (target) => {
      if (!isMoving) void work(target);
    },
  };
}

/** Scrubbing with an outlet. */
export function createScrub(show: ScrubOutlet['show'], go: (target: SeekTarget) => void): Scrub {
  let drag: { presentNs: number; ns: number | undefined; soughtNs: number | undefined } | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function follow(): void {
    if (drag?.ns === undefined || drag.ns === drag.soughtNs) return;
    drag.soughtNs = drag.ns;
    go({ ns: drag.ns });
  }
  return {
    isDragging: () => drag !== undefined,
    begin: (presentNs) => {
      drag = { presentNs, ns: undefined, soughtNs: undefined };
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
    },
    cancel: () => {
      clearTimeout(timer);
      if (drag?.soughtNs !== undefined) go({ ns: drag.presentNs });
      drag = undefined;
      show(undefined);
    },
  };
}
