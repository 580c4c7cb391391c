// Annotations in the editor: a hover over a statement tells its note and why it is lockless, one over a member its
// locks, and their parts are told apart in a light, a dark and a high-contrast theme.
import { describe, expect } from 'vitest';
import { journey } from './harness/journey.ts';
import { makeLabFolder } from './harness/labFolder.ts';
import { vsixFile } from './harness/places.ts';
import { expectSoon } from './harness/waiting.ts';
import type { Workbench } from './harness/workbench.ts';

const MEMORY = 'faultline:/patched/mm/memory.c';
const HEADER = 'faultline:/patched/include/linux/mm_types.h';

const themes = [
  ['Light Modern', 'annotations-light'],
  ['Dark Modern', 'annotations-dark'],
  ['Dark High Contrast', 'annotations-hc-dark'],
] as const;

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
    { makeFolder: makeLabFolder, extension: { kind: 'vsix', path: vsixFile } },
    async ({ workbench }) => {
      const { editors, page } = workbench;
      await workbench.runCommand('Faultline: Open Annotated Sources');
      await workbench.pick('mm/memory.c');
      await editors.waitForFile(MEMORY);
      await editors.scrollTo(MEMORY, '//@ racy *pte');
      const why = await editors.hoverOver(MEMORY, 'entry = *pte;');
      expect(why).toContain('*pte is accessed without its lock: read without the PTE lock');
      await workbench.screenshot('annotation-hover');
      await page.keyboard.press('Escape');
      await page.mouse.move(5, 5);
      const form = await editors.hoverOver(MEMORY, 'racy');
      expect(form).toContain('//@ racy PLACE : WHY');

      await workbench.runCommand('Faultline: Open Annotated Sources');
      await workbench.pick('include/linux/mm_types.h');
      await editors.waitForFile(HEADER);
      await editors.scrollTo(HEADER, '//@ guard vm_flags');
      for (const [label, picture] of themes) {
        await workbench.runCommand('Preferences: Color Theme');
        await workbench.answerInput(label);
        await page.mouse.move(5, 5);
        await expectSoon(`colors of ${label}`, async () =>
          (await colorsOf(workbench, '//@ guard vm_flags')).length >= 4 ? true : undefined,
        );
        await workbench.screenshot(picture);
      }
      const member = await editors.hoverOver(HEADER, 'vm_flags;');
      expect(member).toContain('vm_flags of struct vm_area_struct is read with vm_mm->mmap_sem or');
    },
  );
});
