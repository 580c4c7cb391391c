/**
 * Kernel code that reads and writes user memory: copies that fault, sleep, and fail softly through the exception
 * table. The system calls of these
 * trees copy and do nothing else.
 */
import { describe, expect, it } from 'vitest';
import { stackRows } from '../../src/debugger/stackRows.ts';
import { countAttempts } from '../../src/kernel/attempt.ts';
import type { TreeEdit } from '../support/preparedRun.ts';
import {
  editedTree,
  finish,
  prepare,
  scenarioOf,
  type FinishedRun,
} from '../support/preparedRun.ts';

const CALLS = `
#include <asm/uaccess.h>

static unsigned char area[8192];
static DEFINE_SPINLOCK(test_lock);

/* Test: copy numbers to the program. Context: system call. */
static long sys_fill(unsigned long to, unsigned long n)
{
	unsigned long i;

	for (i = 0; i < n; i++)
		area[i] = (unsigned char)(i * 3 + 5);
	return (long)copy_to_user((void __user *)to, area, n);
}

/* Test: copy from the program; bytes left, or minus the last byte. Context: system call. */
static long sys_take(unsigned long from, unsigned long n)
{
	unsigned long left;

	memset(area, 0xee, sizeof(area));
	left = copy_from_user(area, (const void __user *)from, n);
	if (left)
		return (long)(left + 256 * area[n - 1] +
			      (left < n ? 65536 * area[n - left - 1] : 0));
	return -(long)area[n - 1];
}

/* Test: add one to a word of the program. Context: system call. */
static long sys_increment(unsigned long address)
{
	u32 __user *word = (u32 __user *)address;
	u32 value;

	if (get_user(value, word))
		return -EFAULT;
	return put_user(value + 1, word);
}

/* Test: read while a lock is held that sleeping or a fault needs. Context: system call. */
static long sys_locked(unsigned long address, unsigned long how)
{
	struct mm_struct *mm = current->mm;
	u32 value = 9;
	long result;

	if (how == 1) {
		spin_lock(&test_lock);
		result = __get_user_4(&value, (u32 __user *)address);
		spin_unlock(&test_lock);
	} else if (how == 2) {
		down_write(&mm->mmap_sem);
		result = __get_user_4(&value, (u32 __user *)address);
		up_write(&mm->mmap_sem);
	} else if (how == 3) {
		down_write(&mm->mmap_sem);
		result = (long)fl_user_load((u32 __user *)address, 4);
		up_write(&mm->mmap_sem);
	} else if (how == 4) {
		result = (long)fl_user_load((u32 __user *)address, 4);
	} else {
		result = (long)*(u32 *)address;
	}
	return result;
}
`;

const EDITS: readonly TreeEdit[] = [
  {
    path: 'kernel/entry.c',
    from: '/* The process of the running task.',
    to: `#include <linux/rwsem.h>\n${CALLS}\n/* The process of the running task.`,
  },
  {
    path: 'kernel/entry.c',
    from: '	default:\n		result = -ENOSYS;',
    to: `	case 300:
		result = sys_fill(regs->bx, regs->cx);
		break;
	case 301:
		result = sys_take(regs->bx, regs->cx);
		break;
	case 302:
		result = sys_increment(regs->bx);
		break;
	case 303:
		result = sys_locked(regs->bx, regs->cx);
		break;
	default:
		result = -ENOSYS;`,
  },
];

const trees = new Map(
  ['patched', 'unpatched'].map((kernel) => [kernel, editedTree(kernel, EDITS)]),
);

const SCENARIO = JSON.stringify({
  version: 1,
  title: 'Copies',
  machine: { cpus: 1, preset: 'disk-2010', readahead: 0 },
  files: [{ name: 'data.bin', pages: 4, content: 'pattern' }],
  processes: [
    {
      name: 'demo',
      maps: [
        { name: 'data', file: 'data.bin', pages: 4, prot: 'r', flags: 'private' },
        { name: 'heap', anon: true, pages: 2, prot: 'rw', flags: 'private' },
      ],
    },
  ],
  tasks: [{ name: 'caller', process: 'demo', program: 'caller.task.s' }],
  expect: {},
});

