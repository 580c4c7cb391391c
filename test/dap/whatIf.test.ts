// Changing a run at a stop: values, registers, memory, the next statement, signals; and taking it back.
import { afterEach, describe, expect, it } from 'vitest';
import { DapStory } from '../support/dapStory.ts';

interface Row {
  readonly name: string;
  readonly value: string;
  readonly variablesReference: number;
}

describe('a what-if', () => {
  let story = new DapStory();
  afterEach(() => {
    expect(story.bugs).toEqual([]);
    expect(story.client.violations).toEqual([]);
    story = new DapStory();
  });

  async function scopeOf(functionName: string, scope: string): Promise<number> {
    const { id: frameId } = await story.frameOf(functionName);
    const { scopes } = (await story.client.ask('scopes', { frameId })) as { scopes: Row[] };
    return scopes.find(({ name }) => name.startsWith(scope))?.variablesReference ?? 0;
  }

  async function schedule(): Promise<string> {
    return ((await story.client.ask('faultline/schedule')) as { schedule: string }).schedule;
  }

  async function undo(): Promise<void> {
    const arrival = story.client.waitFor('stopped');
    await story.client.ask('faultline/undo');
    await arrival;
  }

  /** Runs to the call of `handle_mm_fault` in the first attempt. */
  async function goToCall(): Promise<void> {
    await story.launch({ scenario: 'cold-fault' });
    await story.breakAt('mm/fault.c', 'fault = handle_mm_fault');
    await story.move('continue');
  }

  it('sets a variable, and the kernel goes on with it', async () => {
    await goToCall();
    const variablesReference = await scopeOf('do_page_fault', 'Locals');
    const answer = (await story.client.ask('setVariable', {
      variablesReference,
      name: 'release_flag',
      value: '0',
    })) as Row;
    expect(answer.value).toMatch(/^0x00/);
    expect(await story.value('release_flag', 'do_page_fault')).toMatch(/^0x00/);
    // Without the flag the task waits with mmap_sem held: there is no second attempt.
    expect(await story.move('next')).toMatch(/^sleep toucher/);
    // Nor is it counted: that is done in the first attempt.
    expect(await story.move('continue')).toMatch(/^exception toucher — do_page_fault/);
    expect(story.stop.text).toMatch(/^toucher has had one page fault, which/);
  });

  it('tells a client that wants to know that stacks and values are out of date', async () => {
    const session = new DapStory();
    await session.client.ask('initialize', {
      adapterID: 'faultline',
      supportsInvalidatedEvent: true,
    });
    const initialized = session.client.waitFor('initialized');
    await session.client.ask('launch', { scenario: 'cold-fault' });
    await initialized;
    await session.client.move('configurationDone');
    await session.client.ask('setExpression', { expression: 'max_mapnr', value: '1' });
    const told = session.client.events.find(({ event }) => event === 'invalidated');
    expect(told?.body).toEqual({ areas: ['stacks', 'variables'] });
  });

  it('is taken back, and the run is as before', async () => {
    await goToCall();
    const before = [await story.value('release_flag', 'do_page_fault'), await schedule()];
    const variablesReference = await scopeOf('do_page_fault', 'Locals');
    const change = { variablesReference, name: 'release_flag', value: '0' };
    await story.client.ask('setVariable', change);
    expect(await schedule()).not.toBe(before[1]);
    await story.move('next');
    await undo();
    expect([await story.value('release_flag', 'do_page_fault'), await schedule()]).toEqual(before);
    await story.move('continue');
    expect((await story.stack())[0]?.name).toMatch(/attempt 2/);
    expect((await story.client.send('faultline/undo')).message).toMatch(
      /Nothing has been changed in this run/,
    );
  });

  it('is part of the schedule, which replays it', async () => {
    await goToCall();
    await story.client.ask('setExpression', { expression: 'release_flag', value: '4 - 4' });
    const replayed = new DapStory();
    await replayed.launch({ scenario: 'cold-fault', schedule: await schedule() });
    await replayed.breakAt('mm/fault.c', 'fault = handle_mm_fault');
    await replayed.move('continue');
    expect(await replayed.value('release_flag', 'do_page_fault')).toMatch(/^0x00/);
    await replayed.client.ask('disconnect');
  });

  it('sets members behind pointers, bit by bit what is packed', async () => {
    await goToCall();
    const expression = 'mm->mmap_sem.count';
    const { value } = (await story.client.ask('setExpression', {
      expression,
      value: 'RWSEM_WAITING_BIAS',
    })) as Row;
    expect(value).toContain('-65536');
    expect(await story.value(expression, 'do_page_fault')).toBe(value);
  });

  it('sets a register of the user program', async () => {
    await story.launch({ scenario: 'cold-fault', stopOnEntry: 'user' });
    const frames = (await story.stack())[0];
    const { scopes } = (await story.client.ask('scopes', { frameId: frames?.id })) as {
      scopes: Row[];
    };
    const variablesReference = scopes[0]?.variablesReference;
    const set = { variablesReference, name: 'ebx', value: '0x1234' };
    expect(await story.client.ask('setVariable', set)).toMatchObject({ value: '0x00001234' });
    expect(await story.value('%ebx')).toBe('0x00001234');
  });

  it.each([
    ['relese_flag', '0', /relese_flag/],
    ['release_flag', 'nonsense', /"nonsense": /],
    ['release_flag', '0x123456789', /does not fit into 32 bits/],
    ['*mm', '0', /cannot be set as a whole. Set one of its members/],
    ['1 + 1', '3', /has no place in memory/],
  ])('is refused: %s = %s', async (expression, value, message) => {
    await goToCall();
    const before = await schedule();
    const answer = await story.client.send('setExpression', { expression, value });
    expect(answer.success).toBe(false);
    expect(answer.message).toMatch(message);
    expect(await schedule()).toBe(before);
  });

  it('goes on at another statement of the function', async () => {
    await goToCall();
    const source = await story.sourceOf('mm/fault.c');
    const line = await story.lineWith(source, 'up_read(&mm->mmap_sem);');
    const elsewhere = await story.lineWith(await story.sourceOf('mm/filemap.c'), 'up_read(');
    const { targets } = (await story.client.ask('gotoTargets', { source, line: line })) as {
      targets: { id: number; label: string }[];
    };
    const own = await story.lineWith(source, 'check_v8086_mode(regs, address, tsk);');
    const found = (await story.client.ask('gotoTargets', {
      source,
      line: own,
    })) as typeof targets & {
      targets: { id: number; label: string }[];
    };
    expect(found.targets).toMatchObject([{ label: 'check_v8086_mode(regs, address, tsk);' }]);
    expect(elsewhere).toBeGreaterThan(0);
    expect(targets.length).toBeGreaterThanOrEqual(0);
    const arrival = await story.move('goto', { targetId: found.targets[0]?.id });
    expect(arrival).toMatch(/^goto toucher — do_page_fault .*check_v8086_mode/);
    await undo();
    expect((await story.stack())[0]?.text).toContain('fault = handle_mm_fault');
  });
});

