// The story of the patch, stepped through over DAP: everything that is asserted was executed.
import { afterEach, describe, expect, it } from 'vitest';
import type { PanelState } from '../../src/view/panelState.ts';
import { DapStory } from '../support/dapStory.ts';

const SCENARIO = 'cold-fault-with-mmap';

async function panel(story: DapStory): Promise<PanelState> {
  const body = (await story.client.ask('faultline/state')) as { state: PanelState };
  return body.state;
}

describe('the patched kernel', () => {
  let story = new DapStory();
  afterEach(() => {
    expect(story.bugs).toEqual([]);
    expect(story.client.violations).toEqual([]);
    story = new DapStory();
  });

  it('stops at the entry of do_page_fault, above the user instruction', async () => {
    const stop = await story.launch({ scenario: SCENARIO });
    expect(stop).toBe(
      'entry toucher — do_page_fault (attempt 1): unsigned int release_flag = FAULT_FLAG_RELEASE;',
    );
    const [handler, label, user, ...rest] = await story.stack();
    expect(handler?.name).toBe('do_page_fault (attempt 1)');
    expect(label).toMatchObject({
      hint: 'label',
      name: 'page fault: user read, page not present, CR2 = 0x40014123',
    });
    expect(user?.text).toMatch(/^movzbl\s+\(%esi\), %ebx/);
    expect(rest).toEqual([]);
  });

  it('ends a step when its task goes to sleep, and shows the statement that was stepped', async () => {
    await story.launch({ scenario: SCENARIO, stopOnEntry: 'drop_mmap_sem' });
    expect(await story.move('next')).toBe(
      'step toucher — filemap_fault: wait_on_page_locked(page);',
    );
    expect(await story.move('next')).toBe(
      'sleep toucher — filemap_fault: wait_on_page_locked(page);',
    );
    expect(story.stop.text).toMatch(
      /^toucher goes to sleep: it waits for the page lock of data\.bin:20\. Next to run: \w+ on CPU \d\.$/,
    );
    const [innermost] = await story.stack();
    expect(innermost).toMatchObject({ name: 'schedule', hint: 'subtle' });
    const { threads } = (await story.client.ask('threads')) as { threads: { name: string }[] };
    expect(threads[0]?.name).toMatch(
      /^toucher — sleeping: page lock → disk read #1, [\d.]+ ms left$/,
    );
    const mapper = threads.find(({ name }) => name.startsWith('mapper'))?.name;
    expect(mapper).not.toContain('waiting');
  });

  it('says in the names of tasks why they sleep, down to the device', async () => {
    await story.launch({ scenario: SCENARIO, kernel: 'unpatched' });
    const names = async (): Promise<readonly string[]> => {
      const { threads } = (await story.client.ask('threads')) as { threads: { name: string }[] };
      return threads.map(({ name }) => name);
    };
    await story.client.ask('setExceptionBreakpoints', {
      filters: [],
      filterOptions: [{ filterId: 'taskSleeps', condition: 'bystander' }],
    });
    await story.move('continue');
    expect(await names()).toContainEqual(
      expect.stringMatching(
        /^bystander — waiting: mmap_sem, queued behind mapper → held by toucher → disk read #1, [\d.]+ ms left$/,
      ),
    );
  });

  it('runs the next step of a sleeping task until it wakes, then to the end of the first step', async () => {
    await story.launch({ scenario: SCENARIO, stopOnEntry: 'drop_mmap_sem' });
    await story.move('next');
    await story.move('next');
    expect(await story.move('next')).toBe(
      'wake toucher — filemap_fault: wait_on_page_locked(page);',
    );
    expect(story.stop.text).toContain('toucher has been woken up.');
    expect(await story.move('next')).toBe(
      'step toucher — filemap_fault: page_cache_release(page);',
    );
  });

  it('lets mapper and bystander pass while the disk is busy', async () => {
    await story.launch({ scenario: SCENARIO });
    await story.seek('mmap_locked');
    const state = await panel(story);
    expect(state.locks[0]?.holders.map((holder) => holder.owner)).toEqual(['mapper']);
    expect(state.disk).toMatchObject([{ id: 1, state: 'active' }]);
    // A sleeping task is shown where it went to sleep, not in the scheduler.
    expect(state.tasks.find(({ name }) => name === 'toucher')?.where).toBe('sync_page');
    await story.seek('fault_done', 'bystander');
    const later = await panel(story);
    expect(later.disk).toMatchObject([{ id: 1, state: 'active' }]);
    expect(later.pages.find((page) => page.label === 'data.bin:20')).toMatchObject({
      isLocked: true,
      lockedBy: 'disk read #1',
      isUpToDate: false,
      count: 2,
      waiters: ['toucher'],
    });
  });

  it('counts the fault once, goes back to retry and clears release_flag', async () => {
    await story.launch({ scenario: SCENARIO });
    await story.seek('account', 'toucher');
    expect(await story.value('fault')).toBe('0x0404 VM_FAULT_MAJOR | VM_FAULT_RELEASED');
    expect(await story.value('release_flag')).toBe('0x08 FAULT_FLAG_RELEASE');
    await story.seek('retry', 'toucher');
    expect(await story.value('tsk->maj_flt')).toBe('1');
    expect(await story.move('next')).toBe('step toucher — do_page_fault (attempt 2): goto retry;');
    expect(await story.value('release_flag')).toBe('0x00');
    expect(await story.move('next')).toBe(
      'step toucher — do_page_fault (attempt 2): down_read(&mm->mmap_sem);',
    );
    await story.seek('fault_done', 'toucher');
    expect(await story.value('tsk->maj_flt + tsk->min_flt')).toBe('1');
  });

  it('ends stepOut of do_page_fault on the instruction that is about to run again', async () => {
    await story.launch({ scenario: SCENARIO });
    await story.seek('fault_done', 'toucher');
    const stop = await story.move('stepOut');
    expect(stop).toMatch(/^step toucher — load: movzbl\s+\(%esi\), %ebx/);
    expect(await story.stack()).toHaveLength(1);
    expect(await story.move('next')).toMatch(/^step toucher — load\+0x3: /);
  });

  it('steps over a user instruction with its fault, falling asleep on the way', async () => {
    await story.launch({ scenario: SCENARIO, stopOnEntry: 'user' });
    let stop = '';
    for (let count = 0; count < 20 && !stop.includes('— load: '); count += 1) {
      stop = await story.move('next');
    }
    expect(await story.move('next')).toMatch(/^sleep toucher — load: movzbl/);
    expect(await story.move('next')).toMatch(/^wake toucher — load: movzbl/);
    expect(await story.move('next')).toMatch(/^step toucher — load\+0x3: /);
  });

  it('steps into do_page_fault from the user instruction', async () => {
    await story.launch({ scenario: SCENARIO, stopOnEntry: 'user' });
    let stop = '';
    for (let count = 0; count < 20 && !stop.includes('— load: '); count += 1) {
      stop = await story.move('next');
    }
    expect(await story.move('stepIn')).toMatch(/^step toucher — do_page_fault \(attempt 1\): /);
  });

  it('says what the pointers of the kernel point to', async () => {
    await story.launch({ scenario: SCENARIO, stopOnEntry: 'drop_mmap_sem' });
    expect(await story.value('page')).toMatch(/ \(data\.bin:20\)$/);
    expect(await story.value('vma')).toMatch(/ \(data\.bin, 0x4\w+–0x4\w+\)$/);
    expect(await story.value('file')).toMatch(/ \(data\.bin\)$/);
    expect(await story.value('tsk', 'do_page_fault')).toMatch(/ \(toucher\)$/);
    expect(await story.value('mm', 'do_page_fault')).toMatch(/ \(demo\)$/);
    expect(await story.value('current')).toMatch(/ \(toucher\)$/);
    expect(await story.value('current->comm')).toBe('"toucher"');
    expect(await story.value('mapping->a_ops->sync_page')).toMatch(/ <block_sync_page>$/);
    const { pages } = await panel(story);
    expect(pages.find((item) => item.index === 20)?.lockedBy).toBe('a disk read, not sent yet');
  });

  it('shows the user registers that the trap saved, CR2 and the error code decoded', async () => {
    await story.launch({ scenario: SCENARIO });
    const { id } = await story.frameOf('do_page_fault');
    const { scopes } = (await story.client.ask('scopes', { frameId: id })) as {
      scopes: { name: string; variablesReference: number }[];
    };
    expect(scopes.map((scope) => scope.name)).toEqual([
      'Locals',
      'User registers (saved at the trap)',
    ]);
    const { variables } = (await story.client.ask('variables', {
      variablesReference: scopes[1]?.variablesReference,
    })) as { variables: { name: string; value: string }[] };
    const rows = variables.map(({ name, value }) => `${name} = ${value}`);
    expect(rows).toContain('CR2 = 0x40014123');
    expect(rows).toContain('error code = 0x4 (user read, page not present)');
    expect(rows).toContain('esi = 0x40014123');
    expect(rows).toContain('eip = 0x08048005 <load>');
    expect(await story.value('%esi')).toBe('0x40014123');
    expect(await story.value('esi', 'load')).toBe('0x40014123');
  });

  it('shows the statics of the file, and unfolds what they hold', async () => {
    await story.launch({ scenario: SCENARIO });
    await story.breakAt('mm/slab.c', '&free_objects[shift');
    expect(await story.move('continue')).toMatch(/^breakpoint \w+ — k/);
    const { id } = (await story.stack())[0] ?? { id: 0 };
    const { scopes } = (await story.client.ask('scopes', { frameId: id })) as {
      scopes: { name: string; variablesReference: number }[];
    };
    const statics = scopes.find((scope) => scope.name === 'Statics');
    const rows = (await story.client.ask('variables', statics)) as {
      variables: { name: string; value: string; variablesReference: number }[];
    };
    const list = rows.variables.find((row) => row.name === 'free_objects');
    expect(list?.variablesReference).toBeGreaterThan(0);
    const inner = (await story.client.ask('variables', list)) as { variables: { name: string }[] };
    expect(inner.variables[0]?.name).toBe('[0]');
  });

  it('ends with exit code 0 and compares hold and wait times with the other kernel', async () => {
    await story.launch({ scenario: SCENARIO, stopOnEntry: false });
    const exited = story.client.events.find((event) => event.event === 'exited');
    expect(exited?.body).toEqual({ exitCode: 0 });
    const { output } = story.client;
    expect(output).toMatch(/kernel\s+patched\s+unpatched/);
    expect(output).toMatch(/mmap_sem held, longest\n\s+toucher\s+[\d.]+ µs\s+12\.5 ms/);
    expect(output).toMatch(/mmap_sem waited for, longest[\s\S]*bystander\s+[\d.]+ µs\s+12\.5 ms/);
  });
});

describe('the unpatched kernel', () => {
  it('freezes mapper and bystander behind a disk read, and says why', async () => {
    const story = new DapStory();
    await story.launch({ scenario: SCENARIO, kernel: 'unpatched' });
    await story.seek('rwsem_queued', 'bystander');
    await story.move('next');
    expect(await story.console('why bystander')).toMatch(
      /^bystander → mmap_sem, queued behind mapper → held by toucher → disk read #1, 1[0-2]\.\d ms left$/,
    );
    const state = await panel(story);
    expect(state.locks[0]).toMatchObject({
      rawCount: '0xffff0001',
      queue: [
        { task: 'mapper', mode: 'write' },
        { task: 'bystander', mode: 'read' },
      ],
      holders: [{ owner: 'toucher', mode: 'read' }],
    });
    expect(state.locks[0]?.countMeaning).toBe(
      '1 reader inside, mapper, bystander wait (without the queue, the same count would be a writer inside)',
    );
    expect(story.bugs).toEqual([]);
    expect(story.client.violations).toEqual([]);
  });
});
