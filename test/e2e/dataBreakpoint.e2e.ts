// What a run stops at besides lines: data that is written, in both directions, and kinds of events.
import { describe, expect } from 'vitest';
import { startAtTheCall, startAtTheFault } from './harness/firstStops.ts';
import { journey } from './harness/journey.ts';
import { makeLabFolder } from './harness/labFolder.ts';
import { picturesInThemes } from './harness/themes.ts';
import { expectSoon } from './harness/waiting.ts';
import type { Workbench } from './harness/workbench.ts';

/** Sets a breakpoint on the value of a variable from its menu. */
async function breakOnChange({ debug }: Workbench, name: string): Promise<void> {
  await debug.clickVariableMenu(name, 'Break on Value Change');
  await debug.foldSection('Breakpoints', false);
  await expectSoon('the breakpoint in its view', async () =>
    (await debug.breakpoints()).find((row) => row.includes(name)),
  );
}

const options = { makeFolder: makeLabFolder, extension: { kind: 'packaged' } } as const;

describe('a run stops', () => {
  journey('behind the write of a local, in both directions', options, async ({ workbench }) => {
    const { debug } = workbench;
    await startAtTheFault(workbench);
    await debug.stopAfter(() => workbench.press('F10'));
    await breakOnChange(workbench, 'release_flag');
    await workbench.press('F5');
    await debug.waitForStop({ file: '/fault.c', text: 'goto retry' });
    const said = await debug.waitForConsole('release_flag: 0x08 FAULT_FLAG_RELEASE → 0x00');
    expect(said).toContain('written by toucher in do_page_fault()');
    // Back to the write before: the initializer.
    await workbench.press('Alt+Shift+F9');
    await debug.waitForStop({ file: '/fault.c', text: 'tsk = current' });
  });

  journey(
    'at the count of mmap_sem, and when a task has to wait for a lock',
    options,
    async ({ workbench }) => {
      const { debug } = workbench;
      await startAtTheCall(workbench);
      await debug.unfoldVariable('mm');
      await debug.unfoldVariable('mmap_sem');
      await breakOnChange(workbench, 'count');
      await workbench.press('F5');
      const said = await debug.waitForConsole('mm->mmap_sem.count: 1 → ');
      expect(said).toMatch(
        /written by mapper in \w+\(\) at rwsem\.h:\d+, for \w+ at rwsem\.[ch]:\d+\./,
      );
      await picturesInThemes(workbench, 'data-breakpoint');

      await debug.toggleBreakpoint('A task has to wait for a lock');
      await workbench.press('F5');
      const widget = workbench.page.locator('.exception-widget');
      await widget.waitFor();
      const explanation = await widget.innerText();
      expect(explanation).toContain('mapper');
      expect(explanation).toContain('mmap_sem');
      await picturesInThemes(workbench, 'lock-contended');
    },
  );
});
