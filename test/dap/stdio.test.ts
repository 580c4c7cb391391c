// A conversation with an independent client: `@vscode/debugadapter-testsupport` over stdio with the
// real command line, bundled as it ships.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { DebugClient } from '@vscode/debugadapter-testsupport';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { bundleCommand, type BundledCommand } from '../support/bundledCommand.ts';

const root = path.join(import.meta.dirname, '../..');
// Five processes compile the kernel, maybe on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let bundle: BundledCommand;
let filemap = '';
let client: DebugClient;

function lineOf(file: string, part: string): number {
  return (
    readFileSync(file, 'utf8')
      .split('\n')
      .findIndex((line) => line.includes(part)) + 1
  );
}

beforeAll(async () => {
  bundle = await bundleCommand('dap');
  filemap = path.join(bundle.media, 'kernel/mm/filemap.c');
});

afterAll(() => {
  bundle.remove();
});

beforeEach(async () => {
  client = new DebugClient(process.execPath, bundle.script, 'faultline');
  client.defaultTimeout = 50_000;
  await client.start();
});

afterEach(async () => {
  await client.stop();
});

it('stops on entry and on a breakpoint in a file that really exists', async () => {
  const line = lineOf(filemap, 'up_read(&vma->vm_mm->mmap_sem)');
  await Promise.all([
    client.configurationSequence(),
    client.launch({ scenario: 'cold-fault-with-mmap', kernel: 'patched' }),
    client.assertStoppedLocation('entry', {
      path: path.join(bundle.media, 'kernel/arch/x86/mm/fault.c'),
    }),
  ]);
  const { body } = await client.setBreakpointsRequest({
    source: { path: filemap },
    breakpoints: [{ line }],
  });
  expect(body.breakpoints).toMatchObject([{ verified: true, line }]);
  await Promise.all([
    client.continueRequest({ threadId: 1 }),
    client.assertStoppedLocation('breakpoint', { path: filemap, line }),
  ]);
});

it('knows a file by the path behind a link, which is what some editors name', async () => {
  const real = path.join(root, 'media/kernel/mm/filemap.c');
  const line = lineOf(real, 'up_read(&vma->vm_mm->mmap_sem)');
  await Promise.all([
    client.configurationSequence(),
    client.launch({ scenario: 'cold-fault-with-mmap' }),
    client.waitForEvent('stopped'),
  ]);
  const { body } = await client.setBreakpointsRequest({
    source: { path: real },
    breakpoints: [{ line }],
  });
  expect(body.breakpoints).toMatchObject([{ verified: true, line, source: { path: filemap } }]);
});

it('steps forward and back, and reads release_flag five frames out', async () => {
  await Promise.all([
    client.configurationSequence(),
    client.launch({ scenario: 'cold-fault-with-mmap', stopOnEntry: 'drop_mmap_sem' }),
    client.waitForEvent('stopped'),
  ]);
  const { body } = await client.threadsRequest();
  const threadId = body.threads.find((thread) => thread.name.startsWith('toucher'))?.id ?? 0;
  const stack = await client.stackTraceRequest({ threadId });
  const index = stack.body.stackFrames.findIndex((frame) => frame.name.startsWith('do_page_fault'));
  expect(index).toBe(5);
  const answer = await client.evaluateRequest({
    expression: 'release_flag',
    frameId: stack.body.stackFrames[index]?.id ?? 0,
    context: 'watch',
  });
  expect(answer.body.result).toBe('0x08 FAULT_FLAG_RELEASE');
  await Promise.all([client.nextRequest({ threadId }), client.waitForEvent('stopped')]);
  await Promise.all([client.stepBackRequest({ threadId }), client.waitForEvent('stopped')]);
  const before = await client.stackTraceRequest({ threadId });
  expect(before.body.stackFrames[0]?.name).toBe('up_read');
});

it('serves the files of a computed tree by reference', async () => {
  await Promise.all([
    client.configurationSequence(),
    client.launch({ scenario: 'cold-fault', kernel: 'unpatched', stopAtEnd: false }),
    client.waitForEvent('stopped'),
  ]);
  const { body } = await client.threadsRequest();
  const threadId = body.threads[0]?.id ?? 0;
  const stack = await client.stackTraceRequest({ threadId });
  const source = stack.body.stackFrames[0]?.source;
  expect(source?.sourceReference).toBeGreaterThan(0);
  const text = await client.sourceRequest({
    sourceReference: source?.sourceReference ?? 0,
    ...(source === undefined ? {} : { source }),
  });
  expect(text.body.content).toContain('do_page_fault');
  expect(text.body.content).not.toContain('release_flag');
});

it('opens a moment that another process has written', async () => {
  await Promise.all([
    client.configurationSequence(),
    client.launch({ scenario: 'cold-fault-with-mmap', stopOnEntry: 'drop_mmap_sem' }),
    client.waitForEvent('stopped'),
  ]);
  const { body } = (await client.customRequest('faultline/momentText')) as { body: unknown };
  const seen = (await client.customRequest('faultline/state')) as { body: unknown };
  await client.stop();
  client = new DebugClient(process.execPath, bundle.script, 'faultline');
  client.defaultTimeout = 50_000;
  await client.start();
  const { text } = body as { text: string };
  const opened = client.waitForEvent('stopped');
  await Promise.all([client.configurationSequence(), client.launch({ moment: text })]);
  expect((await opened).body).toMatchObject({ reason: 'goto' });
  const again = (await client.customRequest('faultline/state')) as { body: unknown };
  const facts = ({ state }: { state: Record<string, unknown> }) => ({
    ...state,
    rev: 0,
    reason: '',
  });
  expect(facts(again.body as never)).toEqual(facts(seen.body as never));
});

it('ends with the exit code', async () => {
  const exited = client.waitForEvent('exited');
  await Promise.all([
    client.configurationSequence(),
    client.launch({ scenario: 'cold-fault', stopOnEntry: false, stopAtEnd: false }),
    client.waitForEvent('terminated'),
  ]);
  expect((await exited).body).toEqual({ exitCode: 0 });
});
