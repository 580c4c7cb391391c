// The events at which a run can stop, as the Breakpoints view lists them.
import { describe, expect, it } from 'vitest';
import { STOP_FILTERS } from '../../../src/debugger/stopFilters.ts';

/** What fits beside the box in the side bar of VS Code at its usual width. */
const WIDTH = 32;

describe('the events to stop at', () => {
  it.each(STOP_FILTERS)(
    '$id has a short label in plain words and a sentence behind it',
    (filter) => {
      expect(filter.label.length).toBeLessThanOrEqual(WIDTH);
      // Constants of the kernel belong into the description.
      expect(filter.label).not.toMatch(/[A-Z]+_[A-Z]+/);
      expect(filter.description).toMatch(/^(?:Stops|Ends) .*\.$/);
      expect(filter.description).not.toBe(filter.label);
    },
  );
});
