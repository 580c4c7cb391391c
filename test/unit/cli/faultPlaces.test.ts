/**
 * The exact place of a machine fault: the part of an expression whose value is to blame, and the body
 * of a macro beside its use. Each case is one statement of a program that `faultline cc` runs.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { Scratch } from '../../support/commandLine.ts';

const scratch = new Scratch();
afterAll(() => {
  scratch.remove();
});

const HEAD = `struct mapping { int flags; };
struct file { int mode; struct mapping *f_mapping; };
struct vma { long start; struct file *vm_file; int list[4]; };
#define FLAGS_OF(vma) ((vma)->vm_file->f_mapping->flags)
#define SET_FLAGS(vma, value) do { int v = (value); (vma)->vm_file->f_mapping->flags = v; } while (0)
struct file no_mapping;
#define MODE(file) file->mode
static int f(struct vma *vma, int n)
{
`;
const TAIL = `
	return 0;
}
int main(void)
{
	struct vma vma = { 0 };
	return f(&vma, 5);
}
`;

/** What is underlined, in the statement and in notes: the texts above the marks. */
async function underlined(statement: string): Promise<string[]> {
  scratch.write('fault.c', `${HEAD}\t${statement}${TAIL}`);
  const { code, err } = await scratch.run(['cc', 'fault.c']);
  expect(code).toBe(134);
  const lines = err.split('\n');
  return lines.flatMap((line, index) => {
    const marks = /^(\s*)(\^~*)$/.exec(line);
    const [, before = '', mark = ''] = marks ?? [];
    const above = lines[index - 1] ?? '';
    return marks === null ? [] : [above.slice(before.length, before.length + mark.length)];
  });
}

describe('the place of a machine fault', () => {
  it.each([
    ['return 1 + vma->vm_file->f_mapping->flags;', 'vma->vm_file'],
    [
      'vma->vm_file = &no_mapping; return vma->vm_file->f_mapping->flags;',
      'vma->vm_file->f_mapping',
    ],
    ['vma->vm_file->f_mapping->flags += n;', 'vma->vm_file'],
    ['vma->vm_file->mode++;', 'vma->vm_file'],
    ['return (vma->vm_file && n) ? 1 : vma->vm_file->mode;', 'vma->vm_file'],
    ['if (n > 3 && vma->vm_file->mode == 2) return 1;', 'vma->vm_file'],
    ['return 10 / (n - 5) + n;', '10 / (n - 5)'],
    ['return n % (n - n);', 'n % (n - n)'],
    ['return vma->list[n * 100000000];', 'vma->list[n * 100000000]'],
    ['return *(int *)(n * 8);', '(int *)(n * 8)'],
    ['{ int (*call)(int) = 0; return 1 + call(n); }', 'call'],
    ['return f(vma->vm_file->f_mapping ? vma : 0, 1);', 'vma->vm_file'],
    ['{ struct file copy = *vma->vm_file; return copy.mode; }', 'struct file copy = *vma->vm_file'],
  ])('of `%s` is `%s`', async (statement, expected) => {
    expect(await underlined(statement)).toEqual([expected]);
  });

  it.each([
    ['return FLAGS_OF(vma);', 'FLAGS_OF', '(vma)->vm_file'],
    ['SET_FLAGS(vma, n);', 'SET_FLAGS', '(vma)->vm_file'],
    ['return MODE(vma->vm_file);', 'vma->vm_file', undefined],
    ['SET_FLAGS(vma, vma->vm_file->mode);', 'vma->vm_file', undefined],
  ])('of `%s` is the use `%s`, with a note in the body', async (statement, use, body) => {
    expect(await underlined(statement)).toEqual(body === undefined ? [use] : [use, body]);
  });
});
