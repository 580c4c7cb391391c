/**
 * Looking at another moment of the run without going there, while the user drags through time.
 *
 * One question at a time; a moment that is wanted meanwhile waits, and a later one replaces it. What was asked for and
 * is no longer wanted is not shown.
 */
import { signal } from '@preact/signals';
import type { PanelState } from '../view/panelState.ts';
import type { Query } from './port.ts';
import { atNewRun } from './runCount.ts';

/** The state at the moment that is looked at; `undefined` while the present is shown. */
export const peeked = signal<PanelState | undefined>(undefined);
atNewRun(() => {
  peeked.value = undefined;
});

/** Returns the way to look: at a time in virtual ns, or at the present. */
export function createPeek(query: Query): (ns: number | undefined) => void {
  const wanted = { ns: undefined as number | undefined };
  let isAsking = false;
  async function ask(): Promise<void> {
    isAsking = true;
    for (let asked: number | undefined; wanted.ns !== undefined && wanted.ns !== asked;) {
      asked = wanted.ns;
      // A moment beyond the record, or a run that has gone on meanwhile: the last look stays.
      const result = await query('faultline/peek', { ns: asked }).catch(() => undefined);
      if (result !== undefined && isWanted()) peeked.value = result.state;
    }
    isAsking = false;
  }
  /** Written as a call: it changes while a question is on its way. */
  const isWanted = (): boolean => wanted.ns !== undefined;
  return (ns) => {
    wanted.ns = ns;
    if (ns === undefined) peeked.value = undefined;
    else if (!isAsking) void ask();
  };
}
