// Wrong input: each message names the place and the remedy, and no session is left behind.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { journey } from './harness/journey.ts';
import { makeLabFolder } from './harness/labFolder.ts';
import { expectSoon } from './harness/waiting.ts';
import type { Workbench } from './harness/workbench.ts';

/** Replaces text in a file of the lab. */
function edit(file: string, from: string | RegExp, to: string): void {
  const before = readFileSync(file, 'utf8');
  const after = before.replace(from, to);
  if (after === before) throw new Error(`${file} does not contain ${String(from)}`);
  writeFileSync(file, after);
}

const typo = '{\n  "version": 1,\n  "title": "x",\n  "proceses": [],\n  "tasks": []\n}\n';

/** A lab folder with one launch configuration for each mistake. */
function makeBadFolder(folder: string): void {
  makeLabFolder(folder);
  writeFileSync(path.join(folder, 'typo.scenario.jsonc'), typo);
  const launch = (name: string, more: object): object => ({
    type: 'faultline',
    request: 'launch',
    name,
    scenario: 'cold-fault-with-mmap',
    kernel: 'patched',
    ...more,
  });
  const configurations = [
    launch('typo in the scenario', { scenario: '${workspaceFolder}/typo.scenario.jsonc' }),
    launch('unknown kernel', { kernel: 'pached' }),
    launch('missing file', { scenario: '${workspaceFolder}/nowhere.jsonc' }),
    launch('my kernel', { kernel: '${workspaceFolder}/kernel' }),
  ];
  writeFileSync(
    path.join(folder, '.vscode/launch.json'),
    JSON.stringify({ version: '0.2.0', configurations }, undefined, 2),
  );
}

/** Starts a configuration by name, reads the message that refuses it, and sees that nothing runs. */
async function refusal(workbench: Workbench, configuration: string): Promise<string> {
  const { page, debug } = workbench;
  await workbench.runCommand('Debug: Select and Start Debugging');
  await workbench.pick(configuration);
  const message = await workbench.waitForDialog();
  await page.keyboard.press('Escape');
  await page.locator('.monaco-dialog-box').waitFor({ state: 'hidden' });
  await debug.waitForEnd();
  return message;
}

describe('wrong input', () => {
  journey(
    'is refused with place and remedy, and leaves nothing running',
    { makeFolder: makeBadFolder, extension: { kind: 'packaged' } },
    async ({ workbench, folder }) => {
      await workbench.debug.waitUntilReady();

      const typed = await refusal(workbench, 'typo in the scenario');
      expect(typed).toMatch(/typo\.scenario\.jsonc:\d+:\d+/);
      expect(typed).toContain('Problems panel');
      const problems = await workbench.problems();
      expect(problems.join('\n')).toContain('typo.scenario.jsonc');
      expect(problems.join('\n')).toContain('proceses');

      const kernel = await refusal(workbench, 'unknown kernel');
      expect(kernel).toContain('pached');
      expect(kernel).toMatch(/patched/);

      const missing = await refusal(workbench, 'missing file');
      expect(missing).toContain('nowhere.jsonc');
      expect(missing).toContain('cold-fault-with-mmap');

      const filemap = path.join(folder, 'kernel/mm/filemap.c');
      const good = readFileSync(filemap, 'utf8');
      edit(filemap, 'ret | VM_FAULT_RELEASED', 'ret | VM_FAULT_RELAESED');
      edit(filemap, 'wait_on_page_locked(page);', 'wait_on_page_locked(pgae);');
      const broken = await refusal(workbench, 'my kernel');
      expect(broken).toMatch(/filemap\.c:\d+:\d+: error/);
      expect(broken).toContain('1 more');
      const listed = await expectSoon('both errors in the Problems panel', async () => {
        const rows = (await workbench.problems()).join('\n');
        return rows.includes('VM_FAULT_RELAESED') && rows.includes('pgae') ? rows : undefined;
      });
      // What is wrong in the folder stays listed until it is corrected.
      expect(listed).toContain('proceses');
      await workbench.screenshot('problems-light');
      writeFileSync(filemap, good);

      for (const file of ['include/linux/sched.h', 'arch/x86/mm/fault.c', 'kernel/fork.c']) {
        const place = path.join(folder, 'kernel', file);
        const text = readFileSync(place, 'utf8');
        writeFileSync(place, text.replace(/\bmaj_flt\b/g, 'major_flt'));
      }
      const lacking = await refusal(workbench, 'my kernel');
      expect(lacking).toContain('maj_flt');
      expect(lacking).toContain('task_struct');
    },
  );
});
