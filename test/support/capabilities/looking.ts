/**
 * The effects of capabilities that show the machine and leave it as it is.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { expect } from 'vitest';
import type { DapStory } from '../dapStory.ts';
import { evaluateIn, LAB, labHost, launchToCall, snapshotOf, STUCK, type Effect } from './entry.ts';

export const hovers: Effect = async (story) => {
  await launchToCall(story);
  const before = await snapshotOf(story);
  const flag = await evaluateIn(story, 'do_page_fault', 'release_flag', 'hover');
  // Who wrote it last stands below; on a slow machine that is not found in time.
  expect(flag.result).toMatch(
    /^0x08 FAULT_FLAG_RELEASE\n(written by toucher, |last change not |not )/,
  );
  // To look at something changes nothing, and is no command.
  for (const expression of ['release_flag = 0', 'release_flag++', 'why toucher', 'schedule()']) {
    const { id: frameId } = await story.frameOf('do_page_fault');
    const hover = { expression, context: 'hover', frameId };
    expect((await story.client.send('evaluate', hover)).success, expression).toBe(false);
  }
  expect(await snapshotOf(story)).toBe(before);
};

export const explainsStops: Effect = async (_, open) => {
  const story = open(labHost(STUCK));
  await story.launch({ scenario: 'cold-fault', kernel: LAB });
  expect((await story.client.send('exceptionInfo')).success).toBe(false);
  expect(await story.move('continue')).toMatch(/^exception /);
  const info = (await story.client.ask('exceptionInfo')) as { exceptionId: string };
  const description = expect.stringContaining('toucher') as string;
  expect(info).toMatchObject({ exceptionId: 'deadlock', description, breakMode: 'always' });
};

export const listsSources: Effect = async (story) => {
  await story.launch({ scenario: 'cold-fault', stopOnEntry: 'drop_mmap_sem' });
  const { sources } = (await story.client.ask('loadedSources')) as {
    sources: DebugProtocol.Source[];
  };
  const { stackFrames } = (await story.client.ask('stackTrace', { threadId: story.threadId })) as {
    stackFrames: DebugProtocol.StackFrame[];
  };
  // Whatever runs is among them: the kernel and the program.
  const running = stackFrames.flatMap(({ source }) => (source === undefined ? [] : [source]));
  const names = new Set(running.map(({ name }) => name));
  for (const name of ['filemap.c', 'fault.c', 'toucher.task.s']) expect(names).toContain(name);
  for (const source of running) expect(sources).toContainEqual(source);
  for (const source of sources) {
    const { sourceReference = 0 } = source;
    const body = (await story.client.ask('source', { source, sourceReference })) as {
      content: string;
    };
    expect(body.content, source.path).not.toBe('');
  }
};

async function completionsOf(story: DapStory, text: string): Promise<readonly string[]> {
  const { id: frameId } = await story.frameOf('do_page_fault');
  const column = text.length + 1;
  const { targets } = (await story.client.ask('completions', { frameId, text, column })) as {
    targets: DebugProtocol.CompletionItem[];
  };
  return targets.map(({ label }) => label);
}

export const completes: Effect = async (story) => {
  await launchToCall(story);
  expect(await completionsOf(story, 'release_f')).toEqual(['release_flag']);
  const members = await completionsOf(story, 'mm->mmap_sem.');
  expect(members).toContain('count');
  // What is offered is there.
  for (const member of members) {
    const expression = `mm->mmap_sem.${member}`;
    const { result } = await evaluateIn(story, 'do_page_fault', expression, 'watch');
    expect(result, expression).not.toBe('');
  }
};

export const completesAfterMemberAccess: Effect = async (story) => {
  await launchToCall(story);
  const { completionTriggerCharacters } = (await story.client.ask('initialize', {})) as {
    completionTriggerCharacters: string[];
  };
  expect(completionTriggerCharacters).toEqual(['.', '>']);
  for (const [text, member] of [
    ['mm->', 'mmap_sem'],
    ['mm->mmap_sem.', 'count'],
  ] as const) {
    expect(completionTriggerCharacters).toContain(text.slice(-1));
    expect(await completionsOf(story, text)).toContain(member);
  }
};

export const formatsValues: Effect = async (story) => {
  await story.launch({ scenario: 'cold-fault' });
  const ask = async (more: object): Promise<string> => {
    const request = { expression: '300 - 1', context: 'watch', ...more };
    return ((await story.client.ask('evaluate', request)) as { result: string }).result;
  };
  expect(await ask({})).toBe('299');
  expect(await ask({ format: { hex: true } })).toBe('0x12b');
  expect(await story.client.ask('faultline/format')).toEqual({ hex: true });
  expect(await ask({})).toBe('0x12b');
  expect(await story.client.ask('faultline/format', { hex: false })).toEqual({ hex: false });
  expect(await ask({})).toBe('299');
};

export const copiesWhole: Effect = async (story) => {
  await launchToCall(story);
  const count = await story.value('mm->mmap_sem.count', 'do_page_fault');
  expect((await evaluateIn(story, 'do_page_fault', '*mm', 'hover')).result).toContain('…');
  const copy = (await evaluateIn(story, 'do_page_fault', '*mm', 'clipboard')).result;
  expect(copy).not.toContain('…');
  expect(copy).toContain(`mmap_sem = {count = ${count}, `);
};

export const readsMemory: Effect = async (story) => {
  await launchToCall(story);
  const expression = 'mm->mmap_sem.count';
  const { memoryReference } = await evaluateIn(story, 'do_page_fault', expression, 'watch');
  const read = async (): Promise<number> => {
    const body = (await story.client.ask('readMemory', { memoryReference, count: 4 })) as {
      data: string;
    };
    return Buffer.from(body.data, 'base64').readInt32LE();
  };
  // One reader is inside; later, when the disk is waited for, nobody.
  expect(await read()).toBe(1);
  expect(await story.move('next')).toMatch(/^sleep /);
  expect(await read()).toBe(0);
};

export const disassembles: Effect = async (story) => {
  await story.launch({ scenario: 'cached-fault', stopOnEntry: 'user' });
  const eip = async (): Promise<string> => /0x[0-9a-f]+/.exec(await story.value('%eip'))?.[0] ?? '';
  const memoryReference = await eip();
  const { instructions } = (await story.client.ask('disassemble', {
    memoryReference,
    instructionCount: 3,
  })) as { instructions: DebugProtocol.DisassembledInstruction[] };
  const addresses = instructions.map(({ address }) => address);
  expect(addresses[0]).toBe(memoryReference);
  // The machine comes to each of them.
  for (const address of addresses.slice(1)) {
    await story.move('next');
    expect(await eip()).toBe(address);
  }
};

export const loadsStacksInParts: Effect = async (story) => {
  await story.launch({ scenario: 'cold-fault', stopOnEntry: 'drop_mmap_sem' });
  const ask = async (more: object): Promise<DebugProtocol.StackTraceResponse['body']> => {
    const body: unknown = await story.client.ask('stackTrace', {
      threadId: story.threadId,
      ...more,
    });
    return body as DebugProtocol.StackTraceResponse['body'];
  };
  const whole = await ask({});
  expect(whole.stackFrames.length).toBeGreaterThan(5);
  for (const [startFrame, frame] of whole.stackFrames.entries()) {
    const { stackFrames, totalFrames } = await ask({ startFrame, levels: 1 });
    expect(totalFrames).toBe(whole.stackFrames.length);
    expect(stackFrames).toMatchObject([{ name: frame.name, line: frame.line }]);
    const frameId = stackFrames[0]?.id;
    expect((await story.client.send('scopes', { frameId })).success).toBe(true);
  }
};
