// What editors ask for at a stop: values at the ends of lines, and the last writer of a value.
import { afterEach, describe, expect, it } from 'vitest';
import type { CustomRequests, ValueOrigin } from '../../src/view/protocol.ts';
import { DapStory } from '../support/dapStory.ts';

/** A clock that stands: no search ends only because the machine of the test is slow. */
const patient = { sourceNaming: 'uri', now: () => 0 } as const;

type InlineResult = CustomRequests['faultline/inlineValues']['result'];

let story = new DapStory(patient);

afterEach(() => {
  expect(story.bugs).toEqual([]);
  expect(story.client.violations).toEqual([]);
  story = new DapStory(patient);
});

async function inlineValues(functionName: string, of = story): Promise<InlineResult> {
  const { id: frameId } = await of.frameOf(functionName);
  return (await of.client.ask('faultline/inlineValues', { frameId })) as InlineResult;
}

/** The values with the source lines instead of their numbers. */
async function shownValues(functionName: string): Promise<readonly string[]> {
  const { uri, values } = await inlineValues(functionName);
  if (uri === undefined) return [];
  const body = (await story.client.ask('source', { source: { path: uri } })) as { content: string };
  const lines = body.content.split('\n');
  return values.map(({ line1, text }) => `${lines[line1 - 1]?.trim() ?? ''} ⟵ ${text}`);
}

async function hover(expression: string, more: object = {}): Promise<string> {
  const { id: frameId } = await story.frameOf('');
  const args = { expression, context: 'hover', frameId, ...more };
  const { result } = (await story.client.ask('evaluate', args)) as { result: string };
  return result;
}

async function origin(expression: string, more: object = {}): Promise<ValueOrigin> {
  return (await story.client.ask('faultline/valueOrigin', { expression, ...more })) as ValueOrigin;
}

/** Where the run stands, as text that is the same exactly when it stands there. */
async function standing(): Promise<string> {
  const { state } = (await story.client.ask('faultline/state')) as { state: object };
  const schedule = (await story.client.ask('faultline/schedule')) as { schedule: string };
  const rows = (await story.stack()).map(({ name, line }) => [name, line]);
  return JSON.stringify([{ ...state, rev: 0 }, schedule, rows]);
}

/** Runs to where the patched fault drops the lock and has waited. */
async function goToRelease(): Promise<void> {
  await story.launch({ scenario: 'cold-fault-with-mmap' });
  await story.breakAt('mm/filemap.c', 'return ret | VM_FAULT_RELEASED');
  await story.move('continue');
}

describe('values at the ends of lines', () => {
  it('stand on the lines that the call has executed, with the values of now', async () => {
    await goToRelease();
    const shown = await shownValues('filemap_fault');
    expect(shown).toContain('ret = VM_FAULT_MAJOR; ⟵ ret = 0x04 VM_FAULT_MAJOR');
    expect(shown).toContain('return ret | VM_FAULT_RELEASED; ⟵ ret = 0x04 VM_FAULT_MAJOR');
    expect(shown.some((text) => text.startsWith('int ret = 0; ⟵ ret'))).toBe(true);
    expect(shown.some((text) => text.includes('vmf->flags = 0x08 FAULT_FLAG_RELEASE'))).toBe(true);
    const texts = shown.map((text) => text.split(' ⟵ ')[0]);
    for (const skipped of ['return VM_FAULT_SIGBUS;', '__lock_page(page);', 'unlock_page(page);']) {
      expect(texts).not.toContain(skipped);
    }
  });

  it('are those that evaluate gives, on lines that stepping comes by', async () => {
    await story.launch({ scenario: 'cold-fault-with-mmap' });
    await story.breakAt('mm/filemap.c', 'struct file *file = vma->vm_file;');
    await story.move('continue');
    const visited = new Set<number>();
    for (let step = 0; step < 60; step += 1) {
      const { name, line } = await story.frameOf('');
      if (name !== 'filemap_fault') break;
      visited.add(line);
      const { values } = await inlineValues('filemap_fault');
      for (const { line1, text } of values) {
        expect(line1).toBeLessThanOrEqual(line);
        const [expression = '', value = ''] = text.split(/ = (.*)/s);
        if (!value.endsWith('…')) expect(await story.value(expression)).toBe(value);
      }
      const signature = values.filter(({ line1 }) => !visited.has(line1));
      const source = await story.sourceOf('mm/filemap.c');
      const head = await story.lineWith(source, 'int filemap_fault(');
      expect(signature.every(({ line1 }) => line1 === head)).toBe(true);
      await story.move('next');
    }
    expect(visited.size).toBeGreaterThan(15);
  });

  it('are the same whether one came step by step or at once', async () => {
    await story.launch({ scenario: 'cold-fault' });
    await story.breakAt('mm/fault.c', 'release_flag = FAULT_FLAG_RELEASE');
    for (let step = 0; step < 12; step += 1) {
      await inlineValues('do_page_fault');
      await story.move('next');
    }
    const { line } = await story.frameOf('do_page_fault');
    const slowly = await inlineValues('do_page_fault');
    const quick = new DapStory(patient);
    await quick.launch({ scenario: 'cold-fault' });
    const source = await quick.sourceOf('mm/fault.c');
    await quick.client.ask('setBreakpoints', { source, breakpoints: [{ line }] });
    await quick.move('continue');
    expect(await inlineValues('do_page_fault', quick)).toEqual(slowly);
    expect(slowly.values.length).toBeGreaterThan(5);
    await quick.client.ask('disconnect');
  });

  it('leave nothing over from what a change has undone', async () => {
    await goToRelease();
    await inlineValues('filemap_fault');
    const before = await shownValues('filemap_fault');
    await story.reverse('over');
    await story.client.ask('setExpression', { expression: 'ret', value: '0' });
    await story.move('next');
    const after = await shownValues('filemap_fault');
    expect(after).not.toEqual(before);
    expect(after).toContain('return ret | VM_FAULT_RELEASED; ⟵ ret = 0x00');
  });

  it('are registers in a user program', async () => {
    await story.launch({ scenario: 'cold-fault', stopOnEntry: 'user' });
    await story.move('next');
    const { uri, values } = await inlineValues('');
    expect(uri).toMatch(/\.task\.s$/);
    expect(values.length).toBeGreaterThan(0);
    for (const { text } of values) {
      const [, name = '', value = ''] = /^(%e\w\w) = (0x[0-9a-f]{8})$/.exec(text) ?? [];
      expect(await story.value(name)).toBe(value);
    }
  });

  it('are none where there is no source', async () => {
    await goToRelease();
    const label = (await story.stack()).find(({ hint }) => hint === 'label');
    const args = { frameId: label?.id };
    expect(await story.client.ask('faultline/inlineValues', args)).toEqual({ values: [] });
  });
});

