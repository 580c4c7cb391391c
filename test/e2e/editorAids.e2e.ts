// What the editor shows at a stop: values on the lines that were executed, where another task stands, why it waits, and
// in hovers who wrote a value last; in a light, a dark and a high-contrast theme.
import { describe, expect } from 'vitest';
import { journey } from './harness/journey.ts';
import { makeLabFolder } from './harness/labFolder.ts';
import { vsixFile } from './harness/places.ts';
import { expectSoon } from './harness/waiting.ts';
import type { Workbench } from './harness/workbench.ts';

const themes = [
  ['Light Modern', 'light'],
  ['Dark Modern', 'dark'],
  ['Dark High Contrast', 'hc-dark'],
] as const;

const DROP = 'up_read(&vma->vm_mm->mmap_sem);';

/** Waits for a line on screen that contains a text of the source and one that was added behind it. */
async function waitForLine(
  { editors }: Workbench,
  file: string,
  source: string,
  added: RegExp,
): Promise<string> {
  const find = async (): Promise<string | undefined> =>
    (await editors.visibleLines(file)).find(({ text }) => text.includes(source) && added.test(text))
      ?.text;
  return expectSoon(`"${source}" with ${String(added)} in ${file}`, find, {
    describe: async () => JSON.stringify(await editors.visibleLines(file)),
  });
}

/** Takes a picture in each theme. */
async function takePictures(workbench: Workbench, name: string): Promise<void> {
  for (const [label, suffix] of themes) {
    await workbench.runCommand('Preferences: Color Theme');
    await workbench.answerInput(label);
    const shade = suffix.startsWith('hc') ? 'hc-black' : suffix === 'dark' ? 'vs-dark' : 'vs';
    await workbench.page.locator(`.monaco-workbench.${shade}`).waitFor();
    await workbench.screenshot(`${name}-${suffix}`);
  }
}

describe('the editor at a stop', () => {
  journey(
    'shows values, other tasks and last writers, and follows the call stack',
    { makeFolder: makeLabFolder, extension: { kind: 'vsix', path: vsixFile } },
    async ({ workbench }) => {
      const { debug, editors, page } = workbench;
      await debug.waitUntilReady();
      await debug.foldSection('Watch');
      await debug.foldSection('Breakpoints');
      await workbench.openFile('filemap.c');
      await editors.clickGutter('filemap.c', await editors.scrollTo('filemap.c', DROP));
      await workbench.press('F5');
      await debug.waitForStop({ file: '/fault.c', text: 'release_flag = FAULT_FLAG_RELEASE' });
      await workbench.press('F10');
      await waitForLine(workbench, 'fault.c', 'release_flag = FAULT', /release_flag = 0x08 /);
      await workbench.press('F5');
      await debug.waitForStop({ file: '/filemap.c', text: DROP });

      // Values on executed lines; the branch that was not taken has none.
      await waitForLine(
        workbench,
        'filemap.c',
        'ret = VM_FAULT_MAJOR;',
        /ret = 0x04 VM_FAULT_MAJOR/,
      );
      await waitForLine(workbench, 'filemap.c', 'vmf->flags & ', /vmf->flags = 0x08 FAULT_FLAG/);
      const lines = await editors.visibleLines('filemap.c');
      expect(lines.find(({ text }) => text.includes('__lock_page(page);'))?.text).not.toMatch(/0x/);
      await takePictures(workbench, 'inline-values');

      // The debug hover tells the last writer.
      expect(await editors.hoverOver('filemap.c', 'ret = VM_FAULT_MAJOR')).toMatch(
        /0x04 VM_FAULT_MAJOR[\s\S]*written by toucher, .* ago, filemap\.c:\d+/,
      );
      await workbench.screenshot('last-writer-hover');
      await page.keyboard.press('Escape');

      // The row of a sleeping task says what it waits for, down to who runs.
      const rows = await debug.waitForCallStack('mapper waits', (found) =>
        found.some((row) => row.kind === 'thread' && row.name.includes('waiting: mmap_sem')),
      );
      expect(
        rows.find((row) => row.kind === 'thread' && row.name.startsWith('mapper'))?.name,
      ).toMatch(
        /^mapper — waiting: mmap_sem, first in its queue → held by toucher → runs on CPU 0$/,
      );
      await page.locator('.debug-call-stack .thread', { hasText: 'mapper' }).first().hover();
      await page.locator('.monaco-hover:visible', { hasText: 'held by toucher' }).waitFor();
      await workbench.screenshot('why-in-the-call-stack');

      // Where mapper stands is marked.
      await workbench.openFile('rwsem.c');
      await editors.scrollTo('rwsem.c', '◂ mapper');
      const mark = await waitForLine(
        workbench,
        'rwsem.c',
        'schedule',
        /◂ mapper: waits for mmap_sem/,
      );
      expect(mark).toContain('◂ mapper: waits for mmap_sem (to write)');
      await takePictures(workbench, 'task-mark');

      // With mapper selected, it is toucher that is marked; a value of another source than the selected frame's.
      await debug.selectFrame('sys_mmap_pgoff');
      await workbench.openFile('filemap.c');
      await editors.scrollTo('filemap.c', DROP);
      await waitForLine(workbench, 'filemap.c', DROP, /◂ toucher: runs/);
      const panel = await workbench.webview('[data-part="tasks"]');
      await panel.locator('tr.selected[data-task="mapper"]').waitFor();
      await workbench.screenshot('other-task-selected');
      await workbench.openFile('mmap.c');
      await editors.scrollTo('mmap.c', 'retval = do_mmap_pgoff(');

      // When the session is over nothing is left.
      await workbench.press('Shift+F5');
      await workbench.openFile('filemap.c');
      await editors.scrollTo('filemap.c', DROP);
      await expectSoon('a plain line', async () => {
        const found = await editors.visibleLines('filemap.c');
        const text = found.find((line) => line.text.includes(DROP))?.text ?? '◂';
        return /◂|0x/.test(text) ? undefined : true;
      });
    },
  );
});
