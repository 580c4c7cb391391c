// The demo: the whole story of the patch in at most twenty key presses, first without the patch and then with it, with
// pictures in a light, a dark and a high-contrast theme.
//
// What counts is what a person presses: F keys and the Enter behind `why bystander`. Clicks on the gutter and on
// frames, the mouse wheel and the typing of a question are not counted.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { describe, expect } from 'vitest';
import { journey } from './harness/journey.ts';
import { makeLabFolder } from './harness/labFolder.ts';
import { picturesInThemes } from './harness/themes.ts';
import { expectSoon } from './harness/waiting.ts';
import type { Workbench } from './harness/workbench.ts';

/** A lab folder in which F5 means the kernel without the patch. */
function makeUnpatchedFolder(folder: string): void {
  makeLabFolder(folder);
  const file = path.join(folder, '.vscode/launch.json');
  const launch = JSON.parse(readFileSync(file, 'utf8')) as { configurations: { kernel: string }[] };
  launch.configurations.sort(
    (a, b) => Number(b.kernel === 'unpatched') - Number(a.kernel === 'unpatched'),
  );
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(launch, undefined, 2));
}

/** Waits until a part of the panel shows a text that fits. */
async function waitForPart(panel: Frame, selector: string, fits: RegExp): Promise<string> {
  const read = async (): Promise<string> =>
    (await panel.locator(selector).first().innerText()).replace(/\s+/g, ' ');
  return expectSoon(
    `${selector} in the panel with ${String(fits)}`,
    async () => {
      const text = await read();
      return fits.test(text) ? text : undefined;
    },
    { describe: read },
  );
}

const inside = '[data-part="mmap_sem"] [data-part="inside"]';
const queue = '[data-part="mmap_sem"] [data-part="queue"]';
const disk = '[data-part="disk"]';
const row = (task: string): string => `[data-part="tasks"] [data-task="${task}"]`;

const unpatchedFault = '/unpatched/arch/x86/mm/fault.c';
const unpatchedFilemap = '/unpatched/mm/filemap.c';
const unpatchedMmap = '/unpatched/mm/mmap.c';
const patchedFault = '/patched/arch/x86/mm/fault.c';
const patchedFilemap = '/patched/mm/filemap.c';
const patchedMmap = '/patched/mm/mmap.c';

/** What the chapters of the demo share. */
class Demo {
  readonly workbench: Workbench;

  constructor(workbench: Workbench) {
    this.workbench = workbench;
  }

  /** Presses a key and waits for the line at which it has to stop. */
  async go(key: string, file: string, text: string): Promise<void> {
    await this.workbench.press(key);
    await this.workbench.debug.waitForStop({ file, text });
  }

  /** Sets or removes a breakpoint by the mouse alone. */
  async clickBreakpoint(file: string, text: string): Promise<void> {
    const { editors } = this.workbench;
    await editors.clickGutter(file, await editors.scrollTo(file, text));
  }

  /** Waits for a thread of the call stack whose name says its state. */
  async waitForTask(name: string, state: string): Promise<void> {
    await this.workbench.debug.waitForCallStack(`${name} — ${state}`, (rows) =>
      rows.some(
        (entry) =>
          entry.kind === 'thread' && entry.name.startsWith(name) && entry.name.includes(state),
      ),
    );
  }

  /** The value of a variable in the frame of a function, clicked in the call stack. */
  async valueIn(frame: string, name: string): Promise<string> {
    await this.workbench.debug.selectFrame(frame);
    return this.workbench.debug.waitForVariable(name);
  }

  async picture(name: string): Promise<void> {
    await picturesInThemes(this.workbench, name);
  }
}

