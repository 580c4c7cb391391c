// A breakpoint on data, set in the Variables view: the run stops behind the write, in both directions.
import { describe, expect } from 'vitest';
import { journey } from './harness/journey.ts';
import { makeLabFolder } from './harness/labFolder.ts';
import { vsixFile } from './harness/places.ts';
import { expectSoon } from './harness/waiting.ts';

describe('a breakpoint on data', () => {
  journey(
    'stops at the change of a variable and says who changed it',
    { makeFolder: makeLabFolder, extension: { kind: 'vsix', path: vsixFile } },
    async ({ workbench }) => {
      const { debug } = workbench;
      await debug.waitUntilReady();
      await debug.foldSection('Watch');
      await workbench.press('F5');
      await debug.waitForStop({ file: '/fault.c', text: 'release_flag = FAULT_FLAG_RELEASE' });
      await debug.stopAfter(() => workbench.press('F10'));

      await debug.clickVariableMenu('release_flag', 'Break on Value Change');
      await expectSoon('the breakpoint in its view', async () =>
        (await debug.breakpoints()).find((row) => row.includes('release_flag')),
      );
      await workbench.press('F5');
      await debug.waitForStop({ file: '/fault.c', text: 'goto retry' });
      const said = await debug.waitForConsole('release_flag: 0x08 FAULT_FLAG_RELEASE → 0x00');
      expect(said).toContain('written by toucher in do_page_fault()');
      await workbench.screenshot('data-breakpoint-light');
      // Back to the write before: the initializer.
      await workbench.press('Alt+Shift+F9');
      await debug.waitForStop({ file: '/fault.c', text: 'tsk = current' });
    },
  );
});
