/**
 * The effects of capabilities about what a client is told besides values: modules, checksums, styles, and
 * which failures stop.
 */
import { createHash } from 'node:crypto';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { expect } from 'vitest';
import type { Effect } from './entry.ts';

export const listsModules: Effect = async (story) => {
  await story.launch({ scenario: 'cold-fault', kernel: 'unpatched' });
  const { modules } = (await story.client.ask('modules')) as { modules: DebugProtocol.Module[] };
  expect(modules.map(({ name }) => name)).toEqual(['kernel "unpatched"', 'toucher.task.s']);
  const { stackFrames } = (await story.client.ask('stackTrace', {
    threadId: story.threadId,
  })) as { stackFrames: DebugProtocol.StackFrame[] };
  expect(stackFrames[0]?.moduleId).toBe(modules[0]?.id);
  expect(stackFrames.at(-1)?.moduleId).toBe(modules[1]?.id);
};

export const hasModuleColumns: Effect = async (story) => {
  const { additionalModuleColumns } = (await story.client.ask('initialize')) as {
    additionalModuleColumns: DebugProtocol.ColumnDescriptor[];
  };
  await story.launch({ scenario: 'cold-fault' });
  const { modules } = (await story.client.ask('modules')) as { modules: [object] };
  for (const { attributeName } of additionalModuleColumns) {
    expect(modules[0]).toHaveProperty(attributeName);
  }
};

export const sumsTexts: Effect = async (story) => {
  await story.launch({ scenario: 'cold-fault' });
  const source = await story.sourceOf('mm/filemap.c');
  const { content } = (await story.client.ask('source', {
    source,
    sourceReference: source.sourceReference ?? 0,
  })) as { content: string };
  const checksum = createHash('sha256').update(content).digest('hex');
  expect(source.checksums).toEqual([{ algorithm: 'SHA256', checksum }]);
};

export const colors: Effect = async (story, open) => {
  const answers: string[] = [];
  for (const [supportsANSIStyling, session] of [[false, story] as const, [true, open()] as const]) {
    const { client } = session;
    await client.ask('initialize', { adapterID: 'faultline', supportsANSIStyling });
    const initialized = client.waitFor('initialized');
    await client.ask('launch', { scenario: 'cold-fault' });
    await initialized;
    await client.move('configurationDone');
    answers.push(await session.console('tasks'));
  }
  expect(answers[0]).toBe('toucher — running');
  expect(answers[1]).toContain('\u001b[1mtoucher\u001b[22m');
};

export const exceptsFailures: Effect = async (story, open) => {
  const path = [{ names: ['violation'] }, { names: ['vma-after-drop'] }];
  const ends: string[] = [];
  for (const [session, breakMode] of [[story, 'always'] as const, [open(), 'never'] as const]) {
    await session.launch({ scenario: 'cold-fault', kernel: 'freed-memory' });
    const exceptionOptions = [{ path, breakMode }];
    await session.client.ask('setExceptionBreakpoints', {
      filters: ['violation'],
      exceptionOptions,
    });
    ends.push(await session.move('continue'));
  }
  expect(ends[0]).toMatch(/^exception toucher/);
  expect(ends[1]).toBe('terminated');
};

export const leavesRuns: Effect = async (story, open) => {
  await story.launch({ scenario: 'cold-fault' });
  await story.client.ask('disconnect', { terminateDebuggee: false });
  expect(story.client.output).toContain('toucher: exited:25');
  const other = open();
  await other.launch({ scenario: 'cold-fault' });
  await other.client.ask('disconnect', { terminateDebuggee: true });
  expect(other.client.output).not.toContain('exited:25');
};
