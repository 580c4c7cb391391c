// The main job, as a new user tries it: a lab folder is open, F5, and the page fault can be stepped.
import { describe, expect } from 'vitest';
import { journey } from './harness/journey.ts';
import { makeLabFolder } from './harness/labFolder.ts';

describe('the packaged extension in a clean VS Code', () => {
  journey(
    'F5 in a lab folder stops at the entry of do_page_fault, with the panel beside the editor',
    { makeFolder: makeLabFolder, extension: { kind: 'packaged' } },
    async ({ workbench }) => {
      const { debug } = workbench;
      await debug.waitUntilReady();
      await workbench.press('F5');
      await debug.waitForStop({ file: '/fault.c', text: 'release_flag = FAULT_FLAG_RELEASE' });
      const stack = await debug.waitForCallStack(
        'the handler on top of the user instruction',
        (rows) => rows.some((row) => row.kind === 'frame' && row.name.startsWith('do_page_fault')),
      );
      expect(stack.length).toBeGreaterThan(1);
      const panel = await workbench.webview('[data-part="mmap_sem"]');
      expect(await panel.locator('[data-part="mmap_sem"]').innerText()).toContain('mmap_sem');
      // Else the source of the next stop opens over a panel in which a button has been pressed.
      await workbench.page
        .locator('.editor-group-container', { hasText: 'Faultline' })
        .locator('.action-label[aria-label^="Unlock Group"]')
        .first()
        .waitFor({ state: 'attached' });
      await workbench.screenshot('first-stop-light');
    },
  );
});
