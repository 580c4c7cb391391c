/**
 * The guide to scenarios: its example runs as it stands there, and it names every key of the schema's upper levels.
 */
import { describe, expect, it } from 'vitest';
import { PRESET_NAMES, authoredScenarioSchema } from '../../src/scenario/scenarioSchema.ts';
import { patternByte } from '../../src/scenario/fileContent.ts';
import { finish, prepare, scenarioOf, shippedTree } from '../support/preparedRun.ts';
import { readMedia } from '../support/kernelMedia.ts';

const guide = readMedia('walkthrough/scenarios.md');

function fence(language: string): string {
  const [, text = ''] = new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(guide) ?? [];
  return text;
}

describe('the guide to scenarios', () => {
  it('has an example that runs, with as many readers as one wants', () => {
    const loaded = scenarioOf(fence('jsonc'), { 'reader.task.s': fence('asm') });
    expect(loaded.diagnostics).toEqual([]);
    for (const readers of [3, 8]) {
      const run = prepare(loaded, shippedTree('patched'), { parameters: { readers } });
      const { summary } = finish(run);
      expect(summary.outcome).toBe('completed');
      expect(summary.tasks.map(({ exit }) => exit)).toEqual(
        Array.from(
          { length: readers },
          (_, copy) => `exited:${String(patternByte('data.bin', copy * 2 ** 20))}`,
        ),
      );
    }
  });

  it('names every key of a scenario, and every preset', () => {
    const { shape } = authoredScenarioSchema;
    const known = ['$schema', 'version', 'title', 'notes', 'schedule', 'events'];
    const missing = Object.keys(shape).filter(
      (key) => !known.includes(key) && !guide.includes(`\`${key}\``),
    );
    expect(missing).toEqual([]);
    for (const preset of PRESET_NAMES) expect(guide).toContain(`\`${preset}\``);
  });
});
