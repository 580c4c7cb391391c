/**
 * Another editor debugs a scenario over stdio: Emacs with dap-mode, as Debian packages them, set up by
 * what the documentation says. What Emacs shows at each stop is compared: the file and line on which
 * point stands, and the value of `release_flag`, also after a step back.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundleCommand, type BundledCommand } from '../support/bundledCommand.ts';

const root = path.join(import.meta.dirname, '../..');
const kernel = path.join(root, 'media/kernel');
const FAULT = 'arch/x86/mm/fault.c';
const FILEMAP = 'mm/filemap.c';

let bundle: BundledCommand;
let home = '';

beforeAll(async () => {
  bundle = await bundleCommand();
  home = mkdtempSync(path.join(tmpdir(), 'faultline-emacs-'));
});

afterAll(() => {
  bundle.remove();
  rmSync(home, { recursive: true, force: true });
});

/** `file:line` of the first line with a text. */
function place(file: string, part: string): string {
  const lines = readFileSync(path.join(kernel, file), 'utf8').split('\n');
  return `${file}:${String(lines.findIndex((line) => line.includes(part)) + 1)}`;
}

/** The same with the line itself. */
function line(file: string, text: string): string {
  return `${place(file, text)}: ${text}`;
}

/** The documented configuration, with the path of the command filled in. */
function configuration(): string {
  const page = readFileSync(path.join(root, 'media/walkthrough/other-editors.md'), 'utf8');
  const block = /```elisp\n([^`]*)```/.exec(page)?.[1] ?? '';
  const command = JSON.stringify(bundle.script);
  expect(block).toContain('"/path/to/faultline/dist/cli.js"');
  return block
    .replace('"node"', JSON.stringify(process.execPath))
    .replace('"/path/to/faultline/dist/cli.js"', command);
}

/** What the session printed: one line for each thing that Emacs showed. */
function transcript(): readonly string[] {
  const init = path.join(home, 'init.el');
  writeFileSync(init, configuration());
  const session = path.join(root, 'test/fixtures/editors/emacsSession.el');
  const run = spawnSync('emacs', ['--batch', '--no-init-file', '-l', init, '-l', session], {
    encoding: 'utf8',
    env: { ...process.env, HOME: home, FAULTLINE_KERNEL: kernel, LANG: 'C.UTF-8' },
    timeout: 240_000,
  });
  expect(run.status, run.stderr).toBe(0);
  return run.stdout
    .split('\n')
    .filter((text) => text.startsWith('> '))
    .map((text) => text.slice(2));
}

it('Emacs sets breakpoints, steps both ways and reads release_flag', () => {
  const drop = line(FILEMAP, 'up_read(&vma->vm_mm->mmap_sem);');
  const reset = line(FAULT, 'release_flag = 0;');
  const set = '0x08 FAULT_FLAG_RELEASE';
  expect(transcript()).toEqual([
    `breakpoint: ${place(FILEMAP, 'up_read(&vma->vm_mm->mmap_sem);')}`,
    `breakpoint: ${place(FAULT, 'release_flag = 0;')}`,
    `dap-debug: ${line(FAULT, 'unsigned int release_flag = FAULT_FLAG_RELEASE;')}`,
    `verified: ${place(FILEMAP, 'up_read(&vma->vm_mm->mmap_sem);')} t`,
    `verified: ${place(FAULT, 'release_flag = 0;')} t`,
    `dap-continue: ${drop}`,
    `five frames up: ${line(FAULT, 'fault = handle_mm_fault(mm, vma, address,')}`,
    `beside the line: release_flag => ${set}`,
    `dap-continue: ${reset}`,
    `watch: release_flag: ${set}`,
    `dap-next: ${line(FAULT, 'goto retry;')}`,
    'watch: release_flag: 0x00',
    `faultline-step-back: ${reset}`,
    `watch: release_flag: ${set}`,
    `faultline-reverse-continue: ${drop}`,
    `dap-step-in: ${line('kernel/rwsem.c', '__up_read(sem);')}`,
    `dap-step-out: ${line(FILEMAP, 'wait_on_page_locked(page);')}`,
    'console: A disk read, an mmap and an innocent bystander — kernel "patched"',
  ]);
});
