// What is wrong with a lab folder stands in the Problems panel when a file is saved, with no debug session at all.
import { describe, expect } from 'vitest';
import { journey } from './harness/journey.ts';
import { lineOf, makeLabFolder } from './harness/labFolder.ts';
import { expectSoon } from './harness/waiting.ts';
import type { Workbench } from './harness/workbench.ts';

const extension = { kind: 'packaged' } as const;

/** Waits for a text among the problems, or for its end. */
async function waitForProblem(workbench: Workbench, text: string, isThere = true): Promise<string> {
  return expectSoon(`${isThere ? 'a problem' : 'no problem'} "${text}"`, async () => {
    const rows = (await workbench.problems()).join('\n');
    return rows.includes(text) === isThere ? `rows: ${rows}` : undefined;
  });
}

describe('a lab folder that is edited', () => {
  journey(
    'lists its mistakes when a file is saved, until they are corrected',
    { makeFolder: makeLabFolder, extension },
    async ({ workbench }) => {
      const { debug, editors } = workbench;
      await debug.waitUntilReady();
      await workbench.openFile('kernel/mm/filemap.c');
      const line = lineOf('mm/filemap.c', 'up_read(&vma->vm_mm->mmap_sem);');
      await editors.goToLine('/mm/filemap.c', line);
      await workbench.press('Home');
      await workbench.page.keyboard.type('\tif (page = 0) release_flga = 1;');
      await workbench.press('Enter', 'Control+S');
      const rows = await waitForProblem(workbench, 'release_flga');
      expect(rows).toContain('filemap.c');
      expect(rows).toContain('`release_flga` is not declared');
      expect(rows).toContain('assignment in a condition');
      expect((await workbench.tabs()).join()).not.toContain('fault.c');
      await workbench.screenshot('problems-on-save-light');

      await workbench.openFile('kernel/mm/filemap.c');
      await editors.goToLine('/mm/filemap.c', line);
      await workbench.press('Control+Shift+K', 'Control+S');
      await waitForProblem(workbench, 'release_flga', false);

      // A header: what it breaks is told where it breaks, in files that are not open.
      await workbench.openFile('kernel/include/linux/rwsem.h');
      const declaration = lineOf('include/linux/rwsem.h', 'void up_read(');
      await editors.goToLine('/linux/rwsem.h', declaration);
      await workbench.press('Control+Shift+K', 'Control+S');
      const broken = await waitForProblem(workbench, 'function `up_read` is not declared');
      expect(broken).toContain('fault.c');
      await workbench.openFile('kernel/include/linux/rwsem.h');
      await workbench.press('Control+Z', 'Control+S');
      await waitForProblem(workbench, 'function `up_read` is not declared', false);
    },
  );
});
