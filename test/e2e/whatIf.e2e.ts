// The debugger in both directions: back to the last change, a what-if in the Variables view, and who runs next.
import { describe, expect } from 'vitest';
import { startAtTheCall } from './harness/firstStops.ts';
import { journey } from './harness/journey.ts';
import { makeLabFolder } from './harness/labFolder.ts';
import { expectSoon } from './harness/waiting.ts';

describe('the run', () => {
  journey(
    'is changed by a what-if, which is taken back, and goes on with the task that the user chooses',
    { makeFolder: makeLabFolder, extension: { kind: 'packaged' } },
    async ({ workbench }) => {
      const { debug } = workbench;
      const line = await startAtTheCall(workbench);

      // Before the call, the flag is taken away: the task will wait with mmap_sem held.
      expect(await debug.waitForVariable('release_flag', /^0x08/)).toContain('FAULT_FLAG_RELEASE');
      await debug.setVariable('release_flag', '0');
      await debug.waitForVariable('release_flag', /^0x00/);
      await workbench.screenshot('what-if-light');
      await workbench.press('F10');
      await debug.waitForConsole('toucher goes to sleep');

      await workbench.runCommand('Faultline: Undo What-If');
      await debug.waitForStop({ file: '/fault.c', line });
      await debug.waitForVariable('release_flag', /^0x08/);

      // Back to where the flag got its value.
      await debug.clickVariableMenu('release_flag', 'Run Back to the Last Change');
      await debug.waitForStop({ file: '/fault.c', text: 'release_flag = FAULT_FLAG_RELEASE' });

      // Forward again, to a place inside the lock, and back to where it was taken.
      await workbench.press('F5');
      await debug.waitForStop({ file: '/fault.c', line });
      await workbench.runCommand('Faultline: Run Back to Where This Lock Was Taken…');
      await workbench.answerInput('mm->mmap_sem');
      await debug.waitForCallStack('the lock being taken', (rows) =>
        rows.some(({ kind, name }) => kind === 'frame' && name.startsWith('down_read_trylock')),
      );
      await debug.waitForStop({ file: '/asm/rwsem.h' });
      await workbench.screenshot('lock-taken-light');
      await workbench.press('F5');
      await debug.waitForStop({ file: '/fault.c', line });

      // Somebody else goes on.
      await workbench.runCommand('Faultline: Choose Who Runs…');
      // The rows of a list are drawn one by one.
      await expectSoon('who could run', async () => {
        const found = await workbench.quickPickEntries();
        return ['Step only toucher', 'Let time pass'].every((text) =>
          found.some((entry) => entry.includes(text)),
        )
          ? true
          : undefined;
      });
      await workbench.screenshot('choose-who-runs-light');
      await workbench.pick('Run toucher until it blocks');
      await debug.waitForConsole('toucher goes to sleep');
    },
  );
});
