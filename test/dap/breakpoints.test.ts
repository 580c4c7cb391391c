// Breakpoints: verified at real statements, in kernel files and user programs, before and during a run.
import { afterEach, describe, expect, it } from 'vitest';
import { DapStory } from '../support/dapStory.ts';

interface Placed {
  readonly verified: boolean;
  readonly line?: number;
  readonly message?: string;
}

describe('breakpoints', () => {
  let story = new DapStory();
  afterEach(() => {
    expect(story.bugs).toEqual([]);
    expect(story.client.violations).toEqual([]);
    story = new DapStory();
  });

  it('stop at the statement they are set on, and name themselves', async () => {
    await story.launch({ scenario: 'cold-fault' });
    const { id } = await story.breakAt('mm/filemap.c', 'up_read(&vma->vm_mm->mmap_sem)');
    expect(await story.move('continue')).toBe(
      'breakpoint toucher — filemap_fault: up_read(&vma->vm_mm->mmap_sem);',
    );
    expect(story.stop.hitBreakpointIds).toEqual([id]);
  });

  it('move to the next line with a statement', async () => {
    await story.launch({ scenario: 'cold-fault' });
    const source = await story.sourceOf('mm/fault.c');
    const comment = await story.lineWith(source, "CR2 is this CPU's");
    const statement = await story.lineWith(source, 'address = read_cr2()');
    const body = (await story.client.ask('setBreakpoints', {
      source,
      breakpoints: [{ line: comment }],
    })) as { breakpoints: Placed[] };
    expect(body.breakpoints).toMatchObject([{ verified: true, line: statement }]);
  });

  it('stop in user programs', async () => {
    await story.launch({ scenario: 'cold-fault' });
    await story.breakAt('toucher.task.s', 'int     $0x80');
    expect(await story.move('continue')).toMatch(/^breakpoint toucher — .*: int\s+\$0x80$/);
  });

  it('stay unverified behind the last statement of a file', async () => {
    await story.launch({ scenario: 'cold-fault' });
    const source = await story.sourceOf('mm/fault.c');
    const body = (await story.client.ask('setBreakpoints', {
      source,
      breakpoints: [{ line: 100_000 }],
    })) as { breakpoints: Placed[] };
    expect(body.breakpoints[0]?.verified).toBe(false);
    expect(body.breakpoints[0]?.message).toBe('No statement follows this line.');
  });

  it('in a tree other than the running one are unverified and say which kernel runs', async () => {
    await story.launch({ scenario: 'cold-fault' });
    const body = (await story.client.ask('setBreakpoints', {
      source: { path: 'faultline:/unpatched/mm/filemap.c' },
      breakpoints: [{ line: 300 }],
    })) as { breakpoints: Placed[] };
    expect(body.breakpoints[0]).toMatchObject({
      verified: false,
      message:
        'This session runs the kernel "patched"; this file belongs to the kernel "unpatched".',
    });
  });

  it.each([
    ['mainline', 'lock_page_or_retry', 'up_read(&mm->mmap_sem);'],
    ['base', 'find_lock_page', 'lock_page(page);'],
    ['nobody-gains', 'filemap_fault', 'up_read(&vma->vm_mm->mmap_sem);'],
  ])('are hit in the tree of the kernel %s', async (kernel, name, text) => {
    await story.launch({ scenario: 'cold-fault', kernel });
    await story.breakAt('mm/filemap.c', text);
    const arrival = await story.move('continue');
    expect(arrival).toMatch(new RegExp(`^breakpoint toucher — \\w*${name}: `));
    expect(arrival).toContain(text);
  });

  it('stop a step of another task, and the step is dropped', async () => {
    await story.launch({ scenario: 'cold-fault-with-mmap', stopOnEntry: 'drop_mmap_sem' });
    await story.breakAt('mm/mmap.c', 'down_write(&mm->mmap_sem)');
    const stops = [await story.move('next'), await story.move('next'), await story.move('next')];
    const other = stops.find((stop) => stop.startsWith('breakpoint mapper'));
    // mapper queued before the lock was dropped; its next arrival is its munmap, if any.
    expect(other === undefined || other.includes('down_write')).toBe(true);
    expect(stops.at(-1)).toMatch(/^(?:wake toucher|breakpoint mapper)/);
  });

  it('survive a restart with their ids', async () => {
    await story.launch({ scenario: 'cold-fault' });
    const { id } = await story.breakAt('mm/filemap.c', 'wait_on_page_locked(page)');
    const arrival = story.client.waitFor('stopped');
    await story.client.ask('restart', {});
    await arrival;
    const changed = story.client.events.filter((event) => event.event === 'breakpoint');
    expect(changed.map((event) => event.body as object)).toMatchObject([
      { reason: 'changed', breakpoint: { id, verified: true } },
    ]);
    expect(await story.move('continue')).toBe(
      'breakpoint toucher — filemap_fault: wait_on_page_locked(page);',
    );
  });
});
