// What the editor shows at a stop: values on the lines that were executed, where another task stands, why it waits, and
// in hovers who wrote a value last; in a light, a dark and a high-contrast theme.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { journey } from './harness/journey.ts';
import { makeLabFolder } from './harness/labFolder.ts';
import { projectRoot } from './harness/places.ts';
import { picturesInThemes } from './harness/themes.ts';
import { expectSoon } from './harness/waiting.ts';
import type { Workbench } from './harness/workbench.ts';

const DROP = 'up_read(&vma->vm_mm->mmap_sem);';

/** The number of the first line of a kernel source with a text; the lab has a copy. */
function lineOf(file: string, text: string): number {
  const source = readFileSync(path.join(projectRoot, 'media/kernel', file), 'utf8');
  return source.split('\n').findIndex((line) => line.includes(text)) + 1;
}

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

/** Waits for a mark of a task behind a line. */
async function waitForMark(
  { editors }: Workbench,
  file: string,
  source: string,
  mark: string,
): Promise<void> {
  const read = (): Promise<{ line: string; added: string }[]> => editors.textsBehindLines(file);
  await expectSoon(
    `"${mark}" behind "${source}" in ${file}`,
    async () =>
      (await read()).find(({ line, added }) => line.includes(source) && added.includes(mark)),
    { describe: async () => JSON.stringify(await read()) },
  );
}

describe('the editor at a stop', () => {
  journey(
    'shows values, other tasks and last writers, and follows the call stack',
    { makeFolder: makeLabFolder, extension: { kind: 'packaged' } },
    async ({ workbench }) => {
      const { debug, editors, page } = workbench;
      await debug.waitUntilReady();
      await debug.foldSection('Watch');
      await debug.foldSection('Breakpoints');
      const drop = lineOf('mm/filemap.c', DROP);
      await workbench.openFile('filemap.c', drop);
      await editors.clickGutter('filemap.c', drop);
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
      const shown = await editors.visibleLines('filemap.c');
      expect(shown.find(({ text }) => text.includes('__lock_page(page);'))?.text).not.toMatch(/0x/);
      await picturesInThemes(workbench, 'inline-values');

      // The debug hover tells the last writer.
      expect(await editors.hoverOver('filemap.c', 'flags')).toMatch(
        /0x08 FAULT_FLAG_RELEASE[\s\S]*changed by toucher, .* ago, memory\.c:\d+/,
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
      await workbench.openFile('rwsem.c', lineOf('lib/rwsem.c', 'if (!waiter.task)'));
      await waitForMark(
        workbench,
        'rwsem.c',
        'schedule();',
        '◂ mapper: waits for mmap_sem (to write)',
      );
      await picturesInThemes(workbench, 'task-mark');

      // With mapper selected, it is toucher that is marked; a value of another source than the selected frame's.
      await debug.selectFrame('mapper — waiting');
      await workbench.openFile('filemap.c', drop);
      await waitForMark(workbench, 'filemap.c', DROP, '◂ toucher: runs');
      const panel = await workbench.webview('[data-part="tasks"]');
      await panel.locator('tr.selected[data-task="mapper"]').waitFor();
      await workbench.screenshot('other-task-selected');

      // When the session is over nothing is left.
      await workbench.press('Shift+F5');
      await workbench.openFile('filemap.c', drop);
      await expectSoon('a plain line', async () => {
        const marks = await editors.textsBehindLines('filemap.c');
        const lines = await editors.visibleLines('filemap.c');
        const isPlain = lines.every(({ text }) => !/= 0x/.test(text)) && marks.length === 0;
        return isPlain ? true : undefined;
      });
    },
  );
});
