// Without a lab folder and without a launch.json: F5 in a C file, the Run view's button, the command and
// the debugger pick all start the headline scenario.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe } from 'vitest';
import { journey } from './harness/journey.ts';
import type { Workbench } from './harness/workbench.ts';

const extension = { kind: 'packaged' } as const;

/** Makes a folder with one file in it. */
function folderWith(name: string, text: string): (folder: string) => void {
  return (folder) => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, name), text);
  };
}

/** Waits for the first stop of the headline scenario and ends the session. */
async function stopsAtTheFault({ debug, ...workbench }: Workbench): Promise<void> {
  await debug.waitForStop({
    file: 'faultline:/patched/arch/x86/mm/fault.c',
    text: 'release_flag = FAULT_FLAG_RELEASE',
  });
  await workbench.page.keyboard.press('Shift+F5');
  await debug.waitForEnd();
}

describe('outside of a lab folder', () => {
  journey(
    'F5 in a C file starts Faultline',
    { makeFolder: folderWith('hello.c', 'int main(void)\n{\n\treturn 0;\n}\n'), extension },
    async ({ workbench }) => {
      await workbench.openFile('hello.c');
      await workbench.press('F5');
      await stopsAtTheFault(workbench);
    },
  );

  journey(
    'the button of the Run view, the command and the debugger pick start it too',
    { makeFolder: folderWith('notes.txt', 'nothing to run here\n'), extension },
    async ({ workbench }) => {
      const { debug, page } = workbench;
      await debug.show();
      await page
        .locator('.debug-viewlet .welcome-view-content a', {
          hasText: 'Step Through the Page Fault',
        })
        .click();
      await stopsAtTheFault(workbench);

      await workbench.runCommand('Faultline: Step Through the Page Fault');
      await stopsAtTheFault(workbench);

      await workbench.runCommand('Debug: Select and Start Debugging');
      await workbench.pick('Faultline');
      await workbench.pick('cold-fault-with-mmap, patched');
      await stopsAtTheFault(workbench);
    },
  );
});
