// Two kernels side by side: the same place of another kernel beside the one that is debugged.
import { describe, expect } from 'vitest';
import { journey } from './harness/journey.ts';
import { makeLabFolder } from './harness/labFolder.ts';
import { expectSoon } from './harness/waiting.ts';

describe('another kernel', () => {
  journey(
    'opens beside the one that is debugged, at the same place, and is not taken for it',
    {
      makeFolder: makeLabFolder,
      extension: { kind: 'packaged' },
      theme: 'Default Dark Modern',
      settings: { 'faultline.openPanel': 'never' },
    },
    async ({ workbench }) => {
      const { debug, editors } = workbench;
      await debug.waitUntilReady();
      await workbench.runCommand('Faultline: Step Through the Page Fault');
      const stop = await debug.waitForStop({ file: 'patched/arch/x86/mm/fault.c' });

      // From the editor's own menu, with the cursor on the line of the stop.
      await workbench.page
        .locator('.monaco-editor .view-line', { hasText: stop.text.trim() })
        .first()
        .click({ button: 'right' });
      const entry = workbench.page.locator('.monaco-menu .action-item', {
        hasText: 'Open This Place in Another Kernel…',
      });
      await entry.waitFor();
      await workbench.screenshot('other-kernel-menu-dark');
      await expectSoon('the menu gone', async () => {
        if (await entry.isVisible()) await entry.click({ timeout: 1000 }).catch(() => undefined);
        return (await entry.isVisible()) ? undefined : true;
      });
      const offered = await workbench.quickPickEntries();
      expect(offered[0]).toContain('unpatched');
      expect(offered.some((text) => text.startsWith('patched'))).toBe(false);
      await workbench.pick('unpatched');
      const other = 'unpatched/arch/x86/mm/fault.c';
      await editors.waitForFile(other);
      const lines = await editors.visibleLines(other);
      expect(lines.some(({ text }) => text.includes('do_page_fault'))).toBe(true);
      await workbench.screenshot('other-kernel-dark');

      // The line of the stop is in the kernel that runs, and a breakpoint in the other one does not bind.
      expect((await debug.waitForStop()).uri).toContain('/patched/');
      const line = await editors.scrollTo(other, 'down_read(&mm->mmap_sem)');
      await editors.clickGutter(other, line);
      await expectSoon(
        'an unverified breakpoint',
        async () => {
          const marks = await editors.gutterMarks(other);
          return JSON.stringify(marks).includes('unverified') ? true : undefined;
        },
        { describe: async () => JSON.stringify(await editors.gutterMarks(other)) },
      );
      const tab = workbench.page.locator('.tabs-container .tab .monaco-icon-label');
      await expectSoon('a tab that says which kernel does not run', async () => {
        const labels = await tab.evaluateAll((all) =>
          all.map((label) => label.getAttribute('aria-label') ?? ''),
        );
        const told = 'unpatched: not the kernel that runs, which is patched';
        return labels.some((label) => label.includes(told)) ? true : undefined;
      });
    },
  );
});
