// What a run prints: line by line while it is little, together at the end of a slice when it is much, in order.
import { describe, expect, it } from 'vitest';
import { SliceOutput } from '../../../src/adapter/sliceOutput.ts';

function record(): { output: SliceOutput; sent: string[] } {
  const sent: string[] = [];
  const output = new SliceOutput((text, category) => {
    sent.push(`${category} ${text}`);
  });
  return { output, sent };
}

function print(output: SliceOutput, count: number, category: 'stdout' | 'stderr' = 'stdout'): void {
  for (let line = 0; line < count; line += 1) output.print(`${String(line)}\n`, category);
}

describe('SliceOutput', () => {
  it('sends each text by itself outside of slices', () => {
    const { output, sent } = record();
    print(output, 100);
    expect(sent).toHaveLength(100);
  });

  it('sends few texts of a slice as they come', () => {
    const { output, sent } = record();
    const result = output.during(() => {
      print(output, 3);
      expect(sent).toEqual(['stdout 0\n', 'stdout 1\n', 'stdout 2\n']);
      return 'done';
    });
    expect(result).toBe('done');
    expect(sent).toHaveLength(3);
  });

  it('sends the rest of many together, at the end of the slice, in order', () => {
    const { output, sent } = record();
    output.during(() => {
      print(output, 1000);
    });
    expect(sent.length).toBeLessThan(30);
    const lines = Array.from({ length: 1000 }, (_, line) => `${String(line)}\n`);
    expect(sent.map((text) => text.replace('stdout ', '')).join('')).toBe(lines.join(''));
    output.during(() => {
      print(output, 1);
    });
    expect(sent.at(-1)).toBe('stdout 0\n');
  });

  it('keeps the order between the streams', () => {
    const { output, sent } = record();
    output.during(() => {
      print(output, 30);
      print(output, 1, 'stderr');
      print(output, 1);
    });
    expect(sent.slice(-2)).toEqual(['stderr 0\n', 'stdout 0\n']);
  });

  it('sends everything when the work fails', () => {
    const { output, sent } = record();
    const work = (): void => {
      print(output, 30);
      throw new RangeError('bad schedule');
    };
    expect(() => {
      output.during(work);
    }).toThrow('bad schedule');
    expect(sent.join('')).toContain('29\n');
  });
});
