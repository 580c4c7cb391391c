/**
 * Virtual 8086 mode: the saved EFLAGS say so, the page fault handler notes pages of the screen, and a software
 * interrupt goes back to the 32-bit program.
 */
import { describe, expect, it } from 'vitest';
import { EXIT, registerOf, runCalls, systemCall } from '../support/callScenario.ts';
import { shippedTree, type FinishedRun } from '../support/preparedRun.ts';

const VM86 = 113;
const SCREEN = 0xa0000;

/** Calls vm86old() for the code at `dos`; the reason is in edi, the bitmap in esi. */
function program(dos: string, before = '', flags = 0): string {
  return `${before}
        movl    $dos, v86 + 48
        movl    %esp, v86 + 60
${systemCall(VM86, 'v86')}
        movl    %eax, %edi
        movl    v86 + 88, %esi
        movl    v86 + 56, %ebp
${EXIT}
dos:
${dos}
        int     $0x80
        .data
v86:    .space  84
        .long   ${String(flags)}, 0, 0
`;
}

function run(source: string, screen: object = {}): FinishedRun {
  const map = { name: 'screen', anon: true, at: SCREEN, pages: 40, prot: 'rw', flags: 'private' };
  return runCalls(shippedTree('patched'), [{ name: 'dos', program: source }], {
    demo: [{ ...map, ...screen }],
  });
}

function bitmapOf(source: string, screen: object = {}): number {
  return registerOf(run(source, screen), 'dos', 'esi');
}

describe('virtual 8086 mode', () => {
  it('ends with a software interrupt: 2, and its number', () => {
    const done = run(program('        nop'));
    expect(done.summary).toMatchObject({ outcome: 'completed', tasks: [{ exit: 'exited:0' }] });
    expect(registerOf(done, 'dos', 'edi')).toBe(0x8002);
    // The flag was in the registers that came back, and is not in those of the caller.
    expect(registerOf(done, 'dos', 'ebp') & 0x20000).toBe(0x20000);
  });

  it('does not show its flag to pushf, and popf does not change it', () => {
    const flags = '        pushf\n        popl    %ecx\n        pushl   $2\n        popf';
    const done = run(
      program(flags).replace('        movl    v86 + 56, %ebp', '        movl v86 + 4, %edx'),
    );
    expect(registerOf(done, 'dos', 'edi')).toBe(0x8002);
    expect(registerOf(done, 'dos', 'edx') & 0x20000).toBe(0);
  });

  it.each([
    ['the first page', 0, 1],
    ['the last page', 31 * 4096 + 5, 0x8000_0000 | 0],
    ['the page behind the screen', 32 * 4096, 0],
  ])('notes %s', (_, offset, bitmap) => {
    expect(bitmapOf(program(`        movb    $1, screen + ${String(offset)}`))).toBe(bitmap);
  });

  it('notes loads as well, and every page', () => {
    const touch = '        movzbl  screen + 4096, %eax\n        movb    $1, screen + 4 * 4096';
    expect(bitmapOf(program(touch))).toBe(0x12);
  });

  it('does not note what the 32-bit program touches', () => {
    expect(bitmapOf(program('        nop', '        movb    $1, screen + 4096\n'))).toBe(0);
  });

  it('notices stores to pages that are there already only if it was asked to', () => {
    const store = '        movb    $1, screen + 2 * 4096';
    expect(bitmapOf(program(store), { populate: true })).toBe(0);
    expect(bitmapOf(program(store, '', 1), { populate: true })).toBe(4);
  });

  it('is refused without a structure', () => {
    const done = run(`${systemCall(VM86, 0x70000000)}        movl    %eax, %edi\n${EXIT}`);
    expect(registerOf(done, 'dos', 'edi')).toBe(-14);
  });

  it('ends with SIGSEGV when the structure is gone', () => {
    const gone = `        movl    %esp, screen + 60
        movl    $dos, screen + 48
${systemCall(VM86, 'screen')}
${EXIT}
dos:
        int     $0x80
`;
    // Another task removes the page with the structure while this one is in the mode.
    const other = {
      name: 'thief',
      program: systemCall(91, 'screen', 4096) + EXIT,
      atNs: 50_000,
    };
    const done = runCalls(
      shippedTree('patched'),
      [
        {
          name: 'dos',
          program: gone.replace(
            'dos:\n',
            'dos:\n        movl    $100000, %ecx\nturn:\n        decl    %ecx\n        jne     turn\n',
          ),
        },
        other,
      ],
      {
        demo: [{ name: 'screen', anon: true, at: SCREEN, pages: 4, prot: 'rw', flags: 'private' }],
      },
    );
    expect(done.summary.tasks[0]?.exit).toMatch(/^SIGSEGV/);
  });
});