/** Without the patch: one disk read stalls three tasks. Leaves breakpoints for the other kernel. */
async function seeTheProblem(demo: Demo): Promise<Frame> {
  const { workbench } = demo;
  const { debug } = workbench;
  await demo.go('F5', unpatchedFault, 'tsk = current');
  const panel = await workbench.webview('[data-part="mmap_sem"]');
  await workbench.resizeBottomPanel(190);
  await debug.foldSection('Watch');
  await demo.clickBreakpoint(unpatchedFault, 'up_read(&mm->mmap_sem);');

  await demo.go('Alt+F10', unpatchedFault, 'find_vma(mm, address)');
  await waitForPart(panel, inside, /toucher/);
  await demo.go('Alt+F10', unpatchedFilemap, 'do_sync_mmap_readahead');
  await waitForPart(panel, disk, /idle/);
  await demo.clickBreakpoint(unpatchedFilemap, 'lock_page(page);');

  await demo.go('Alt+F10', '/unpatched/lib/rwsem.c', 'spin_unlock_irq');
  await waitForPart(panel, queue, /mapper/);
  await debug.selectFrame('sys_mmap_pgoff');
  await demo.clickBreakpoint(unpatchedMmap, 'retval = do_mmap_pgoff(');

  await demo.go('Alt+F10', unpatchedFilemap, 'io_schedule();');
  await waitForPart(panel, inside, /toucher/);
  await waitForPart(panel, queue, /mapper/);
  await waitForPart(panel, disk, /reading, 12\.\d ms left/);
  await demo.waitForTask('mapper', 'waiting: mmap_sem');
  await demo.picture('asleep-with-the-lock');

  await demo.go('Alt+F10', unpatchedFault, 'tsk = current');
  await demo.go('Alt+F10', '/unpatched/lib/rwsem.c', 'spin_unlock_irq');
  // To step out of the queue takes a sleep.
  await workbench.press('Shift+F11');
  await demo.waitForTask('bystander', 'waiting: mmap_sem');
  await demo.waitForTask('toucher', 'sleeping: page lock');
  await waitForPart(panel, queue, /mapper.*bystander/);
  await waitForPart(panel, inside, /toucher/);
  await waitForPart(panel, row('toucher'), /sleeping the page lock of data\.bin:20/);
  await waitForPart(panel, row('mapper'), /waiting mmap_sem/);
  await waitForPart(panel, row('bystander'), /waiting mmap_sem/);

  workbench.keyPresses += 1; // the Enter behind the question
  const [answer] = await debug.evaluateInConsole('why bystander');
  expect(answer).toMatch(
    /^bystander → mmap_sem, queued behind mapper → held by toucher → disk read #1, 1[0-2]\.\d ms left$/,
  );
  await demo.picture('why-bystander');
  return panel;
}

/** With the patch: the lock is dropped, and mapper and bystander pass while the disk is busy. */
async function seeTheDrop(demo: Demo, panel: Frame): Promise<void> {
  const { workbench } = demo;
  const { debug, editors } = workbench;
  await demo.go('Alt+F6', patchedFault, 'release_flag = FAULT_FLAG_RELEASE');
  const line = await editors.scrollTo(patchedFault, 'up_read(&mm->mmap_sem);');
  const marks = await editors.gutterMarks(patchedFault);
  expect(
    marks
      .filter((mark) => mark.line === line)
      .map(({ classes }) => classes)
      .join(' '),
  ).toContain('codicon-debug-breakpoint');

  await demo.go('F5', patchedFilemap, 'trylock_page(page)');
  await demo.clickBreakpoint(patchedFilemap, 'trylock_page(page)');
  await demo.go('Alt+F10', patchedFilemap, 'up_read(&vma->vm_mm->mmap_sem);');
  await waitForPart(panel, inside, /toucher/);
  await waitForPart(panel, queue, /mapper/);
  await debug.waitForVariable('page', /data\.bin:20/);
  await demo.picture('lock-drop');
  // To come back to, against time.
  await demo.clickBreakpoint(patchedFilemap, 'up_read(&vma->vm_mm->mmap_sem);');
  const stack = await debug.callStack();
  const frames = stack.flatMap((entry) => (entry.kind === 'frame' ? [entry.name] : []));
  const from = frames.findIndex((name) => name.startsWith('filemap_fault'));
  expect(frames[from + 5]).toMatch(/^do_page_fault/);
  expect(await demo.valueIn('do_page_fault', 'release_flag')).toBe('0x08 FAULT_FLAG_RELEASE');

  await demo.go('F5', patchedMmap, 'retval = do_mmap_pgoff(');
  await waitForPart(panel, inside, /mapper/);
  await waitForPart(panel, disk, /reading, 12\.\d ms left/);
  await waitForPart(panel, row('toucher'), /sleeping the page lock of data\.bin:20/);
  await debug.waitForVariable('retval');
  await demo.picture('mapper-inside');
  await demo.clickBreakpoint(patchedMmap, 'retval = do_mmap_pgoff(');

  await demo.go('F5', patchedFault, 'up_read(&mm->mmap_sem);');
  await waitForPart(panel, row('bystander'), /minor 1/);
  await waitForPart(panel, row('mapper'), /exited/);
  await waitForPart(panel, disk, /reading, 12\.\d ms left/);
}

