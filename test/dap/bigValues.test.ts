// Values of hostile sizes: arrays of a million elements, long texts, structures of many members.
import { beforeAll, describe, expect, it } from 'vitest';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { shippedKernel } from '../support/adapterHost.ts';
import { DapStory } from '../support/dapStory.ts';

const LAB = '/lab/kernel';
const MILLION = 1_000_000;
const FIELDS = 3000;

/** Variables that no kernel should have. */
const HOSTILE = `
int big_numbers[${String(MILLION)}];
char big_text[${String(MILLION)}] = "${'abc"\\\\'.replaceAll('"', '\\"').repeat(200)}";
int big_table[1000][1000];
struct big_struct {
${Array.from({ length: FIELDS }, (_, index) => `\tint member_${String(index)};`).join('\n')}
} big_struct;
int *big_pointer = big_numbers;
`;

type Value = DebugProtocol.EvaluateResponse['body'];

describe('a big value', () => {
  const files = shippedKernel();
  files.set('mm/filemap.c', `${files.get('mm/filemap.c') ?? ''}${HOSTILE}`);
  const story = new DapStory({
    readFolder: (path) => Promise.resolve(path === LAB ? { path, files } : undefined),
  });

  beforeAll(async () => {
    await story.launch({ scenario: 'cold-fault', kernel: LAB });
    for (const [place, value] of [
      ['big_numbers[0]', '-1'],
      ['big_numbers[999999]', '70000'],
      ['big_table[999][999]', '7'],
    ]) {
      await story.client.ask('setExpression', { expression: place, value });
    }
  });

  async function evaluate(expression: string, more: object = {}): Promise<Value> {
    return (await story.client.ask('evaluate', { expression, context: 'watch', ...more })) as Value;
  }

  async function rows(
    variablesReference: number,
    more: object = {},
  ): Promise<readonly DebugProtocol.Variable[]> {
    const { variables } = (await story.client.ask('variables', {
      variablesReference,
      ...more,
    })) as { variables: DebugProtocol.Variable[] };
    return variables;
  }

  it('is one line, with the number of its elements', async () => {
    const { result, indexedVariables } = await evaluate('big_numbers');
    expect(indexedVariables).toBe(MILLION);
    expect(result).toBe('[1000000] {-1, 0, 0, 0, 0, 0, 0, 0, …}');
    const text = await evaluate('big_text');
    expect(text.indexedVariables).toBe(MILLION);
    expect(text.result.length).toBeLessThan(200);
    expect((await evaluate('big_struct')).namedVariables).toBe(FIELDS);
  });

  it('unfolds to the page that is asked for', async () => {
    const { variablesReference } = await evaluate('big_numbers');
    const last = await rows(variablesReference, { filter: 'indexed', start: 999_990, count: 100 });
    expect(last).toHaveLength(10);
    expect(last.at(-1)).toMatchObject({ name: '[999999]', value: '70000' });
    expect(last.at(-1)?.evaluateName).toBe('big_numbers[999999]');
    expect(await rows(variablesReference, { filter: 'indexed', start: 2e9, count: 9 })).toEqual([]);
    expect(await rows(variablesReference, { filter: 'named' })).toEqual([]);
    const before = await rows(variablesReference, { filter: 'indexed', start: -3, count: 2 });
    expect(before.map(({ name }) => name)).toEqual(['[0]', '[1]']);
  });

  it('unfolds to its beginning, and says how much is missing', async () => {
    const { variablesReference } = await evaluate('big_numbers');
    const plain = await rows(variablesReference);
    expect(plain).toHaveLength(257);
    expect(plain.at(-1)).toMatchObject({ name: '…', value: '999744 more elements' });
    const greedy = await rows(variablesReference, { start: 0, count: MILLION });
    expect(greedy).toHaveLength(10_001);
    expect(greedy.at(-1)).toMatchObject({ name: '…', value: '990000 more elements' });
  });

  it('unfolds level by level when it is an array of arrays', async () => {
    const table = await evaluate('big_table');
    expect(table.indexedVariables).toBe(1000);
    const [row] = await rows(table.variablesReference, { filter: 'indexed', start: 999, count: 1 });
    expect(row).toMatchObject({ name: '[999]', indexedVariables: 1000 });
    const [cell] = await rows(row?.variablesReference ?? 0, {
      filter: 'indexed',
      start: 999,
      count: 1,
    });
    expect(cell).toMatchObject({ value: '7', evaluateName: 'big_table[999][999]' });
  });

  it('has all its members when it is a structure, and pages of them when they are asked for', async () => {
    const { variablesReference } = await evaluate('big_struct');
    expect(await rows(variablesReference)).toHaveLength(FIELDS);
    const page = await rows(variablesReference, { filter: 'named', start: 2998, count: 5 });
    expect(page.map(({ name }) => name)).toEqual(['member_2998', 'member_2999']);
  });

  it('is shown in hexadecimal on request, element by element', async () => {
    const format = { hex: true };
    expect((await evaluate('big_numbers[999999]', { format })).result).toBe('0x11170');
    expect((await evaluate('big_numbers', { format })).result).toMatch(
      /^\[1000000\] \{0xffffffff, 0x0,/,
    );
    const { variablesReference } = await evaluate('big_numbers');
    const page = await rows(variablesReference, { format, filter: 'indexed', start: 0, count: 1 });
    expect(page[0]?.value).toBe('0xffffffff');
  });

  it('leaves nothing behind that is slow or broken', () => {
    expect(story.bugs).toEqual([]);
    expect(story.client.violations).toEqual([]);
  });
});
