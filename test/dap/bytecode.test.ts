// The code that kernel functions are compiled to, for those who switch it on.
import { afterEach, describe, expect, it } from 'vitest';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { DapStory } from '../support/dapStory.ts';

type Instruction = DebugProtocol.DisassembledInstruction;

describe('the bytecode of the kernel', () => {
  let story = new DapStory();
  afterEach(() => {
    expect(story.bugs).toEqual([]);
    story = new DapStory();
  });

  async function frames(): Promise<readonly DebugProtocol.StackFrame[]> {
    const { threadId } = story;
    const { stackFrames } = (await story.client.ask('stackTrace', { threadId })) as {
      stackFrames: DebugProtocol.StackFrame[];
    };
    return stackFrames;
  }

  async function list(memoryReference: string | undefined): Promise<readonly Instruction[]> {
    const { instructions } = (await story.client.ask('disassemble', {
      memoryReference,
      instructionOffset: -3,
      instructionCount: 12,
    })) as { instructions: Instruction[] };
    return instructions;
  }

  it('stays out of sight by default; only user frames have an instruction pointer', async () => {
    await story.launch({ scenario: 'cold-fault' });
    const rows = await frames();
    expect(rows.filter((row) => row.instructionPointerReference !== undefined)).toEqual([
      rows.at(-1),
    ]);
  });

  it('is named by every kernel frame when it is switched on', async () => {
    await story.launch({ scenario: 'cold-fault', showBytecode: true });
    await story.seek('drop_mmap_sem');
    const [innermost, caller] = await frames();
    const here = await list(innermost?.instructionPointerReference);
    expect(here[3]?.address).toBe(innermost?.instructionPointerReference);
    expect(here[3]?.line).toBe(innermost?.line);
    const there = await list(caller?.instructionPointerReference);
    expect(there[3]?.instruction).toMatch(/^call(?:Pointer)? /);
  });

  it('is a listing with names, source lines and what each instruction does', async () => {
    await story.launch({ scenario: 'cold-fault', showBytecode: true });
    const { result } = (await story.client.ask('evaluate', {
      expression: '&filemap_fault',
      context: 'watch',
    })) as { result: string };
    const { instructions } = (await story.client.ask('disassemble', {
      memoryReference: result.split(' ')[0],
      instructionCount: 60,
    })) as { instructions: Instruction[] };
    expect(instructions[0]?.symbol).toBe('filemap_fault');
    const text = instructions.map(({ instruction }) => instruction).join('\n');
    expect(text).toMatch(/^load32 file, vma, \d+ +; file = word at vma \+ \d+/m);
    expect(text).toMatch(/^call page, find_get_page, \d+ +; page = find_get_page\(…\)$/m);
    const [, target] = /^jumpIfZero page, (0xf\w+) +; if page == 0 go to \1$/m.exec(text) ?? [];
    expect(instructions.map(({ address }) => address)).toContain(target);
    expect(instructions.every(({ line, location }) => line !== undefined && location)).toBe(true);
  });

  it('is stepped by instructions, back and forth', async () => {
    await story.launch({ scenario: 'cold-fault', showBytecode: true });
    await story.seek('drop_mmap_sem');
    const at = async (): Promise<string | undefined> =>
      (await frames())[0]?.instructionPointerReference;
    const first = await at();
    await story.move('next', { granularity: 'instruction' });
    const second = await at();
    expect(Number(second) - Number(first)).toBe(16);
    await story.move('stepBack', { granularity: 'instruction' });
    expect(await at()).toBe(first);
  });
});
