// What a function has returned, shown where a step out of it ends.
import { afterEach, describe, expect, it } from 'vitest';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { DapStory } from '../support/dapStory.ts';

describe('the value of a call that a step has left', () => {
  let story = new DapStory();
  afterEach(() => {
    expect(story.bugs).toEqual([]);
    expect(story.client.violations).toEqual([]);
    story = new DapStory();
  });

  async function locals(): Promise<readonly DebugProtocol.Variable[]> {
    const [frame] = await story.stack();
    const { scopes } = (await story.client.ask('scopes', { frameId: frame?.id })) as {
      scopes: DebugProtocol.Scope[];
    };
    const { variables } = (await story.client.ask('variables', {
      variablesReference: scopes[0]?.variablesReference,
    })) as { variables: DebugProtocol.Variable[] };
    return variables;
  }

  async function returned(): Promise<string | undefined> {
    const row = (await locals()).find(({ name }) => name.startsWith('(return)'));
    return row === undefined ? undefined : `${row.name} = ${row.value}`;
  }

  /** Into the first call of `handle_mm_fault`. */
  async function enterHandler(): Promise<void> {
    await story.launch({ scenario: 'cold-fault' });
    await story.client.ask('setFunctionBreakpoints', {
      breakpoints: [{ name: 'handle_mm_fault' }],
    });
    expect(await story.move('continue')).toMatch(/^breakpoint toucher — handle_mm_fault/);
    await story.client.ask('setFunctionBreakpoints', { breakpoints: [] });
    await story.client.ask('setExceptionBreakpoints', { filters: [] });
  }

  it('is the first local of its caller, and what the caller got', async () => {
    await enterHandler();
    expect(await story.move('stepOut')).toMatch(/^step toucher — do_page_fault/);
    const [first] = await locals();
    expect(first).toMatchObject({ name: '(return) handle_mm_fault()', type: 'int' });
    expect(first?.presentationHint).toEqual({ attributes: ['readOnly'] });
    expect(first?.value).toBe(await story.value('(int)fault + 0'));
    expect(Number(first?.value) & 0x400).toBe(0x400);
  });

  it('is gone with the next motion, in both directions', async () => {
    await enterHandler();
    await story.move('stepOut');
    expect(await returned()).toMatch(/^\(return\) handle_mm_fault\(\) = \d+$/);
    await story.move('next');
    expect(await returned()).toBeUndefined();
    await story.move('stepBack');
    expect(await returned()).toBeUndefined();
  });

  it('is shown after any step that leaves the function, and after none that stays', async () => {
    await enterHandler();
    const seen: (string | undefined)[] = [];
    while ((await story.stack())[0]?.name.startsWith('handle_mm_fault') === true) {
      seen.push(await returned());
      await story.move('next');
    }
    expect(new Set(seen)).toEqual(new Set([undefined]));
    expect(await returned()).toMatch(/^\(return\) handle_mm_fault\(\) = \d+$/);
  });

  it('is found when the task slept on the way, and breakpoints changed meanwhile', async () => {
    await enterHandler();
    await story.client.ask('setExceptionBreakpoints', { filters: ['steppedTaskSleeps'] });
    expect(await story.move('stepOut')).toMatch(/^sleep toucher/);
    expect(await story.move('stepOut')).toMatch(/^wake toucher/);
    const arrival = story.client.waitFor('stopped');
    const answers = [
      story.client.ask('stepOut', { threadId: story.threadId }),
      story.client.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'do_exit' }] }),
    ];
    await Promise.all(answers);
    expect((await arrival).body).toMatchObject({ reason: 'step' });
    expect(await returned()).toMatch(/^\(return\) handle_mm_fault\(\) = \d+$/);
  });

  it('is a pointer that unfolds', async () => {
    await story.launch({ scenario: 'cold-fault' });
    await story.client.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'find_vma' }] });
    await story.move('continue');
    await story.move('stepOut');
    const [first] = await locals();
    expect(first?.name).toBe('(return) find_vma()');
    expect(first?.type).toBe('struct vm_area_struct *');
    expect(first?.variablesReference).toBeGreaterThan(0);
  });

  it('cannot be set', async () => {
    await enterHandler();
    await story.move('stepOut');
    const [frame] = await story.stack();
    const { scopes } = (await story.client.ask('scopes', { frameId: frame?.id })) as {
      scopes: DebugProtocol.Scope[];
    };
    const answer = await story.client.send('setVariable', {
      variablesReference: scopes[0]?.variablesReference,
      name: '(return) handle_mm_fault()',
      value: '0',
    });
    expect(answer.success).toBe(false);
  });
});
