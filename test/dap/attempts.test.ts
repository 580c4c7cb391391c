// Which attempt the call stack shows: what the handler has done, whatever its variables say.
import { afterEach, describe, expect, it } from 'vitest';
import { DapStory } from '../support/dapStory.ts';

const CALL = 'fault = handle_mm_fault';

describe('the attempt of a page fault', () => {
  let story = new DapStory();
  afterEach(() => {
    expect(story.bugs).toEqual([]);
  });

  async function handler(): Promise<string | undefined> {
    return (await story.stack()).find(({ name }) => name.startsWith('do_page_fault'))?.name;
  }

  it('is the first one still when a what-if has taken the flag away', async () => {
    story = new DapStory();
    await story.launch({ scenario: 'cold-fault' });
    await story.breakAt('mm/fault.c', CALL);
    await story.move('continue');
    await story.client.ask('setExpression', { expression: 'release_flag', value: '0' });
    expect(await handler()).toBe('do_page_fault (attempt 1)');
    await story.move('next');
    expect(await handler()).toBe('do_page_fault (attempt 1)');
  });

  it.each(['patched', 'mainline', 'account-on-completion'])(
    'is the second one from the jump back on, in both directions, on %s',
    async (kernel) => {
      story = new DapStory();
      await story.launch({ scenario: 'cold-fault', kernel });
      await story.breakAt('mm/fault.c', CALL);
      await story.move('continue');
      expect(await handler()).toBe('do_page_fault (attempt 1)');
      await story.move('continue');
      expect(await handler()).toBe('do_page_fault (attempt 2)');
      await story.move('reverseContinue');
      expect(await handler()).toBe('do_page_fault (attempt 1)');
      await story.breakAt('mm/fault.c', 'goto retry;');
      await story.move('continue');
      expect(await handler()).toBe('do_page_fault (attempt 2)');
      await story.move('stepBack');
      expect(await handler()).toBe('do_page_fault (attempt 1)');
    },
  );

  it('is not said where the kernel makes one only', async () => {
    story = new DapStory();
    await story.launch({ scenario: 'cold-fault', kernel: 'unpatched' });
    expect(await handler()).toBe('do_page_fault');
  });
});
