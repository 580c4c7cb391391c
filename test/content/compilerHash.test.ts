/**
 * Objects of kernels are read only by the compiler that wrote them: its hash changes with every source
 * that can matter, and where there is none, as in tests, there are no objects.
 */
import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashCompiler } from '../../scripts/objects.mjs';
import { createNodeMedia } from '../../src/cli/nodeMedia.ts';

const root = path.join(import.meta.dirname, '../..');
let clone: string;

beforeAll(() => {
  clone = mkdtempSync(path.join(tmpdir(), 'faultline-hash-'));
  cpSync(path.join(root, 'src'), path.join(clone, 'src'), { recursive: true });
});

afterAll(() => {
  rmSync(clone, { recursive: true });
});

/** The hash after something was done to a file of the clone. */
function hashAfter(name: string, change: (file: string) => void): string {
  change(path.join(clone, 'src', name));
  return hashCompiler(clone);
}

describe('the hash of the compiler', () => {
  it('is that of its sources, wherever they lie', () => {
    expect(hashCompiler(clone)).toBe(hashCompiler());
    expect(hashCompiler(clone)).toMatch(/^[0-9a-f]{32}$/);
  });

  it('changes with each source that can matter, and with no other', () => {
    const seen = new Set([hashCompiler(clone)]);
    const changes = [
      hashAfter('c/lexer.ts', (file) => {
        writeFileSync(file, '// another lexer\n');
      }),
      hashAfter('bytecode/program.ts', (file) => {
        writeFileSync(file, '');
      }),
      hashAfter('base/added.ts', (file) => {
        writeFileSync(file, '');
      }),
      hashAfter('kernel/kernelLanguage.ts', (file) => {
        rmSync(file);
      }),
      hashAfter('scenario/kernelTree.ts', (file) => {
        renameSync(file, `${file.slice(0, -3)}Renamed.ts`);
      }),
    ];
    for (const hash of changes) seen.add(hash);
    expect(seen.size).toBe(changes.length + 1);
    const unchanged = hashAfter('view/added.ts', (file) => {
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, 'nothing that compiles C');
    });
    expect(unchanged).toBe(changes.at(-1));
  });

  it('is put in by the build: from the sources there are no objects', () => {
    expect(createNodeMedia(path.join(root, 'media')).objects).toBeUndefined();
  });
});