describe('the last writer of a value', () => {
  it('is told by a hover, in the time of the run', async () => {
    await goToRelease();
    expect(await hover('ret')).toMatch(
      /^0x04 VM_FAULT_MAJOR\nwritten by toucher, 12\.\d ms ago, filemap\.c:\d+$/,
    );
    expect(await hover('vma')).toMatch(/ — passed in by __do_fault, 12\.\d ms ago, memory\.c:\d+$/);
    expect(await hover('page->flags')).toMatch(
      /\nchanged by an interrupt on CPU \d, [\d.]+ µs ago, bitops\.h:\d+$/,
    );
    expect(await hover('vma->vm_mm->mmap_sem.count')).toMatch(/\nchanged by bystander, /);
    expect(await hover('1 + 1')).toBe('2');
    expect(await hover('VM_FAULT_MAJOR')).not.toContain('\n');
  });

  it('comes with the note of the hovered line, in lines that are not too long', async () => {
    await goToRelease();
    const source = await story.sourceOf('mm/filemap.c');
    const line = await story.lineWith(source, 'up_read(&vma->vm_mm->mmap_sem);');
    const [value, writer, ...note] = (await hover('ret', { source, line })).split('\n');
    expect(value).toBe('0x04 VM_FAULT_MAJOR');
    expect(writer).toMatch(/^written by toucher/);
    expect(note.join(' ')).toMatch(/^The heart of the patch: .* the disk answers\.$/);
    expect(note.length).toBeGreaterThan(1);
    expect(Math.max(...note.map((text) => text.length))).toBeLessThanOrEqual(72);
    // A value that unfolds has a title of one line.
    expect(await hover('vma', { source, line })).not.toContain('\n');
  });

  it('belongs to hovers only', async () => {
    await goToRelease();
    expect(await story.value('ret', 'filemap_fault')).toBe('0x04 VM_FAULT_MAJOR');
  });

  it.each(['vmf->flags', 'page->flags', 'page->_count', 'mapping->nrpages', 'max_mapnr'])(
    'is where going back to the last change of %s leads',
    async (expression) => {
      await goToRelease();
      const { id: frameId } = await story.frameOf('filemap_fault');
      const before = await standing();
      const { position, place, writer } = await origin(expression, { frameId });
      expect(await standing()).toBe(before);
      const arrival = story.client.waitFor('stopped');
      const move = (await story.client.ask('faultline/reverse', {
        kind: 'lastChange',
        expression,
        frameId,
      })) as { position: number; reason: string };
      await arrival;
      if (expression === 'max_mapnr') {
        expect(writer).toBe('not changed since the run began');
        expect(move.reason).toBe('max_mapnr has not changed since the run began.');
        return;
      }
      expect(position).toBe(move.position);
      expect(place?.line1).toBeGreaterThan(0);
      expect(writer).toContain('changed by ');
    },
  );

  it('changes nothing: a run goes on from a breakpoint as without it', async () => {
    await goToRelease();
    const before = await standing();
    await hover('page->flags');
    await hover('ret');
    await inlineValues('do_page_fault');
    expect(await standing()).toBe(before);
    const after = await story.move('next');
    const plain = new DapStory(patient);
    await plain.launch({ scenario: 'cold-fault-with-mmap' });
    await plain.breakAt('mm/filemap.c', 'return ret | VM_FAULT_RELEASED');
    await plain.move('continue');
    expect(after).toBe(await plain.move('next'));
    await plain.client.ask('disconnect');
  });

  it('is found past breakpoints on data', async () => {
    await goToRelease();
    const without = await hover('ret');
    const { id: frameId } = await story.frameOf('filemap_fault');
    const { dataId } = (await story.client.ask('dataBreakpointInfo', {
      name: 'mapping->nrpages',
      frameId,
    })) as { dataId: string };
    const breakpoints = [{ dataId, accessType: 'write' }];
    await story.client.ask('setDataBreakpoints', { breakpoints });
    await story.move('stepBack');
    await story.move('next');
    expect((await hover('ret')).split(', ')[2]).toBe(without.split(', ')[2]);
  });

  it('is the user after a what-if', async () => {
    await goToRelease();
    await story.client.ask('setExpression', { expression: 'ret', value: '2' });
    expect(await hover('ret')).toMatch(/\nchanged by you, just now$/);
    await story.client.ask('setExpression', { expression: 'vmf->flags', value: '0' });
    expect(await hover('vmf->flags')).toMatch(/\nchanged by you, just now$/);
  });

  it('is the disk for what a read brought', async () => {
    await story.launch({ scenario: 'cold-fault' });
    await story.breakAt('mm/filemap.c', 'return ret | VM_FAULT_RELEASED');
    await story.move('continue');
    const pfn = Number(/\d+/.exec(await story.value('page_to_pfn(page)', 'filemap_fault'))?.[0]);
    const address = 0xc0000000 + pfn * 4096;
    const expression = `*(unsigned *)0x${address.toString(16)}`;
    expect((await origin(expression)).writer).toMatch(/^changed by the disk, /);
  });

  it('means what the hovered line means', async () => {
    await goToRelease();
    const source = await story.sourceOf('mm/fault.c');
    const line = await story.lineWith(source, 'release_flag = FAULT_FLAG_RELEASE');
    // The selected frame is filemap_fault, the line is one of do_page_fault, where `fault` is another variable.
    expect(await hover('release_flag', { source, line })).toMatch(/^0x08 FAULT_FLAG_RELEASE\n/);
    const elsewhere = await story.lineWith(await story.sourceOf('mm/mmap.c'), 'down_write(');
    const answer = await story.client.send('evaluate', {
      expression: 'ret',
      context: 'hover',
      frameId: (await story.frameOf('filemap_fault')).id,
      source: await story.sourceOf('mm/mmap.c'),
      line: elsewhere,
    });
    expect(answer.success).toBe(false);
  });

  it('is given up when time is over, and says how far it has looked', async () => {
    let now = 0;
    const hasty = { sourceNaming: 'uri', now: () => (now += 90) } as const;
    story = new DapStory(hasty);
    await goToRelease();
    const before = await standing();
    expect(await hover('max_mapnr')).toMatch(/\n(last change not found in time|not changed in )/);
    expect(await standing()).toBe(before);
  });

  it('is given up when the run moves on or the request is cancelled', async () => {
    await goToRelease();
    const { id: frameId } = await story.frameOf('filemap_fault');
    const wanted = { expression: 'max_mapnr', context: 'hover', frameId };
    const answer = story.client.send('evaluate', wanted);
    const stop = story.move('next');
    expect((await answer).success).toBe(true);
    expect(await stop).toMatch(/^step toucher/);
    const { id } = await story.frameOf('');
    const before = await standing();
    const second = story.client.send('evaluate', { ...wanted, frameId: id });
    const { seq: requestId } = story.client.messages.at(-1) ?? {};
    await story.client.ask('cancel', { requestId });
    // Nothing has ever changed it: only a search that went all the way would know.
    expect(((await second).body as { result: string }).result).toMatch(
      /\n(last change not found in time|not changed in the last .*)$/,
    );
    expect(await standing()).toBe(before);
  });
});
