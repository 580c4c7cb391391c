// Wrong input: each gives an error that names place and remedy, and leaves nothing running.
import { describe, expect, it } from 'vitest';
import { createSession } from '../../src/adapter/createSession.ts';
import type { DiagnosticItem } from '../../src/view/protocol.ts';
import { createTestHost, shippedKernel } from '../support/adapterHost.ts';
import { DapClient } from '../support/dapClient.ts';

const LAB = '/lab/kernel';

/** A lab copy of the kernel with one edit. */
function labWith(path: string, from: string, to: string): Record<string, Map<string, string>> {
  const files = shippedKernel();
  const before = files.get(path) ?? '';
  if (!before.includes(from)) throw new Error(`${path} does not contain ${from}`);
  files.set(path, before.replace(from, to));
  return { [LAB]: files };
}

async function refusal(
  launch: object,
  files: Record<string, string> = {},
  folders: Record<string, Map<string, string>> = {},
): Promise<{ message: string; diagnostics: readonly DiagnosticItem[]; client: DapClient }> {
  const client = new DapClient(createSession(createTestHost(files, folders)));
  await client.ask('initialize', { adapterID: 'faultline' });
  const answer = await client.send('launch', launch);
  expect(answer.success).toBe(false);
  const event = client.events.find((item) => item.event === 'faultline/diagnostics');
  const body = event?.body as { diagnostics: DiagnosticItem[] } | undefined;
  expect(client.events.some((item) => item.event === 'initialized')).toBe(false);
  expect(client.violations).toEqual([]);
  const error = (answer.body as { error: { showUser: boolean } }).error;
  expect(error.showUser).toBe(true);
  return { message: answer.message ?? '', diagnostics: body?.diagnostics ?? [], client };
}

describe('a launch', () => {
  it('with an unknown scenario names those that ship', async () => {
    const { message } = await refusal({ scenario: 'cold-fualt' });
    expect(message).toContain('cold-fualt');
    expect(message).toContain('cold-fault');
  });

  it('with an unknown kernel names those that ship', async () => {
    const { message } = await refusal({ scenario: 'cold-fault', kernel: 'pached' });
    expect(message).toContain('pached');
    expect(message).toContain('patched');
  });

  it('with a missing scenario file says which', async () => {
    const { message } = await refusal({ scenario: '/nowhere/own.jsonc' });
    expect(message).toContain('There is no scenario file "/nowhere/own.jsonc".');
  });

  it('with a missing kernel folder says which', async () => {
    const { message } = await refusal({ scenario: 'cold-fault', kernel: '/nowhere/kernel' });
    expect(message).toContain('There is no kernel folder "/nowhere/kernel".');
  });

  it('with a folder that is no kernel says what is missing', async () => {
    const folder = new Map([['hello.c', 'int main(void) { return 0; }']]);
    const { message } = await refusal(
      { scenario: 'cold-fault', kernel: '/home/c' },
      {},
      { '/home/c': folder },
    );
    expect(message).toContain('`/home/c` is no kernel tree');
  });

  it('with an unknown anchor for the stop on entry suggests one', async () => {
    const { message } = await refusal({ scenario: 'cold-fault', stopOnEntry: 'drop_mmap_smu' });
    expect(message).toContain('Did you mean "drop_mmap_sem"?');
  });

  it('with a typo in a scenario points at it', async () => {
    const text = '{ "version": 1, "title": "x", "proceses": [], "tasks": [] }';
    const { message, diagnostics } = await refusal(
      { scenario: '/home/own.jsonc' },
      { '/home/own.jsonc': text },
    );
    expect(message).toMatch(/^\/home\/own\.jsonc:1:\d+: error: /);
    expect(diagnostics.some((item) => item.message.includes('proceses'))).toBe(true);
    expect(diagnostics[0]).toMatchObject({ uri: '/home/own.jsonc', line1: 1, severity: 'error' });
  });

  it('with a C error in a lab copy lists every error with its place', async () => {
    const folders = labWith('mm/filemap.c', 'ret | VM_FAULT_RELEASED', 'ret | VM_FAULT_RELAESED');
    const { message, diagnostics } = await refusal(
      { scenario: 'cold-fault', kernel: LAB },
      {},
      folders,
    );
    expect(message).toMatch(/^\/lab\/kernel\/mm\/filemap\.c:\d+:\d+: error: .*VM_FAULT_RELAESED/);
    expect(diagnostics[0]).toMatchObject({ uri: '/lab/kernel/mm/filemap.c', severity: 'error' });
  });

  it('with a kernel that lacks a field which the host reads names struct and field', async () => {
    const folders = shippedKernel();
    for (const [path, text] of folders)
      folders.set(path, text.replace(/\bmaj_flt\b/g, 'major_flt'));
    const { message } = await refusal(
      { scenario: 'cold-fault', kernel: LAB },
      {},
      { [LAB]: folders },
    );
    expect(message).toContain('maj_flt');
    expect(message).toContain('task_struct');
  });

  it('can be tried again after a failed one', async () => {
    const { client } = await refusal({ scenario: 'cold-fualt' });
    expect((await client.send('launch', { scenario: 'cold-fault' })).success).toBe(true);
  });
});

describe('a kernel with a bug', () => {
  it('stops as an exception that is explained', async () => {
    const folders = labWith(
      'mm/memory.c',
      'ret = vma->vm_ops->fault(vma, &vmf);',
      'ret = vma->vm_ops->fault(vma, NULL);',
    );
    const client = new DapClient(createSession(createTestHost({}, folders)));
    const stop = await client.start({ scenario: 'cold-fault', kernel: LAB, stopOnEntry: false });
    expect(stop.body).toMatchObject({ reason: 'exception' });
    const info = (await client.ask('exceptionInfo', { threadId: 1 })) as { description: string };
    expect(info.description).toContain('Null pointer');
    // Going back and coming again shows it again; going on from it ends the session.
    const { threadId } = stop.body as { threadId: number };
    await client.move('stepBack', { threadId });
    let again = await client.move('next', { threadId });
    while ((again.body as { reason: string }).reason === 'step') {
      again = await client.move('next', { threadId });
    }
    expect(again.body).toMatchObject({ reason: 'exception' });
    expect((await client.move('continue')).event).toBe('terminated');
    const exited = client.events.find((event) => event.event === 'exited');
    expect(exited?.body).toEqual({ exitCode: 1 });
    expect(client.violations).toEqual([]);
  });
});