/** Calls once with two arguments, keeps the result in edi, then does more. */
function call(number: number, first: string, second: string | number, more = ''): string {
  return `
        movl    $${String(number)}, %eax
        movl    $${first}, %ebx
        movl    $${String(second)}, %ecx
        int     $0x80
        movl    %eax, %edi
${more}
        movl    %edi, %ebx
        movl    $1, %eax
        int     $0x80
`;
}

const TAKE_WORD = `
        movl    $301, %eax
        movl    $0x70000000, %ebx
        movl    $4, %ecx
        int     $0x80
`;

function run(program: string, kernel = 'patched'): FinishedRun {
  const tree = trees.get(kernel);
  if (tree === undefined) throw new Error(kernel);
  return finish(prepare(scenarioOf(SCENARIO, { 'caller.task.s': program }), tree));
}

/** What the task left in edi, which the machine still knows. */
function ediOf({ run: { machine, tasks } }: FinishedRun): number {
  const [task] = tasks;
  if (task === undefined) throw new Error('no task');
  return machine.task(task.id).userRegisters[7] ?? NaN;
}

describe('copy_to_user', () => {
  it('makes the pages that it writes to, by page faults of the kernel', () => {
    const done = run(call(300, 'heap + 4090', 12, '        movzbl  heap + 4101, %edi'));
    expect(ediOf(done)).toBe(11 * 3 + 5);
    expect(done.summary).toMatchObject({
      outcome: 'completed',
      tasks: [{ exit: 'exited:38', maj_flt: 0, min_flt: 2 }],
      counters: { PGFAULT: 2, SW_PAGE_FAULTS: 2 },
    });
  });

  it.each([
    ['memory that ends', 'heap + 8192 - 7', 20, 13],
    ['memory that is not there', '0x70000000', 5, 5],
    ['memory for reading', 'data', 9, 9],
    ['memory of the kernel', '0xc0000000', 16, 16],
    ['a range that ends in the kernel', '0xbffffff0', 17, 17],
    ['a range beyond the end of all', '0xfffffff0', 32, 32],
    ['nothing', '0', 0, 0],
  ])('says how many bytes it could not copy to %s', (_, to, bytes, left) => {
    const done = run(call(300, to, bytes));
    expect(ediOf(done)).toBe(left);
    expect(done.summary.outcome).toBe('completed');
  });

  it.each([
    ['words', 'heap + 8192 - 8', 16, 8],
    ['words behind bytes', 'heap + 8192 - 7', 20, 13],
    ['bytes only', 'heap + 8192 - 3', 7, 4],
  ])('faults once in a bad page, with %s', (_, to, bytes, left) => {
    const done = run(call(300, to, bytes));
    expect(ediOf(done)).toBe(left);
    // One fault for the last page of the heap, one for what is not there.
    expect(done.summary.counters).toMatchObject({ PGFAULT: 1, SW_PAGE_FAULTS: 2 });
  });
});

describe('copy_from_user', () => {
  it.each([
    ['patched', 2],
    ['unpatched', 1],
  ])('sleeps on the disk for a page that is not there, on %s', (kernel, attempts) => {
    const done = run(
      call(301, 'data + 4096 + 7', 1, '        negl    %edi\n        cmpb    data + 4096 + 7, %dl'),
      kernel,
    );
    expect(done.summary).toMatchObject({
      tasks: [{ maj_flt: 1, min_flt: 0 }],
      counters: { PGFAULT: attempts, PGMAJFAULT: 1, SW_PAGE_FAULTS: 1 },
    });
    expect(done.run.machine.nowNs()).toBeGreaterThan(12_500_000);
    const twin = run(
      '        movzbl  data + 4096 + 7, %edi\n' +
        call(20, '0', 0).replace('movl    %eax, %edi', ''),
    );
    expect(ediOf(done)).toBe(ediOf(twin));
  });

  it('fills with zeros what it could not read', () => {
    // One byte before the end of the last map: 1 of 6 bytes can be read, the heap reads as 0.
    const done = run(`        movb    $77, heap + 8191\n${call(301, 'heap + 8191', 6)}`);
    expect(ediOf(done)).toBe(5 + 256 * 0 + 65536 * 77);
  });

  it('fills with zeros when the range is the kernel’s', () => {
    expect(ediOf(run(call(301, '0xc0000000', 3)))).toBe(3);
  });
});

