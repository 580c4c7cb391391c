// One line of a lab copy is edited at each of five places, and the debugger shows what that line does.
import { describe, expect, it } from 'vitest';
import { bugLabFiles } from '../../src/scenario/labFolder.ts';
import type { PanelState } from '../../src/view/panelState.ts';
import { shippedKernel } from '../support/adapterHost.ts';
import { DapStory } from '../support/dapStory.ts';
import { media } from '../support/nodeMedia.ts';

const LAB = '/lab/kernel';

/** A session on a lab copy in which one piece of text is replaced. */
function labStory(path: string, from: string | RegExp, to: string): DapStory {
  const files = shippedKernel();
  const before = files.get(path) ?? '';
  const after = before.replace(from, to);
  if (after === before) throw new Error(`${path} does not contain ${String(from)}`);
  files.set(path, after);
  return new DapStory({
    readFolder: (name) => Promise.resolve(name === LAB ? { path: LAB, files } : undefined),
  });
}

const WITH_MMAP = { scenario: 'cold-fault-with-mmap', kernel: LAB };

async function panel(story: DapStory): Promise<PanelState> {
  const body = (await story.client.ask('faultline/state')) as { state: PanelState };
  return body.state;
}

describe('an edited line', () => {
  it('without the up_read, mapper waits for the whole disk read, and the retry cannot end well', async () => {
    const story = labStory('mm/filemap.c', /^\s*up_read\(&vma->vm_mm->mmap_sem\);\n/m, '\n');
    await story.launch({ ...WITH_MMAP, stopOnEntry: 'released' });
    const [lock] = (await panel(story)).locks;
    expect(lock?.holders.map((holder) => holder.owner)).toContain('toucher');
    expect(lock?.queue.map((waiter) => waiter.task)).toContain('mapper');
    const stop = await story.move('continue');
    expect(stop).toMatch(/^exception/);
    expect(story.stop.text).toMatch(/deadlock|mmap_sem|lock/i);
  });

  it('without the put, the page keeps a reference that nobody owns', async () => {
    const story = labStory(
      'mm/filemap.c',
      /^\s*page_cache_release\(page\);\n(\s*return ret \| VM_FAULT_RELEASED)/m,
      '$1',
    );
    await story.launch({ scenario: 'cold-fault', kernel: LAB, stopOnEntry: 'fault_done' });
    const page = (await panel(story)).pages.find((item) => item.label === 'data.bin:20');
    expect(page?.count).toBe(3);
    expect(await story.move('continue')).toMatch(/^exception/);
    expect(story.stop.text).toMatch(
      /page 20 of data\.bin still has a reference of toucher, .*2\.6\.37-rc1 shipped with this bug/,
    );
  });

  it('with another value for VM_FAULT_RELEASED, the flag is named by its new bit', async () => {
    const story = labStory(
      'include/linux/mm.h',
      /(#define VM_FAULT_RELEASED\s+)0x0400/,
      '$10x0800',
    );
    await story.launch({ scenario: 'cold-fault', kernel: LAB, stopOnEntry: 'account' });
    expect(await story.value('fault')).toBe('0x0804 VM_FAULT_MAJOR | VM_FAULT_RELEASED');
  });

  it('with the wait before the lock drop, mapper waits for the disk', async () => {
    const story = labStory(
      'mm/filemap.c',
      /(\s*up_read\(&vma->vm_mm->mmap_sem\);)(\s*wait_on_page_locked\(page\);)/,
      '$2$1',
    );
    await story.launch({ ...WITH_MMAP, stopOnEntry: 'disk_interrupt' });
    const [lock] = (await panel(story)).locks;
    expect(lock?.holders).toMatchObject([{ owner: 'toucher', mode: 'read' }]);
    expect(lock?.queue.map((waiter) => waiter.task)).toContain('mapper');
  });

  it('without release_flag = 0, the fault is counted twice', async () => {
    const story = labStory('arch/x86/mm/fault.c', /release_flag = 0;\n/, ';\n');
    await story.launch({ scenario: 'cold-fault', kernel: LAB, rules: 'off' });
    await story.seek('fault_done', 'toucher');
    expect(await story.value('tsk->maj_flt + tsk->min_flt')).toBe('2');
    expect((await story.stack())[0]?.name).toBe('do_page_fault (attempt 2)');
  });

  it('with a loop around the call, each round is an attempt', async () => {
    const story = labStory(
      'arch/x86/mm/fault.c',
      /\tfault = (handle_mm_fault\(mm, vma, address,\s+)release_flag \| (.*;\n)/,
      '\tdo {\n\t\tfault = $1$2\t} while (++write < 3);\n',
    );
    await story.launch({ scenario: 'cold-fault', kernel: LAB, rules: 'off' });
    await story.seek('fault_done', 'toucher');
    expect((await story.stack())[0]?.name).toBe('do_page_fault (attempt 3)');
  });

  it.each([
    ['without release_flag = 0', /release_flag = 0;\n/, ';\n'],
    ['with a jump on a condition', /release_flag = 0;\n\t\t\tgoto retry;/, 'if (tsk)\ngoto retry;'],
  ])('%s, attempts go on being counted', async (_what, from, to) => {
    const story = labStory('arch/x86/mm/fault.c', from, to);
    await story.launch({ scenario: 'evicted-before-the-retry', kernel: LAB, rules: 'off' });
    await story.seek('fault_done', 'toucher');
    expect((await story.stack())[0]?.name).toBe('do_page_fault (attempt 3)');
  });
});

describe('the end of a run', () => {
  const NAME = 'page-without-a-file';
  const TO_THE_END = { scenario: 'cold-fault', rules: 'off', stopOnEntry: false };
  const files = bugLabFiles(media, NAME);
  const kernel = new Map(
    [...files].flatMap(([path, text]): [string, string][] =>
      path.startsWith('kernel/') ? [[path.slice('kernel/'.length), text]] : [],
    ),
  );

  /** What the console says when the kernel of the lab, beside this lab file, has run. */
  async function endOf(labFile: string | undefined): Promise<string> {
    const story = new DapStory({
      readFolder: (path) => Promise.resolve(path === LAB ? { path, files: kernel } : undefined),
      readFile: (path) =>
        Promise.resolve(
          path === '/lab/faultline.lab.jsonc' && labFile !== undefined
            ? { path, text: labFile }
            : undefined,
        ),
    });
    await story.launch({ ...TO_THE_END, kernel: LAB });
    expect(story.bugs).toEqual([]);
    return story.client.output;
  }

  it('compares a lab with the kernel that its file names', async () => {
    const output = await endOf(files.get('faultline.lab.jsonc'));
    expect(output).toMatch(/^kernel +\/lab\/kernel +unpatched$/m);
    expect(output).toContain('ended as it is expected to on every kernel.');
  });

  it.each([undefined, '{ "base": "nothing" }', '{ broken'])(
    'compares a lab whose file says %s with the patched kernel',
    async (labFile) => {
      expect(await endOf(labFile)).toMatch(/^kernel +\/lab\/kernel +patched$/m);
    },
  );

  it('compares a lab by its name with the kernel that it was made from', async () => {
    const story = new DapStory();
    await story.launch({ ...TO_THE_END, kernel: NAME });
    expect(story.client.output).toMatch(new RegExp(`^kernel +${NAME} +unpatched$`, 'm'));
    expect(story.client.output).toContain('on this kernel');
  });
});
