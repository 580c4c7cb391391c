// What runs, as modules; which failures stop, by name.
import { afterEach, describe, expect, it } from 'vitest';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { DapStory } from '../support/dapStory.ts';

describe('a session', () => {
  let story = new DapStory();
  afterEach(() => {
    expect(story.bugs).toEqual([]);
    story = new DapStory();
  });

  it('lists the kernel and the programs as modules, to which the frames belong', async () => {
    await story.launch({ scenario: 'cold-fault-with-mmap', kernel: 'unpatched' });
    const { modules, totalModules } = (await story.client.ask('modules')) as Required<
      DebugProtocol.ModulesResponse['body']
    >;
    expect(modules.map(({ name }) => name)).toEqual([
      'kernel "unpatched"',
      'toucher.task.s',
      'mapper.task.s',
      'bystander.task.s',
    ]);
    expect(totalModules).toBe(4);
    const { stackFrames } = (await story.client.ask('stackTrace', {
      threadId: story.threadId,
    })) as { stackFrames: DebugProtocol.StackFrame[] };
    expect(stackFrames[0]?.moduleId).toBe(modules[0]?.id);
    expect(stackFrames.at(-1)?.moduleId).toBe(modules[1]?.id);
    const [start, end] = (modules[1]?.addressRange ?? '').split('-').map(Number);
    const eip = Number(stackFrames.at(-1)?.instructionPointerReference);
    expect(start).toBeLessThanOrEqual(eip);
    expect(end).toBeGreaterThanOrEqual(eip);
    const part = (await story.client.ask('modules', { startModule: 1, moduleCount: 2 })) as {
      modules: unknown[];
    };
    expect(part.modules).toEqual(modules.slice(1, 3));
  });

  it('announces columns that its modules have', async () => {
    await story.launch({ scenario: 'cold-fault' });
    const { additionalModuleColumns } = (await story.client.ask('initialize')) as {
      additionalModuleColumns: DebugProtocol.ColumnDescriptor[];
    };
    const { modules } = (await story.client.ask('modules')) as { modules: [object] };
    for (const { attributeName } of additionalModuleColumns) {
      expect(modules[0]).toHaveProperty(attributeName);
    }
  });

  describe('with options for exceptions', () => {
    const LAB = { scenario: 'cold-fault', kernel: 'freed-memory' };

    async function end(
      exceptionOptions: readonly object[],
      filters: string[] = [],
    ): Promise<string> {
      await story.launch(LAB);
      const { breakpoints } = (await story.client.ask('setExceptionBreakpoints', {
        filters,
        exceptionOptions,
      })) as { breakpoints: unknown[] };
      expect(breakpoints).toHaveLength(filters.length + exceptionOptions.length);
      return await story.move('continue');
    }

    it('stops at a failure that is named, and at all failures', async () => {
      const path = [{ names: ['violation'] }, { names: ['vma-after-drop'] }];
      expect(await end([{ path, breakMode: 'always' }])).toMatch(/^exception toucher/);
      story = new DapStory();
      expect(await end([{ breakMode: 'unhandled' }])).toMatch(/^exception toucher/);
    });

    it('ends at once at one that is excepted, whatever the filters say', async () => {
      const path = [{ names: ['violation'] }, { names: ['vma-after-drop'] }];
      expect(await end([{ path, breakMode: 'never' }], ['violation'])).toBe('terminated');
    });

    it('takes the last option that matches, and negations', async () => {
      const all = { path: [{ names: ['violation'] }], breakMode: 'never' };
      const path = [{ names: ['violation'] }, { negate: true, names: ['hold-spans-disk'] }];
      expect(await end([all, { path, breakMode: 'always' }])).toMatch(/^exception toucher/);
    });

    it('follows the filters where no option matches', async () => {
      const path = [{ names: ['deadlock'] }];
      expect(await end([{ path, breakMode: 'always' }])).toBe('terminated');
    });
  });
});
