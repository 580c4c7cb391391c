// The menu of a variable: its memory, its picture in the panel, why a task is blocked; in three themes.
import { describe, expect } from 'vitest';
import { startAtTheCall } from './harness/firstStops.ts';
import { journey } from './harness/journey.ts';
import { makeLabFolder } from './harness/labFolder.ts';
import { picturesInThemes } from './harness/themes.ts';
import { expectSoon } from './harness/waiting.ts';
import type { Workbench } from './harness/workbench.ts';

/** The lines of a document of memory that are on screen. */
async function memoryLines(workbench: Workbench, name: string): Promise<string[]> {
  return (await workbench.editors.visibleLines(name)).map(({ text }) => text);
}

describe('the menu of a variable', () => {
  journey(
    'shows it in memory and in the panel, and follows it from stop to stop',
    { makeFolder: makeLabFolder, extension: { kind: 'packaged' } },
    async ({ workbench }) => {
      const { debug, editors } = workbench;
      await startAtTheCall(workbench);

      // Each variable has the entries that mean something for it.
      const task = await debug.openVariableMenu('tsk');
      expect(task).toContain('Show in Panel');
      expect(task).toContain('Why Is This Task Blocked?');
      expect(task).not.toContain('Run Back to Where This Lock Was Taken…');
      await workbench.screenshot('variable-menu-light');
      await debug.closeMenu();
      const flag = await debug.openVariableMenu('release_flag');
      expect(flag).not.toContain('Show in Panel');
      expect(flag).toContain('Show in Memory');
      await debug.closeMenu();

      await debug.clickVariableMenu('mm', 'Show in Panel');
      const panel = await workbench.webview('[data-highlighted]');
      expect(await panel.locator('[data-highlighted]').getAttribute('data-part')).toBe('mmap_sem');
      await picturesInThemes(workbench, 'show-in-panel');

      await debug.unfoldVariable('mm');
      await debug.unfoldVariable('mmap_sem');
      await debug.clickVariableMenu('count', 'Show in Memory');
      const memory = 'mmap_sem.count?1';
      await editors.waitForFile(memory);
      await expectSoon('the memory of the lock', async () => {
        const lines = await memoryLines(workbench, memory);
        return lines.some((text) => /^▶.* count +/.test(text)) ? true : undefined;
      });
      // Where the lock has been dropped, the document says that it changed.
      const whenRead = async (): Promise<string | undefined> =>
        (await memoryLines(workbench, memory)).find((text) => text.includes('of virtual time'));
      const isChanged = async (): Promise<boolean> =>
        (await memoryLines(workbench, memory)).some((text) => text.startsWith('▶●'));
      for (let moments = 0; moments < 8 && !(await isChanged()); moments += 1) {
        const before = await whenRead();
        await workbench.runCommand('Faultline: Next Moment');
        await expectSoon('the memory at another moment', async () => {
          const now = await whenRead();
          return now === before ? undefined : now;
        });
      }
      const changed = await memoryLines(workbench, memory);
      expect(changed.some((text) => text.startsWith('▶●'))).toBe(true);
      await picturesInThemes(workbench, 'show-in-memory');
    },
  );
});
