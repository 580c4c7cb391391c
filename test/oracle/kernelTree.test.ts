// The kernel tree is real C: gcc for 32 bits accepts every file of it without a warning, with no
// other headers than its own.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kernelPaths, mediaFolder } from '../support/kernelMedia.ts';

const OPTIONS = [
  '-m32',
  '-fsyntax-only',
  '-std=gnu99',
  '-Wall',
  '-nostdinc',
  '-I',
  'include',
  '-I',
  'arch/x86/include',
];

function diagnose(path: string): string {
  const compiler = spawnSync('gcc', [...OPTIONS, '-x', 'c', path], {
    cwd: join(mediaFolder, 'kernel'),
    encoding: 'utf8',
  });
  return compiler.stderr;
}

describe('gcc -m32', () => {
  it.each(kernelPaths())('accepts %s', (path) => {
    expect(diagnose(path)).toBe('');
  });
});
