// The run beside the run without a what-if, in the diff editor, and checkpoints to go to.
import { describe, expect } from 'vitest';
import { startAtTheCall } from './harness/firstStops.ts';
import { journey } from './harness/journey.ts';
import { makeLabFolder } from './harness/labFolder.ts';
import { picturesInThemes } from './harness/themes.ts';
import { expectSoon } from './harness/waiting.ts';

describe('a what-if', () => {
  journey(
    'is compared with the run without it, and a checkpoint brings that run back',
    {
      makeFolder: makeLabFolder,
      extension: { kind: 'packaged' },
      viewport: { width: 1600, height: 1000 },
    },
    async ({ workbench }) => {
      const { debug } = workbench;
      const line = await startAtTheCall(workbench);

      await workbench.runCommand('Faultline: Set Checkpoint');
      await workbench.answerInput('before the call');
      await debug.setVariable('release_flag', '0');
      await debug.waitForVariable('release_flag', /^0x00/);
      await workbench.press('F10');
      await debug.waitForConsole('toucher goes to sleep');
      await workbench.press('F10');
      await debug.waitForConsole('toucher has been woken up');
      await workbench.press('F10');
      await debug.waitForStop({ file: '/fault.c', text: 'VM_FAULT_ERROR' });

      await workbench.runCommand('Faultline: Compare With Before');
      await expectSoon('the moments to pick from', async () => {
        const entries = await workbench.quickPickEntries();
        return entries.some((entry) => entry.includes('Without the last change')) || undefined;
      });
      await workbench.screenshot('compare-pick-light');
      await workbench.pick('At the same virtual time');
      await expectSoon('the comparison', async () =>
        (await workbench.tabs()).some((tab) => tab.includes('Without release_flag = 0'))
          ? true
          : undefined,
      );
      await workbench.resizeBottomPanel(120);
      await picturesInThemes(workbench, 'compare');

      await workbench.runCommand('Faultline: Go to a Checkpoint…');
      const entries = await expectSoon('the checkpoints', async () => {
        const found = await workbench.quickPickEntries();
        return found.some((entry) => entry.includes('before the call')) ? found : undefined;
      });
      expect(entries[0]).toContain('on a course that was left');
      await workbench.screenshot('checkpoints-light');
      await workbench.pick('before the call');
      await debug.waitForStop({ file: '/fault.c', line });
      await debug.waitForVariable('release_flag', /^0x08/);
    },
  );
});