describe('get_user and put_user', () => {
  it('read and write what a pointer points to', () => {
    const done = run(
      `        movl    $41, heap + 8\n${call(302, 'heap + 8', 0, '        movl    heap + 8, %edi')}`,
    );
    expect(ediOf(done)).toBe(42);
  });

  it.each(['0', '0xc0000000', '0x70000000', 'data'])('answer -EFAULT for %s', (address) => {
    expect(ediOf(run(call(302, address, 0)))).toBe(-14);
  });
});

describe('a fault that the handler must not wait for', () => {
  it('fails at once where sleeping is forbidden', () => {
    const done = run(call(303, 'data', 1));
    expect(ediOf(done)).toBe(-14);
    expect(done.summary.counters).toMatchObject({ PGFAULT: 0, SW_PAGE_FAULTS: 1 });
  });

  it('would wait for mmap_sem for ever if code that may fault holds it itself', () => {
    const { outcome, violations } = run(call(303, 'data', 2)).summary;
    expect(outcome).toBe('violation');
    expect(violations[0]?.rule).toBe('mmap-sem-recursion');
  });

  it.each([
    ['holds mmap_sem', 3, 'data'],
    ['has a bad address', 4, '0x70000000'],
  ])('is a bug of code that is not in the exception table and %s', (_, how, address) => {
    const done = run(call(303, address, how));
    expect(done.result.stop).toMatchObject({
      kind: 'fault',
      fault: { kind: 'bug', message: 'unable to handle kernel paging request' },
    });
  });

  it('is a bug at the null pointer, in other words', () => {
    expect(run(call(303, '0', 4)).result.stop).toMatchObject({
      fault: { message: 'unable to handle kernel NULL pointer dereference' },
    });
  });

  it('does not exist for a plain pointer: that is a machine fault', () => {
    expect(run(call(303, 'heap', 5)).result.stop).toMatchObject({ fault: { kind: 'wildPointer' } });
  });
});

describe('a fixup', () => {
  it('leaves no marks of the frame that it took over', () => {
    const guarded: TreeEdit = {
      path: 'arch/x86/lib/getuser.c',
      from: '	*(u8 *)to = (u8)fl_user_load(from, 1);',
      to: '	volatile u8 room[40];\n\n	room[*(u8 *)to & 1] = 0;\n	*(u8 *)to = (u8)fl_user_load(from, 1);',
    };
    const tree = editedTree('patched', [...EDITS, guarded]);
    // The trap frame of the second fault lies where the array of the first one was.
    const program = call(301, '0x70000000', 1, TAKE_WORD);
    const { summary } = finish(prepare(scenarioOf(SCENARIO, { 'caller.task.s': program }), tree));
    expect(summary).toMatchObject({ outcome: 'completed', violations: [] });
  });
});

describe('the call stack of a fault in a copy', () => {
  it('has a label for the fault and one for the system call', () => {
    const tree = trees.get('patched');
    if (tree === undefined) throw new Error('no tree');
    const prepared = prepare(
      scenarioOf(SCENARIO, { 'caller.task.s': call(301, 'data + 7', 1) }),
      tree,
    );
    const { machine, program, entries, tasks } = prepared;
    countAttempts(machine, entries);
    const handler = program.functions[entries.pageFault];
    machine.setBreakpoints(handler === undefined ? [] : [handler.entry]);
    machine.run({ budget: 1e6, breakpoints: true });
    const [task] = tasks;
    if (task === undefined) throw new Error('no task');
    const rows = stackRows(prepared, task.id);
    expect(rows.map(({ name }) => name)).toEqual([
      'do_page_fault (attempt 1)',
      expect.stringMatching(/^page fault: kernel read, page not present, CR2 = 0x[0-9a-f]{7}7$/),
      '__get_user_1',
      '__copy_from_user_inatomic',
      '__copy_from_user',
      'copy_from_user',
      'sys_take',
      'fl_system_call',
      'system call: number 301',
      // Three instructions of five bytes before `int $0x80`.
      expect.stringMatching(/\+0xf$|0x[0-9a-f]+f$/),
    ]);
  });
});
