// The glossary: about twenty-five terms, over words that the kernel tree has.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

interface Entry {
  readonly term: string;
  readonly words: readonly string[];
  readonly text: string;
}

const media = fileURLToPath(new URL('../../media/', import.meta.url));
const entries = JSON.parse(readFileSync(join(media, 'glossary.json'), 'utf8')) as readonly Entry[];

function kernelTexts(): string {
  return readdirSync(join(media, 'kernel'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.[ch]$/.test(path))
    .map((path) => readFileSync(join(media, 'kernel', path), 'utf8'))
    .join('\n');
}

describe('the glossary', () => {
  it('explains about twenty-five terms, each once and in a few sentences', () => {
    expect(entries.length).toBeGreaterThanOrEqual(24);
    expect(new Set(entries.map(({ term }) => term)).size).toBe(entries.length);
    for (const { term, text } of entries) {
      expect(text.length, term).toBeGreaterThan(60);
      expect(text.length, term).toBeLessThan(400);
    }
  });

  it('shows hovers only over words that stand in the kernel tree', () => {
    const words = new Set(kernelTexts().match(/[A-Za-z_]\w*/g));
    const missing = entries.flatMap((entry) => entry.words.filter((word) => !words.has(word)));
    expect(missing).toEqual([]);
  });
});
