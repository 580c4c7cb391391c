// What lies under the C and around the run: what a call returned, the bytecode of the kernel, and a source that is edited
// while it is being debugged.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { startAtTheFault } from './harness/firstStops.ts';
import { journey } from './harness/journey.ts';
import { makeLabFolder } from './harness/labFolder.ts';
import { expectSoon } from './harness/waiting.ts';

describe('a look under the C', () => {
  journey(
    'shows what was returned and the bytecode of the kernel, and says when a source was edited',
    {
      makeFolder: makeLabFolder,
      extension: { kind: 'packaged' },
      settings: { 'faultline.showBytecode': true },
    },
    async ({ workbench, folder }) => {
      const { debug, editors, page } = workbench;
      await startAtTheFault(workbench);
      const line = await editors.scrollTo('fault.c', 'vma = find_vma(mm, address)');
      await editors.clickGutter('fault.c', line);
      await workbench.press('F5');
      await debug.waitForStop({ file: '/fault.c', line });
      await workbench.press('F11');
      await debug.waitForStop({ file: '/mmap.c' });
      await workbench.runCommand('Open Disassembly View');
      const rows = page.locator(
        '.disassembly-view .monaco-table-tr, .disassembly-view .monaco-list-row',
      );
      const listing = await expectSoon('the bytecode of find_vma', async () => {
        const text = (await rows.allInnerTexts()).join('\n');
        return /\b(?:call|move|store32|load32)\b/.test(text) ? text : undefined;
      });
      expect(listing).toMatch(/0x[0-9A-Fa-f]+/);
      await workbench.screenshot('bytecode-light');
      await page.keyboard.press('Control+F4');

      await workbench.press('Shift+F11');
      await debug.waitForVariable('(return) find_vma()');
      await workbench.screenshot('returned-value-light');

      await workbench.openFile('fault.c', 1);
      await page.keyboard.type('/* edited */');
      await page.keyboard.press('Control+S');
      const source = path.join(folder, 'kernel/arch/x86/mm/fault.c');
      await expectSoon('the edit in the file', () =>
        Promise.resolve(readFileSync(source, 'utf8').startsWith('/* edited */') ? true : undefined),
      );
      const message = await workbench.waitForNotification('has been edited');
      expect(message).toContain('fault.c');
      await workbench.screenshot('edited-source-light');
    },
  );
});
