// Nothing is staged: a scenario, a program and names that nobody has used are written when the test runs and debugged
// in VS Code; and a line of the kernel that is deleted in the editor changes what happens.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { journey } from './harness/journey.ts';
import { lineOf, makeLabFolder } from './harness/labFolder.ts';
import type { Workbench } from './harness/workbench.ts';

const extension = { kind: 'packaged' } as const;

const salt = String(process.pid % 1000);
const task = `rower${salt}`;
const file = `lake${salt}.img`;
const program = `cross${salt}.task.s`;
const page = 3 + (process.pid % 4);

const scenario = {
  version: 1,
  title: `A boat on ${file}`,
  files: [{ name: file, pages: 9, content: 'pattern' }],
  processes: [
    {
      name: `boat${salt}`,
      maps: [{ name: `water${salt}`, file, pages: 9, prot: 'r', flags: 'private' }],
    },
  ],
  tasks: [{ name: task, process: `boat${salt}`, program }],
};

const text = `        movl    $water${salt} + ${String(page)} * 4096 + 9, %edi
dip${salt}:
        movzbl  (%edi), %ecx            # the page is read
glide${salt}:
        movl    $17, %ebx               # exit(17);
        movl    $1, %eax
        int     $0x80
`;

function makeScenarioFolder(folder: string): void {
  mkdirSync(path.join(folder, '.vscode'), { recursive: true });
  writeFileSync(
    path.join(folder, `${task}.scenario.jsonc`),
    JSON.stringify(scenario, undefined, 2),
  );
  writeFileSync(path.join(folder, program), text);
  const configuration = {
    type: 'faultline',
    request: 'launch',
    name: 'The boat',
    scenario: `\${workspaceFolder}/${task}.scenario.jsonc`,
    kernel: 'patched',
  };
  writeFileSync(
    path.join(folder, '.vscode/launch.json'),
    JSON.stringify({ version: '0.2.0', configurations: [configuration] }),
  );
}

/** A lab folder whose launch configuration switches the rules off. */
function makeLabFolderWithoutRules(folder: string): void {
  makeLabFolder(folder);
  const file = path.join(folder, '.vscode/launch.json');
  const launch = readFileSync(file, 'utf8');
  writeFileSync(
    file,
    launch.replace('"type": "faultline",', '"type": "faultline", "rules": "off",'),
  );
}

/** Deletes the line that drops mmap_sem, saves, and starts: to the first stop. */
async function leaveOutUpRead(workbench: Workbench): Promise<void> {
  const { debug, editors } = workbench;
  await debug.waitUntilReady();
  await workbench.openFile('kernel/mm/filemap.c');
  const line = lineOf('mm/filemap.c', 'up_read(&vma->vm_mm->mmap_sem);');
  await editors.goToLine('/mm/filemap.c', line);
  await workbench.press('Control+Shift+K', 'Control+S', 'F5');
  await debug.waitForStop({ file: '/kernel/arch/x86/mm/fault.c' });
}

describe('what a student writes', () => {
  journey(
    'a new scenario with a new program can be debugged',
    { makeFolder: makeScenarioFolder, extension },
    async ({ workbench }) => {
      const { debug, editors } = workbench;
      await debug.waitUntilReady();
      await workbench.openFile(program);
      const line = await editors.findLine(program, 'movl    $17, %ebx');
      await editors.clickGutter(program, line);
      await workbench.press('F5');
      await debug.waitForStop({ file: '/patched/arch/x86/mm/fault.c' });
      await debug.waitForCallStack('the new task and its program', (rows) => {
        const names = rows.map(({ name }) => name);
        return (
          names.some((name) => name.startsWith(`dip${salt}`)) &&
          rows.some((row) => row.kind === 'frame' && row.file === program)
        );
      });
      const panel = await workbench.webview('[data-part="mmap_sem"]');
      expect(await panel.locator(`[data-task="${task}"]`).innerText()).toContain('running');
      await workbench.press('F5');
      await debug.waitForStop({ file: `/${program}`, text: 'movl    $17, %ebx' });
      const disk = await panel.locator('[data-part="pages"]').innerText();
      expect(disk).toContain(`${file}:${String(page)}`);
      await workbench.press('F5');
      await debug.waitForConsole(`${task}: exited:17, 1 major and 0 minor faults`);
      await debug.waitForConsole('Step back to look again');
      await workbench.press('F5');
      await debug.waitForEnd();
    },
  );

  journey(
    'a kernel without its up_read is stopped by the rule that it breaks',
    { makeFolder: makeLabFolder, extension },
    async ({ workbench }) => {
      const { debug } = workbench;
      await leaveOutUpRead(workbench);
      await workbench.press('F5');
      await debug.waitForStop({ file: '/kernel/mm/memory.c', text: 'handle_pte_fault(' });
      await debug.waitForConsole('has dropped mmap_sem, but toucher still holds it');
      await debug.waitForCallStack('the fault beside the task', (rows) =>
        rows.some(
          (row) => row.kind === 'thread' && row.state.toLowerCase() === 'stopped by a fault',
        ),
      );
      const panel = await workbench.webview('[data-part="mmap_sem"]');
      expect(await panel.locator('.reason').innerText()).toContain('toucher still holds it');
      expect(await panel.locator('[data-part="inside"]').innerText()).toContain('toucher');
      await workbench.screenshot('broken-rule-light');
      await workbench.press('Shift+F5');
      await debug.waitForEnd();
    },
  );

  journey(
    'without the rules, a kernel without its up_read ends in a deadlock that is explained',
    { makeFolder: makeLabFolderWithoutRules, extension },
    async ({ workbench }) => {
      const { debug } = workbench;
      await leaveOutUpRead(workbench);
      const panel = await workbench.webview('[data-part="mmap_sem"]');
      await workbench.press('F5');
      const explanation = await debug.waitForConsole('Deadlock: nothing can happen any more.');
      expect(explanation).toContain('toucher (waits for mmap_sem (to read))');
      expect(explanation).toContain('mapper (waits for mmap_sem (to write))');
      await debug.waitForCallStack('the deadlock beside the task', (rows) =>
        rows.some((row) => row.kind === 'thread' && row.state.toLowerCase() === 'deadlock'),
      );
      expect(await panel.locator('.reason').innerText()).toContain('Deadlock');
      expect(await panel.locator('[data-part="inside"]').innerText()).toContain('toucher');
      expect(await panel.locator('[data-part="queue"]').innerText()).toMatch(/mapper[^]*toucher/);
      await workbench.screenshot('deadlock-light');
      await workbench.press('Shift+F5');
      await debug.waitForEnd();
    },
  );
});
