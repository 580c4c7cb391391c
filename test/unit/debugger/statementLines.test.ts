// Breakpoint lines: they move to the next line with a statement and know every function on it.
import { describe, expect, it } from 'vitest';
import { positionOf, type SourceFile } from '../../../src/base/span.ts';
import { resolveKernelLine, resolveProgramLine } from '../../../src/debugger/statementLines.ts';
import { programOfTexts } from '../../support/compileText.ts';

const HEADER = `static inline int twice(int x)
{
	return x + x;
}
`;
const ONE = `#include "twice.h"
int one(int x)
{
	/* a comment */
	int y;

	for (y = 0; y < x; y++) x = twice(x);
	return x;
}
`;
const TWO = `#include "twice.h"
int two(int x) { return twice(x); }
`;

const program = programOfTexts({ 'twice.h': HEADER, 'one.c': ONE, 'two.c': TWO });

function fileOf(path: string): SourceFile {
  const file = program.files.find((item) => item.path === path);
  if (file === undefined) throw new Error(`no file ${path}`);
  return file;
}

describe('resolveKernelLine in the body of a macro', () => {
  const texts = {
    'swap.h':
      '#define SWAP(a, b) do { \\\n\tint t = a; \\\n\ta = b; \\\n\tb = t; \\\n} while (0)\n',
    'use.c':
      '#include "swap.h"\nint f(int x, int y)\n{\n\tSWAP(x, y);\n\tSWAP(y, x);\n\treturn x;\n}\n',
  };
  const swapping = programOfTexts(texts);
  const header = swapping.files.find(({ path }) => path === 'swap.h');
  const unit = swapping.files.find(({ path }) => path === 'use.c');

  it('finds the line in every use, one place for each', () => {
    const resolved = header && resolveKernelLine(swapping, header, 2);
    expect(resolved).toMatchObject({ line1: 2, column1: 2 });
    const lines = resolved?.places.map((pc) => {
      const span = swapping.statements.find((item) => item.pc === pc)?.span;
      return span && positionOf(span.file, span.start).line1;
    });
    expect(lines).toEqual([4, 5]);
  });

  it('still finds the use by its own line', () => {
    expect(unit && resolveKernelLine(swapping, unit, 4)).toMatchObject({ line1: 4, column1: 2 });
  });
});

describe('resolveKernelLine', () => {
  it('moves over comments and declarations to the next statement', () => {
    expect(resolveKernelLine(program, fileOf('one.c'), 2)?.line1).toBe(7);
    expect(resolveKernelLine(program, fileOf('one.c'), 4)?.line1).toBe(7);
    expect(resolveKernelLine(program, fileOf('one.c'), 8)?.line1).toBe(8);
  });

  it('takes the first of several statements of a function on a line', () => {
    const resolved = resolveKernelLine(program, fileOf('one.c'), 7);
    const first = program.statements.find(
      ({ span }) => span.file === fileOf('one.c') && span.start > 0,
    );
    expect(resolved?.places).toEqual([first?.pc]);
  });

  it('finds the statements of a header', () => {
    expect(resolveKernelLine(program, fileOf('twice.h'), 1)).toMatchObject({ line1: 3 });
  });

  it('finds nothing behind the last statement', () => {
    expect(resolveKernelLine(program, fileOf('one.c'), 100)).toBeUndefined();
  });
});

describe('resolveProgramLine', () => {
  const file: SourceFile = { path: 'a.task.s', text: 'start:\n  nop\n\n  nop\n' };
  const lines = [
    { address: 0x8048000, span: { file, start: 9, end: 12 } },
    { address: 0x8048001, span: { file, start: 16, end: 19 } },
  ];

  it('moves from a label to its instruction', () => {
    expect(resolveProgramLine(lines, file, 1)).toMatchObject({ line1: 2, places: [0x8048000] });
    expect(resolveProgramLine(lines, file, 3)).toMatchObject({ line1: 4, places: [0x8048001] });
    expect(resolveProgramLine(lines, file, 5)).toBeUndefined();
  });
});
