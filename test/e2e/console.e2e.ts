// The debug console in colors, what a call returned, and a word when a file is edited during a session.
import { describe, expect } from 'vitest';
import { journey } from './harness/journey.ts';
import { makeLabFolder } from './harness/labFolder.ts';
import { vsixFile } from './harness/places.ts';
import { expectSoon } from './harness/waiting.ts';

const THEMES = [
  ['light', 'Default Light Modern'],
  ['dark', 'Default Dark Modern'],
  ['high-contrast', 'Default High Contrast'],
] as const;

describe('the debug console', () => {
  for (const [label, theme] of THEMES) {
    journey(
      `tells who runs and who waits in colors (${label})`,
      { makeFolder: makeLabFolder, extension: { kind: 'vsix', path: vsixFile }, theme },
      async ({ workbench }) => {
        const { debug } = workbench;
        await debug.waitUntilReady();
        await workbench.press('F5');
        await debug.waitForStop({ file: '/fault.c', text: 'release_flag = FAULT_FLAG_RELEASE' });
        await workbench.runCommand('Faultline: Next Moment');
        const answer = await debug.evaluateInConsole('tasks');
        expect(answer.join('\n')).toContain('toucher — running');
        expect(answer.join('\n')).not.toContain('[1m');
        const styled = await workbench.page
          .locator('.repl .code-foreground-colored, .repl .code-bold')
          .count();
        expect(styled).toBeGreaterThan(0);
        await debug.evaluateInConsole('why');
        await workbench.screenshot(`console-${label}`);
      },
    );
  }
});

describe('a session', () => {
  journey(
    'shows what a call returned, and says when a file is edited meanwhile',
    { makeFolder: makeLabFolder, extension: { kind: 'vsix', path: vsixFile } },
    async ({ workbench }) => {
      const { debug } = workbench;
      await debug.waitUntilReady();
      await debug.foldSection('Watch');
      await debug.foldSection('Breakpoints');
      await workbench.press('F5');
      await debug.waitForStop({ file: '/fault.c', text: 'release_flag = FAULT_FLAG_RELEASE' });
      await debug.stopAfter(() => workbench.runCommand('Faultline: Next Moment'));
      await debug.waitForStop({ file: '/fault.c', text: 'vma = find_vma' });
      await debug.stopAfter(() => workbench.press('F11'));
      await debug.stopAfter(() => workbench.press('Shift+F11'));
      expect(await debug.waitForVariable('(return) find_vma()')).toMatch(/^0xc/);
      await workbench.screenshot('returned-light');

      await workbench.openFile('fault.c', 1);
      await workbench.page.keyboard.type('/* mine */ ');
      await workbench.press('Control+S');
      await expectSoon('a word about the edited file', async () => {
        const told = await workbench.notifications();
        return told.some((text) => text.includes('fault.c has been edited.')) ? true : undefined;
      });
      await workbench.screenshot('edited-file-light');
    },
  );
});
