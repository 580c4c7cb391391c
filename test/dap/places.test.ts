// The place of a variable: its memory as named rows, its picture in the panel, and the words for a client's menus.
import { afterEach, describe, expect, it } from 'vitest';
import type { MemoryView, PictureView } from '../../src/view/protocol.ts';
import { DapStory } from '../support/dapStory.ts';

describe('the place of a variable', () => {
  let story = new DapStory();
  afterEach(() => {
    expect(story.bugs).toEqual([]);
    expect(story.client.violations).toEqual([]);
    story = new DapStory();
  });

  /** Stands where toucher finds the page locked, with mapper in the queue of mmap_sem. */
  async function goToLockedPage(): Promise<void> {
    await story.launch({ scenario: 'cold-fault-with-mmap', kernel: 'patched' });
    await story.breakAt('mm/filemap.c', 'if (!trylock_page(page)) {');
    await story.move('continue');
  }

  async function memory(expression: string, functionName: string): Promise<MemoryView> {
    const { id: frameId } = await story.frameOf(functionName);
    return (await story.client.ask('faultline/memory', { expression, frameId })) as MemoryView;
  }

  async function picture(expression: string, functionName: string) {
    const { id: frameId } = await story.frameOf(functionName);
    const body = (await story.client.ask('faultline/picture', { expression, frameId })) as {
      picture?: PictureView;
    };
    return body.picture;
  }

  /** Lines without their addresses, single spaces. */
  function withoutAddresses(view: MemoryView): readonly string[] {
    return view.lines.map((line) =>
      line.replace(/^(▶?) *[0-9a-f]{8} +/, '$1 ').replace(/\s+/g, ' '),
    );
  }

  it('has the object that a pointer points to, field by field', async () => {
    await goToLockedPage();
    const view = await memory('page', 'filemap_fault');
    expect(view.title).toMatch(/^struct page at 0xc0[0-9a-f]{6}, 36 bytes \(data\.bin:20\)$/);
    expect(view.when).toMatch(/^25\.8 µs of virtual time, position \d+$/);
    const lines = withoutAddresses(view);
    expect(lines[0]).toBe(' 21 00 00 00 flags 0x21 PG_locked | PG_lru');
    expect(lines[1]).toBe(' 02 00 00 00 _count.counter 2');
    expect(lines[5]).toBe(' 14 00 00 00 index 20');
    // Every byte of the struct is there, and they are those that the machine reads.
    const bytes = lines.flatMap((line) => line.match(/\b[0-9a-f]{2}(?= )/g)?.slice(0, 4) ?? []);
    const { data } = (await story.client.ask('readMemory', {
      memoryReference: /0x[0-9a-f]+/.exec(view.title)?.[0],
      count: 36,
    })) as { data: string };
    expect(Buffer.from(bytes.join(''), 'hex').toString('base64')).toBe(data);
  });

  it('marks a member in its struct, and a local among the locals of its call', async () => {
    await goToLockedPage();
    const count = await memory('mm->mmap_sem.count', 'do_page_fault');
    expect(count.title).toMatch(/^struct rw_semaphore at /);
    expect(withoutAddresses(count)[0]).toBe('▶ 01 00 ff ff count -65535 (0xffff0001)');
    expect(count.lines.filter((line) => line.startsWith('▶'))).toHaveLength(1);
    const flag = await memory('release_flag', 'do_page_fault');
    expect(flag.title).toBe('Locals of do_page_fault (attempt 1), toucher');
    const lines = withoutAddresses(flag);
    expect(lines).toContain('▶ 08 00 00 00 release_flag 0x08 FAULT_FLAG_RELEASE');
    expect(lines.some((line) => / tsk 0x[0-9a-f]+ \(toucher\)$/.test(line))).toBe(true);
  });

  it('is the same place at a later stop', async () => {
    await goToLockedPage();
    const before = await memory('mm->mmap_sem.count', 'do_page_fault');
    await story.seek('released', 'toucher');
    const { pinned: expression, mark } = before;
    const after = (await story.client.ask('faultline/memory', { expression, mark })) as MemoryView;
    expect(after.title).toBe(before.title);
    expect(after.lines).toHaveLength(before.lines.length);
    expect(withoutAddresses(after)[0]).toBe('▶ 00 00 00 00 count 0');
    expect(after.pinned).toBe(expression);
    expect(after.when).not.toBe(before.when);
  });

  it('names a global variable, and refuses what has no place', async () => {
    await goToLockedPage();
    const view = await memory('max_mapnr', 'filemap_fault');
    expect(withoutAddresses(view)).toEqual([' 00 10 00 00 max_mapnr 4096']);
    const refused = await story.client.send('faultline/memory', { expression: '1 + 1' });
    expect(refused.success).toBe(false);
    expect(refused.message).toContain('has no place in memory');
  });

  it('has a picture where the panel draws the task, the lock or the page', async () => {
    await goToLockedPage();
    expect(await picture('tsk', 'do_page_fault')).toMatchObject({ kind: 'task', name: 'toucher' });
    expect(await picture('mm', 'do_page_fault')).toEqual({ kind: 'lock', name: 'mmap_sem' });
    expect(await picture('mm->mmap_sem.count', 'do_page_fault')).toEqual({
      kind: 'lock',
      name: 'mmap_sem',
    });
    expect(await picture('page', 'filemap_fault')).toEqual({ kind: 'page', name: 'data.bin:20' });
    for (const expression of ['release_flag', 'vma', '(struct page *)0', 'mm->map_count']) {
      expect(await picture(expression, 'do_page_fault'), expression).toBeUndefined();
    }
  });

  it('gives VS Code, and nobody else, the words that choose the entries of its menus', async () => {
    async function wordsOf(clientID: string): Promise<Record<string, string | undefined>> {
      const session = new DapStory();
      await session.client.ask('initialize', { adapterID: 'faultline', clientID });
      const initialized = session.client.waitFor('initialized');
      await session.client.ask('launch', { scenario: 'cold-fault' });
      await initialized;
      await session.client.move('configurationDone');
      await session.seek('lock_page');
      const { id: frameId } = await session.frameOf('do_page_fault');
      const { scopes } = (await session.client.ask('scopes', { frameId })) as {
        scopes: { variablesReference: number }[];
      };
      const found: Record<string, string | undefined> = {};
      const list = async (variablesReference: number, prefix: string): Promise<void> => {
        const { variables } = (await session.client.ask('variables', { variablesReference })) as {
          variables: {
            name: string;
            variablesReference: number;
            __vscodeVariableMenuContext?: string;
          }[];
        };
        for (const variable of variables) {
          const name = `${prefix}${variable.name}`;
          found[name] = variable.__vscodeVariableMenuContext;
          if (['mm', 'mm.mmap_sem', 'tsk'].includes(name)) {
            await list(variable.variablesReference, `${name}.`);
          }
        }
      };
      await list(scopes[0]?.variablesReference ?? 0, '');
      return found;
    }
    const words = await wordsOf('vscode');
    expect(words).toMatchObject({
      regs: 'place',
      error_code: 'place',
      tsk: 'place picture task',
      'tsk.pid': 'place picture task',
      mm: 'place picture',
      'mm.map_count': 'place',
      'mm.mmap_sem': 'place lock picture',
      'mm.mmap_sem.count': 'place picture',
    });
    expect(Object.values(await wordsOf('other')).every((word) => word === undefined)).toBe(true);
  });
});