/** The disk answers, and the second attempt succeeds. */
async function seeTheRetry(demo: Demo, panel: Frame): Promise<void> {
  const { workbench } = demo;
  const { debug } = workbench;
  await demo.clickBreakpoint(patchedFault, 'up_read(&mm->mmap_sem);');
  await demo.clickBreakpoint(patchedFault, 'release_flag = 0;');
  await workbench.press('Alt+F10');
  await debug.waitForStop({ file: '/kernel/entry.c' });
  await waitForPart(panel, row('toucher'), /sleeping the page lock of data\.bin:20/);

  await demo.go('F5', patchedFault, 'release_flag = 0;');
  await debug.waitForVariable('fault', '0x0404 VM_FAULT_MAJOR | VM_FAULT_RELEASED');
  await debug.waitForVariable('release_flag', '0x08 FAULT_FLAG_RELEASE');
  await waitForPart(panel, inside, /nobody/);
  await waitForPart(panel, row('toucher'), /major 1, minor 0/);
  await demo.clickBreakpoint(patchedFault, 'release_flag = 0;');
  await demo.go('F10', patchedFault, 'goto retry;');
  await debug.waitForVariable('release_flag', '0x00');
  await demo.picture('retry');

  await debug.selectFrame('load');
  await demo.clickBreakpoint('/toucher.task.s', 'movl    $1, %eax');
  await demo.go('F5', '/toucher.task.s', 'movl    $1, %eax');
  await debug.waitForVariable('ebx', /^0x00000019\b|^25\b/);
}

/** Back to the lock drop, against time, and on to the end. */
async function goBackAndFinish(demo: Demo, panel: Frame): Promise<void> {
  const { workbench } = demo;
  const { debug } = workbench;
  await demo.go('Alt+Shift+F9', patchedFilemap, 'up_read(&vma->vm_mm->mmap_sem);');
  await waitForPart(panel, inside, /toucher/);
  await waitForPart(panel, queue, /mapper/);
  await waitForPart(panel, row('toucher'), /major 0, minor 0/);

  await debug.clickActivateBreakpoints();
  await workbench.press('F5');
  await debug.waitForConsole('Step back to look again');
  const report = (await debug.consoleLines()).join('\n');
  expect(report).toContain('toucher: exited:25');
  expect(report).toMatch(/kernel\s+patched\s+unpatched/);
  expect(report).toMatch(/mmap_sem held, longest\s+toucher\s+[\d.]+ µs\s+12\.5 ms/);
  expect(report).toMatch(/bystander\s+[\d.]+ µs\s+12\.5 ms/);
  await workbench.resizeBottomPanel(420);
  await demo.picture('comparison');
}

describe('the demo', () => {
  journey(
    'shows the patch in at most twenty key presses',
    { makeFolder: makeUnpatchedFolder, extension: { kind: 'packaged' } },
    async ({ workbench }) => {
      const demo = new Demo(workbench);
      await workbench.debug.waitUntilReady();
      const panel = await seeTheProblem(demo);
      await seeTheDrop(demo, panel);
      await seeTheRetry(demo, panel);
      await goBackAndFinish(demo, panel);
      console.log(`the demo: ${String(workbench.keyPresses)} key presses`);
      expect(workbench.keyPresses).toBeLessThanOrEqual(20);
    },
  );
});
