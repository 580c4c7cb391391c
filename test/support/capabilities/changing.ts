/**
 * The effects of capabilities by which the user changes the machine; the kernel goes on with it.
 */
import { expect } from 'vitest';
import { launchToCall, positionOf, stopsUntilEnd, type Effect } from './entry.ts';

export const setsVariables: Effect = async (story) => {
  await launchToCall(story);
  const { id: frameId } = await story.frameOf('do_page_fault');
  const { scopes } = (await story.client.ask('scopes', { frameId })) as {
    scopes: { variablesReference: number }[];
  };
  const variablesReference = scopes[0]?.variablesReference;
  const set = { variablesReference, name: 'release_flag', value: '0' };
  const { value } = (await story.client.ask('setVariable', set)) as { value: string };
  expect(value).toMatch(/^0x00/);
  // Without the flag the task waits with the lock held.
  expect(await story.move('next')).toMatch(/^sleep toucher/);
  expect(await story.console('locks')).toMatch(/toucher holds it, read/);
};

export const setsExpressions: Effect = async (story) => {
  await story.launch({ scenario: 'cold-fault' });
  await story.breakAt('mm/fault.c', 'vma = find_vma(mm, address);');
  await story.move('continue');
  const { id: frameId } = await story.frameOf('do_page_fault');
  await story.client.ask('setExpression', { expression: 'address', value: '4 * 4', frameId });
  expect(await story.value('address', 'do_page_fault')).toBe('16');
  await story.client.ask('setExceptionBreakpoints', { filters: ['signal'] });
  // No area has that address: the kernel sends SIGSEGV.
  await story.move('continue');
  expect(story.stop.text).toBe('toucher gets SIGSEGV (signal 11).');
};

export const writesMemory: Effect = async (story) => {
  await story.launch({ scenario: 'cold-fault', stopOnEntry: 'fault_done' });
  // The byte that the program is about to load, and exits with.
  const memoryReference = await story.value('address', 'do_page_fault');
  const change = { memoryReference, data: Buffer.from([7]).toString('base64') };
  expect(await story.client.ask('writeMemory', change)).toEqual({ bytesWritten: 1 });
  await stopsUntilEnd(story);
  expect(story.client.output).toContain('toucher: exited:7,');
};

export const jumps: Effect = async (story) => {
  await launchToCall(story);
  const source = await story.sourceOf('mm/fault.c');
  const label = 'check_v8086_mode(regs, address, tsk);';
  const line = await story.lineWith(source, label);
  const { targets } = (await story.client.ask('gotoTargets', { source, line })) as {
    targets: { id: number; label: string }[];
  };
  expect(targets).toMatchObject([{ label }]);
  const there = await positionOf(story);
  expect(await story.move('goto', { targetId: targets[0]?.id })).toMatch(
    /^goto toucher — do_page_fault .*check_v8086_mode/,
  );
  expect(await positionOf(story)).toBe(there);
  // What lies between was never executed: nobody has looked into the page cache.
  await story.move('next');
  expect(await story.console('pages')).not.toContain('data.bin:20');
};

export const killsTasks: Effect = async (story) => {
  await story.launch({ scenario: 'cold-fault-with-mmap' });
  const threadIds = [await story.thread('bystander')];
  await story.client.ask('terminateThreads', { threadIds });
  expect(story.client.output).toContain('SIGKILL for bystander.');
  await story.client.ask('setExceptionBreakpoints', {
    filters: [],
    filterOptions: [{ filterId: 'signal', condition: 'bystander' }],
  });
  // Through the kernel, which delivers the signal.
  expect(await story.move('continue')).toMatch(/^exception bystander/);
  expect(story.stop.text).toBe('bystander gets SIGKILL (signal 9).');
  await stopsUntilEnd(story);
  expect(story.client.output).toContain('bystander: SIGKILL');
};
