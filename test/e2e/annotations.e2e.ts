// Annotations in the editor: a hover over a statement tells its note and why it is lockless, one over a member its
// locks, and their parts are told apart in a light, a dark and a high-contrast theme. In a lab their forms are offered.
import { describe, expect } from 'vitest';
import { journey } from './harness/journey.ts';
import { lineOf, makeLabFolder } from './harness/labFolder.ts';
import { picturesInThemes } from './harness/themes.ts';
import { expectSoon } from './harness/waiting.ts';
import type { Workbench } from './harness/workbench.ts';

const MEMORY = 'faultline:/patched/mm/memory.c';
const HEADER = 'faultline:/patched/include/linux/mm_types.h';

/** The colors of the words of the line that contains a text. */
async function colorsOf({ page }: Workbench, text: string): Promise<readonly string[]> {
  const spans = page.locator('.view-line').filter({ hasText: text }).first().locator('span span');
  const colors = await spans.evaluateAll((found) =>
    found.map((span) => getComputedStyle(span).color),
  );
  return [...new Set(colors)];
}

describe('annotations', () => {
  journey(
    'are told apart and explained',
    { makeFolder: makeLabFolder, extension: { kind: 'packaged' } },
    async ({ workbench }) => {
      const { editors, page } = workbench;
      await workbench.runCommand('Faultline: Open Annotated Sources');
      await workbench.pick('mm/memory.c');
      await editors.waitForFile(MEMORY);
      await editors.goToLine(MEMORY, lineOf('mm/memory.c', '//@ racy *pte'));
      const why = await editors.hoverOver(MEMORY, 'entry = *pte;');
      expect(why).toContain('*pte is accessed without its lock: read without the PTE lock');
      await workbench.screenshot('annotation-hover');
      await page.keyboard.press('Escape');
      await page.mouse.move(5, 5);
      const form = await editors.hoverOver(MEMORY, 'racy');
      expect(form).toContain('//@ racy PLACE : WHY');

      await workbench.runCommand('Faultline: Open Annotated Sources');
      await workbench.answerInput('mm_types.h');
      await editors.waitForFile(HEADER);
      await editors.goToLine(HEADER, lineOf('include/linux/mm_types.h', '//@ guard vm_flags'));
      await picturesInThemes(workbench, 'annotations', async ({ label }) => {
        await page.mouse.move(5, 5);
        await expectSoon(`colors of ${label}`, async () =>
          (await colorsOf(workbench, '//@ guard vm_flags')).length >= 4 ? true : undefined,
        );
      });
      const member = await editors.hoverOver(HEADER, 'vm_flags;');
      expect(member).toContain('vm_flags of struct vm_area_struct is read with vm_mm->mmap_sem or');
      await page.keyboard.press('Escape');

      await workbench.openFile('truncate.c', 2);
      await page.keyboard.press('Home');
      await page.keyboard.type('//@ pi');
      const offered = page.locator('.suggest-widget .monaco-list-row').filter({ hasText: 'pin' });
      await offered.first().waitFor();
      await workbench.screenshot('annotation-completion');
    },
  );
});
