// Values laid out as bytes: structs in structs, unions, gaps, arrays, and a bound.
import { describe, expect, it } from 'vitest';
import { asAddress } from '../../../src/base/brand.ts';
import type { CType } from '../../../src/bytecode/ctype.ts';
import { fieldRows, MOST_ROWS } from '../../../src/debugger/fieldRows.ts';
import { programOf } from '../../support/compileText.ts';

/** The rows of the global `it` of a program: offset, bytes, path. */
function layoutOf(text: string): string[] {
  const program = programOf(text);
  const found = program.globals.find(({ name }) => name === 'it');
  if (found?.storage.kind !== 'static') throw new Error('no global');
  const { address } = found.storage;
  return fieldRows(program, '', { type: found.type, address }).map(
    (row) => `${String(row.address - address)} ${String(row.bytes)} ${row.path || '-'}`,
  );
}

describe('the rows of a value', () => {
  it('are its members in their places, with the gaps between and behind them', () => {
    expect(
      layoutOf(
        'struct { char a; int b; struct { short c; int d; } e; char f; } it; int main(void) { return 0; }',
      ),
    ).toEqual(['0 1 a', '1 3 -', '4 4 b', '8 2 e.c', '10 2 -', '12 4 e.d', '16 1 f', '17 3 -']);
  });

  it('show the members of a union and of an anonymous struct where they lie', () => {
    expect(
      layoutOf(
        'struct { union { int a; char b; }; struct { int c; }; } it; int main(void) { return 0; }',
      ),
    ).toEqual(['0 4 a', '0 1 b', '4 4 c']);
  });

  it('keep arrays of scalars together, 16 bytes a row, and take arrays of structs apart', () => {
    expect(
      layoutOf(
        'struct { int a[6]; struct { int b; } c[2]; char d[3]; } it; int main(void) { return 0; }',
      ),
    ).toEqual([
      '0 16 a[0..3]',
      '16 8 a[4..5]',
      '24 4 c[0].b',
      '28 4 c[1].b',
      '32 3 d[0..2]',
      '35 1 -',
    ]);
  });

  it('end at a bound', () => {
    const program = programOf('int main(void) { return 0; }');
    const int: CType = { kind: 'integer', name: 'int', size: 4, isSigned: true };
    const type: CType = { kind: 'array', element: int, length: 1_000_000 };
    const rows = fieldRows(program, 'long', { type, address: asAddress(0xc0100000) });
    expect(rows).toHaveLength(MOST_ROWS);
  });
});