describe('memory', () => {
  const story = new DapStory();

  it('is read and written at kernel, physical and user addresses', async () => {
    await story.launch({ scenario: 'cold-fault' });
    const { memoryReference } = (await story.client.ask('evaluate', {
      expression: 'max_mapnr',
      context: 'watch',
    })) as { memoryReference: string };
    const read = async (reference: string, offset = 0): Promise<{ data?: string }> =>
      (await story.client.ask('readMemory', {
        memoryReference: reference,
        offset,
        count: 4,
      })) as { data?: string };
    const write = { memoryReference, data: 'AQIDBA==' };
    expect(await story.client.ask('writeMemory', write)).toEqual({ bytesWritten: 4 });
    expect(await read(memoryReference)).toMatchObject({ data: 'AQIDBA==' });
    expect(await story.value('max_mapnr')).toBe(await story.value('0x04030201ul'));
    const physical = `phys:0x${(Number(memoryReference) - 0xc0000000).toString(16)}`;
    expect(await read(physical)).toMatchObject({ data: 'AQIDBA==' });
    const eip = /0x[0-9a-f]+/.exec(await story.value('$eip'))?.[0] ?? '';
    expect((await read(eip)).data).toMatch(/^[A-Za-z0-9+/]{6}==$/);
    expect(await read('0x10')).toEqual({ address: '0x00000010', unreadableBytes: 4 });
    expect(
      (await story.client.send('readMemory', { memoryReference: 'here', count: 4 })).message,
    ).toBe(
      '"here" is no address. Write an address such as 0xc0100000, or phys:0x1000 for a physical one.',
    );
  });

  it('shows the instructions of user programs with their bytes', async () => {
    const eip = /0x[0-9a-f]+/.exec(await story.value('$eip'))?.[0] ?? '';
    const { instructions } = (await story.client.ask('disassemble', {
      memoryReference: eip,
      instructionOffset: -2,
      instructionCount: 5,
    })) as { instructions: { address: string; instruction: string; instructionBytes?: string }[] };
    expect(instructions).toHaveLength(5);
    expect(instructions[2]).toMatchObject({ address: eip });
    const addresses = instructions.map(({ address }) => Number(address));
    expect(addresses).toEqual([...addresses].sort((one, other) => one - other));
    for (const { address, instructionBytes } of instructions) {
      if (instructionBytes === undefined) continue;
      const { data } = (await story.client.ask('readMemory', {
        memoryReference: address,
        count: instructionBytes.split(' ').length,
      })) as { data: string };
      expect(Buffer.from(data, 'base64').toString('hex')).toBe(
        instructionBytes.replaceAll(' ', ''),
      );
    }
  });

  it('shows what kernel functions are compiled to', async () => {
    const { instructions } = (await story.client.ask('disassemble', {
      memoryReference: '0xf0000010',
      instructionCount: 3,
    })) as { instructions: { address: string; instruction: string; symbol?: string }[] };
    expect(instructions).toHaveLength(3);
    expect(story.bugs).toEqual([]);
  });
});
