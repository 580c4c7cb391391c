// The commands and the hovers: the patch as a diff, the annotated sources, glossary and patch hovers, a new lab folder,
// the page about what is real, and a breakpoint in a user program.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { journey } from './harness/journey.ts';
import { makeLabFolder } from './harness/labFolder.ts';
import { expectSoon } from './harness/waiting.ts';

const extension = { kind: 'packaged' } as const;

function makePlainFolder(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'notes.txt'), 'nothing to run here\n');
}

describe('without a session', () => {
  journey(
    'the sources, the patch, a lab folder and the explanations are one command away',
    { makeFolder: makePlainFolder, extension },
    async ({ workbench, folder }) => {
      const { editors, page } = workbench;
      await workbench.runCommand('Faultline: Open Annotated Sources');
      await workbench.pick('mm/filemap.c');
      const filemap = 'faultline:/patched/mm/filemap.c';
      await editors.waitForFile(filemap);

      const line = await editors.scrollTo(filemap, 'up_read(&vma->vm_mm->mmap_sem);');
      // To the middle: the lines below are wanted too.
      await editors.goToLine(filemap, line);
      const marked = await expectSoon('the bar of the patch', async () => {
        const lines = await editors.barredLines(filemap);
        return lines.includes(line) ? lines : undefined;
      });
      expect(marked).toContain(line + 1);
      const hunk = await editors.hoverOver(filemap, 'wait_on_page_locked(page)');
      expect(hunk).toContain('The patch adds this');
      expect(hunk).toContain('up_read(&vma->vm_mm->mmap_sem)');
      await page.keyboard.press('Escape');
      await page.mouse.move(5, 5);
      const term = await editors.hoverOver(filemap, 'mmap_sem');
      expect(term).toContain('The lock of a process');

      await workbench.runCommand('Faultline: Show the Patch as a Diff');
      await expectSoon('a tab with the diff of four files', async () => {
        const title = 'Release mmap_sem when page fault blocks on disk transfer (4 files)';
        return (await workbench.tabs()).includes(title) ? true : undefined;
      });
      const added = page.locator('.multiDiffEntry .editor.modified .view-line');
      await added.filter({ hasText: 'FAULT_FLAG_RELEASE' }).first().waitFor();
      await workbench.screenshot('patch-diff-light');

      await workbench.runCommand('Faultline: What Is Real, What Is Simplified');
      const real = await workbench.webview('.markdown-body');
      await expectSoon('the page about what is real', async () =>
        (await real.locator('body').innerText()).includes('sequential') ? true : undefined,
      );

      await workbench.runCommand('Faultline: Compare Kernels…');
      const kernels = await expectSoon('the kernels, and the labs below them', async () => {
        const entries = await workbench.quickPickEntries();
        return entries.some((entry) => entry.includes('everybody-sleeps')) ? entries : undefined;
      });
      expect(kernels[0]).toContain('patched');
      expect(kernels[1]).toContain('unpatched');
      await workbench.pick('tried');
      await expectSoon('the kernels but the first one', async () => {
        const entries = await workbench.quickPickEntries();
        return entries.some((entry) => entry.startsWith('tried')) ? undefined : true;
      });
      await workbench.pick('account-on-completion');
      await expectSoon('a tab with the diff of one file', async () => {
        const title = 'tried ↔ account-on-completion (1 file)';
        return (await workbench.tabs()).includes(title) ? true : undefined;
      });
      const counted = page.locator('.multiDiffEntry .editor.modified .view-line');
      await counted.filter({ hasText: 'Whoever had to try again' }).first().waitFor();

      await workbench.runCommand('Faultline: Create Lab Folder…');
      await workbench.pick('Your Own Kernel');
      // The dialog offers the folder that holds the open one. It takes an answer once it has read what is in there;
      // before that the list is still the one of the palette.
      await expectSoon('the contents of the offered folder in the dialog', async () => {
        const entries = await workbench.quickPickEntries();
        return entries.some((entry) => entry.trim() === 'folder') ? true : undefined;
      });
      await workbench.clickButton('Create Here');
      const message = await workbench.waitForNotification('The lab is in');
      const [, lab = ''] = /The lab is in (\S+)\. Open it/.exec(message) ?? [];
      expect(lab).toBe(path.join(folder, '../faultline-lab'));
      expect(existsSync(path.join(lab, 'kernel/mm/filemap.c'))).toBe(true);
      expect(existsSync(path.join(lab, '.vscode/launch.json'))).toBe(true);
    },
  );
});

describe('in a session', () => {
  journey(
    'a user program is highlighted, and a breakpoint in it is hit',
    { makeFolder: makeLabFolder, extension },
    async ({ workbench }) => {
      const { debug, editors, page } = workbench;
      await debug.waitUntilReady();
      await workbench.press('F5');
      await debug.waitForStop({ file: '/fault.c' });
      await debug.selectFrame('load');
      await editors.waitForFile('/toucher.task.s');
      const colors = await expectSoon('colored words in the program', async () => {
        const classes = await page
          .locator(`${editors.selector('/toucher.task.s')} .view-line span[class^="mtk"]`)
          .evaluateAll((all: Element[]) => [
            ...new Set(
              all.map((word) => [...word.classList].find((name) => name.startsWith('mtk'))),
            ),
          ]);
        return classes.length > 2 ? classes : undefined;
      });
      expect(colors.length).toBeGreaterThan(2);
      const line = await editors.scrollTo('/toucher.task.s', 'movl    $1, %eax');
      await editors.clickGutter('/toucher.task.s', line);
      await workbench.press('F5');
      await debug.waitForStop({ file: '/toucher.task.s', text: 'movl    $1, %eax' });

      await workbench.runCommand('Faultline: Why Is This Task Blocked?');
      await workbench.pick('toucher');
      await workbench.waitForNotification('toucher');
    },
  );
});
