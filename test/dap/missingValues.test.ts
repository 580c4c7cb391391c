// What nothing has given a value is shown as that, in the Variables view, in hovers and in watches.
import type { DebugProtocol } from '@vscode/debugprotocol';
import { describe, expect, it } from 'vitest';
import { shippedKernel } from '../support/adapterHost.ts';
import { DapStory } from '../support/dapStory.ts';

const LAB = '/lab/kernel';

/** The rows below a reference, `NAME = VALUE` each. */
async function rows(story: DapStory, variablesReference: number): Promise<readonly string[]> {
  const body = (await story.client.ask('variables', {
    variablesReference,
  })) as DebugProtocol.VariablesResponse['body'];
  return body.variables.map(({ name, value }) => `${name} = ${value}`);
}

/** The locals of the innermost frame. */
async function locals(story: DapStory): Promise<readonly string[]> {
  const frameId = (await story.stack())[0]?.id ?? 0;
  const body = (await story.client.ask('scopes', {
    frameId,
  })) as DebugProtocol.ScopesResponse['body'];
  return await rows(story, body.scopes[0]?.variablesReference ?? 0);
}

describe('a local without a value', () => {
  it('is shown as one until it is assigned', async () => {
    const story = new DapStory();
    await story.launch({ scenario: 'cold-fault', kernel: 'patched' });
    expect(await locals(story)).toContain('vma = no value yet');
    expect(await story.value('vma')).toBe('no value yet');
    expect(await story.value('vma + 1')).toBe('no value yet');
    await story.seek('account', 'toucher');
    expect(await story.value('vma')).toMatch(/^0xc/);
    expect(story.bugs).toEqual([]);
  });

  it('unfolds to parts without a value', async () => {
    const files = shippedKernel();
    const path = 'arch/x86/mm/fault.c';
    const before = files.get(path) ?? '';
    files.set(
      path,
      before.replace(/\tstruct vm_area_struct \*vma;\n/, '$&\tstruct { int seen, left; } tally;\n'),
    );
    expect(files.get(path)).not.toBe(before);
    const story = new DapStory({
      readFolder: (name) => Promise.resolve(name === LAB ? { path: LAB, files } : undefined),
    });
    await story.launch({ scenario: 'cold-fault', kernel: LAB });
    expect(await locals(story)).toContain('tally = no value yet');
    const frameId = (await story.stack())[0]?.id ?? 0;
    const body = (await story.client.ask('evaluate', {
      expression: 'tally',
      frameId,
      context: 'hover',
    })) as DebugProtocol.EvaluateResponse['body'];
    expect(body.result).toBe('no value yet');
    expect(body.memoryReference).toMatch(/^0xc/);
    expect(await rows(story, body.variablesReference)).toEqual([
      'seen = no value yet',
      'left = no value yet',
    ]);
  });
});
