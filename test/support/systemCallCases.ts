/**
 * System calls whose answers a real Linux gives as well: one program makes them all, here on the simulated kernel and,
 * in the oracle, natively as a 32-bit program. Each step has one number as its result: what the call returned, or the
 * byte that a load found.
 *
 * All addresses are chosen by the program, since the two kernels place mappings differently; results of `brk` count
 * from the start of the heap. Left out is what has changed since 2.6.36: a `write` whose source ends in the middle,
 * shared anonymous memory, the limit of data for mappings.
 */
import { readFileSync } from 'node:fs';

/** Where the results are stored, a word each. */
export const RESULTS = 0x51000000;

/** The file that is open as descriptor 3. */
export const CASE_FILE = { name: 'data.bin', pages: 4 };

const READ = 3;
const WRITE = 4;
const LSEEK = 19;
const BRK = 45;
const SETRLIMIT = 75;
const MUNMAP = 91;
const MPROTECT = 125;
const MREMAP = 163;
const UGETRLIMIT = 191;
const MMAP2 = 192;
const MADVISE = 219;
const FUTEX = 240;

const ANON = 0x32;
const PRIVATE = 0x12;
const SHARED = 0x11;
const RW = 3;
const DONTNEED = 4;
const MAYMOVE = 1;
const FIXED = 3;
const WAIT = 128;
const WAKE = 129;

const A = 0x50000000;
const B = 0x50100000;
const C = 0x50200000;
const D = 0x50300000;
const PAGE = 4096;

/** One step of the program. */
export interface Step {
  /** What it is about; unique. */
  readonly name: string;
  /** Instructions that leave the result in eax. */
  readonly code: readonly string[];
}

const ARGUMENTS = ['ebx', 'ecx', 'edx', 'esi', 'edi', 'ebp'];

function call(name: string, number: number, ...values: number[]): Step {
  const moves = values.map((value, at) => `movl $${String(value)}, %${ARGUMENTS[at] ?? ''}`);
  return { name, code: [...moves, `movl $${String(number)}, %eax`, 'int $0x80'] };
}

function load(name: string, address: number): Step {
  return { name, code: [`movzbl ${String(address)}, %eax`] };
}

function store(name: string, address: number, value: number): Step {
  return { name, code: [`movb $${String(value)}, ${String(address)}`, 'xorl %eax, %eax'] };
}

function word(name: string, address: number, value: number): Step {
  return { name, code: [`movl $${String(value)}, ${String(address)}`, 'xorl %eax, %eax'] };
}

function brk(name: string, bytes: number): Step {
  const code = ['movl %esp, %ebp', 'movl (%ebp), %ebx', `addl $${String(bytes)}, %ebx`];
  return {
    name,
    code: [...code, `movl $${String(BRK)}, %eax`, 'int $0x80', 'subl (%ebp), %eax'],
  };
}

function mapAnon(name: string, at: number, pages: number, prot = RW): Step {
  return call(name, MMAP2, at, pages * PAGE, prot, ANON, -1, 0);
}

function mapFile(name: string, at: number, pages: number, flags: number, offset: number): Step {
  return call(name, MMAP2, at, pages * PAGE, RW, flags, 3, offset);
}

/** Can the kernel write there? 1 byte, or -EFAULT. */
function probe(name: string, address: number): Step {
  return call(name, READ, 3, address, 1);
}

const mappings: readonly Step[] = [
  mapAnon('mmap: four pages', A, 4),
  load('mmap: they are zero', A + 7),
  store('mmap: store to the second', A + PAGE, 0x11),
  call('mmap: no length', MMAP2, A, 0, RW, ANON, -1, 0),
  call('mmap: odd fixed address', MMAP2, A + 1, PAGE, RW, ANON, -1, 0),
  call('mmap: no such file', MMAP2, B, PAGE, RW, PRIVATE, 77, 0),
  call('mmap: neither shared nor private', MMAP2, B, PAGE, RW, 0x30, -1, 0),
  call('munmap: odd address', MUNMAP, A + 1, PAGE),
  call('munmap: no length', MUNMAP, A, 0),
  call('munmap: nothing there', MUNMAP, B, PAGE),
  call('munmap: the third of four', MUNMAP, A + 2 * PAGE, PAGE),
  probe('munmap: the second is there', A + PAGE + 9),
  probe('munmap: the third is not', A + 2 * PAGE),
  probe('munmap: the fourth is there', A + 3 * PAGE),
  load('munmap: the second is what it was', A + PAGE),
  mapAnon('mmap: over the second', A + PAGE, 1),
  load('mmap: it is zero again', A + PAGE),
];

const protections: readonly Step[] = [
  mapAnon('mprotect: three pages', A, 3),
  store('mprotect: store to the first', A, 0x21),
  store('mprotect: store to the second', A + PAGE, 0x22),
  call('mprotect: odd address', MPROTECT, A + 1, PAGE, 1),
  call('mprotect: strange bits', MPROTECT, A, PAGE, 0x40),
  call('mprotect: no length', MPROTECT, A, 0, 1),
  call('mprotect: the second to read only', MPROTECT, A + PAGE, PAGE, 1),
  probe('mprotect: the first can be written', A + 5),
  probe('mprotect: the second cannot', A + PAGE + 5),
  load('mprotect: the second can be read', A + PAGE),
  call('mprotect: the second to nothing', MPROTECT, A + PAGE, PAGE, 0),
  call('mprotect: a futex there cannot be read', FUTEX, A + PAGE, WAIT, 1, 0),
  call('mprotect: the second back', MPROTECT, A + PAGE, PAGE, RW),
  load('mprotect: it is what it was', A + PAGE),
  probe('mprotect: and can be written', A + PAGE + 5),
  call('mprotect: a hole at the end', MPROTECT, A + 2 * PAGE, 8 * PAGE, 1),
  probe('mprotect: what was before the hole has changed', A + 2 * PAGE),
];

const moves: readonly Step[] = [
  call('mremap: clear', MUNMAP, A, 0x400000),
  mapAnon('mremap: two pages', A, 2),
  store('mremap: store to the second', A + PAGE, 0x31),
  call('mremap: grow in place', MREMAP, A, 2 * PAGE, 4 * PAGE, 0, 0),
  load('mremap: new pages are zero', A + 3 * PAGE),
  call('mremap: shrink', MREMAP, A, 4 * PAGE, 3 * PAGE, 0, 0),
  probe('mremap: the last one is gone', A + 3 * PAGE),
  call('mremap: odd address', MREMAP, A + 1, PAGE, PAGE, 0, 0),
  call('mremap: to nothing', MREMAP, A, PAGE, 0, 0, 0),
  call('mremap: nothing there', MREMAP, D, PAGE, PAGE, 0, 0),
  call('mremap: fixed but must not move', MREMAP, A, PAGE, PAGE, 2, B),
  call('mremap: onto itself', MREMAP, A, 2 * PAGE, 2 * PAGE, FIXED, A + PAGE),
  mapAnon('mremap: a neighbor that is read only', A + 3 * PAGE, 1, 1),
  call('mremap: no room to grow', MREMAP, A, 3 * PAGE, 4 * PAGE, 0, 0),
  call('mremap: over two mappings', MREMAP, A, 4 * PAGE, 5 * PAGE, MAYMOVE, 0),
  call('mremap: move', MREMAP, A, 3 * PAGE, 5 * PAGE, FIXED, B),
  load('mremap: the byte has moved', B + PAGE),
  load('mremap: new pages behind it', B + 4 * PAGE),
  probe('mremap: the old place is empty', A + PAGE),
  call('mremap: move the middle', MREMAP, B + PAGE, PAGE, PAGE, FIXED, C),
  load('mremap: the byte has moved again', C),
  probe('mremap: a hole where it was', B + PAGE),
  probe('mremap: before the hole', B),
];

const merging: readonly Step[] = [
  call('merge: clear', MUNMAP, A, 0x400000),
  mapAnon('merge: one', A, 1),
  mapAnon('merge: its neighbor', A + PAGE, 1),
  call('merge: they are one', MREMAP, A, 2 * PAGE, 3 * PAGE, 0, 0),
  call('merge: apart', MPROTECT, A + PAGE, PAGE, 1),
  call('merge: they are three', MREMAP, A, 3 * PAGE, 4 * PAGE, 0, 0),
  call('merge: together again', MPROTECT, A + PAGE, PAGE, RW),
  call('merge: they are one again', MREMAP, A, 3 * PAGE, 4 * PAGE, 0, 0),
  mapFile('merge: the first page of the file', B, 1, PRIVATE, 0),
  mapFile('merge: the second behind it', B + PAGE, 1, PRIVATE, 1),
  call('merge: they are one piece of it', MREMAP, B, 2 * PAGE, 3 * PAGE, 0, 0),
  mapFile('merge: the first page', C, 1, PRIVATE, 0),
  mapFile('merge: the third behind it', C + PAGE, 1, PRIVATE, 2),
  call('merge: they are two pieces', MREMAP, C, 2 * PAGE, 3 * PAGE, 0, 0),
];

const files: readonly Step[] = [
  call('file: clear', MUNMAP, A, 0x400000),
  mapFile('file: private, from page 1', A, 2, PRIVATE, 1),
  mapFile('file: shared, all', B, 4, SHARED, 0),
  load('file: a byte of page 1', A + 300),
  load('file: the same byte', B + PAGE + 300),
  store('file: a store to the copy', A + 300, 0x41),
  load('file: only the copy has it', B + PAGE + 300),
  store('file: a store to page 2', B + 2 * PAGE + 17, 0x42),
  load('file: both have it', A + PAGE + 17),
  call('file: the copy is not needed', MADVISE, A, PAGE, DONTNEED),
  load('file: it is the file’s again', A + 300),
  call('file: to page 1', LSEEK, 3, PAGE, 0),
  call('file: read into page 3', READ, 3, B + 3 * PAGE, 400),
  load('file: byte 300 came', B + 3 * PAGE + 300),
  load('file: byte 400 did not', B + 3 * PAGE + 400),
  call('file: write a part of page 2', WRITE, 3, A + PAGE, 64),
  call('file: where it stands', LSEEK, 3, 0, 1),
  load('file: page 1 has byte 17 of page 2 there', B + PAGE + 400 + 17),
  call('file: to 10 before the end', LSEEK, 3, -10, 2),
  call('file: a short read', READ, 3, A, 100),
  call('file: nothing at the end', READ, 3, A, 100),
  call('file: to a place before the start', LSEEK, 3, -1, 0),
  call('file: from nowhere', LSEEK, 3, 0, 9),
  call('file: seek in no file', LSEEK, 77, 0, 0),
  call('file: read from no file', READ, 77, A, 1),
  call('file: write to no file', WRITE, 77, A, 1),
  call('file: to the start', LSEEK, 3, 0, 0),
  mapAnon('file: a page with nothing behind it', C, 1),
  call('file: read over its end', READ, 3, C + PAGE - 10, 100),
  call('file: read to nowhere', READ, 3, D, 100),
  call('file: write from nowhere', WRITE, 3, D, 100),
  call('file: it stands where', LSEEK, 3, 0, 1),
];

const advice: readonly Step[] = [
  mapAnon('madvise: two pages', D, 2),
  store('madvise: a store', D + 5, 0x51),
  call('madvise: random', MADVISE, D, PAGE, 1),
  load('madvise: nothing changes', D + 5),
  call('madvise: not needed', MADVISE, D, PAGE, DONTNEED),
  load('madvise: zero', D + 5),
  call('madvise: odd address', MADVISE, D + 1, PAGE, 0),
  call('madvise: strange advice', MADVISE, D, PAGE, 77),
  call('madvise: a hole at the end', MADVISE, D, 8 * PAGE, 0),
];

const heap: readonly Step[] = [
  brk('brk: two pages', 2 * PAGE),
  brk('brk: a part of a page more', 2 * PAGE + 100),
  brk('brk: one page less', PAGE),
  brk('brk: below the heap', -PAGE),
  word('limit: 16 KiB', C, 4 * PAGE),
  word('limit: and not more', C + 4, 8 * PAGE),
  call('limit: of the heap', SETRLIMIT, 2, C),
  brk('brk: beyond the limit', 64 * PAGE),
  word('limit: soft above hard', C, 16 * PAGE),
  call('limit: is refused', SETRLIMIT, 2, C),
  call('limit: no such limit', SETRLIMIT, 99, C),
  call('limit: from nowhere', SETRLIMIT, 2, 0x70000000),
  call('limit: what it is', UGETRLIMIT, 2, C),
  load('limit: second byte of the soft one', C + 1),
  load('limit: second byte of the hard one', C + 5),
];

const waiting: readonly Step[] = [
  word('futex: a word', D, 7),
  call('futex: another value', FUTEX, D, WAIT, 8, 0),
  call('futex: nobody to wake', FUTEX, D, WAKE, 1, 0),
  call('futex: odd address', FUTEX, D + 2, WAIT, 7, 0),
  call('futex: nothing there', FUTEX, 0x70000000, WAIT, 7, 0),
];

const noSpace: readonly Step[] = [
  word('limit: one page', C, PAGE),
  word('limit: one page, hard', C + 4, PAGE),
  call('limit: of all mappings', SETRLIMIT, 9, C),
  mapAnon('limit: no mapping', D + 16 * PAGE, 1),
  call('limit: no growth', MREMAP, C, PAGE, 2 * PAGE, 0, 0),
];

/** All steps in their order; later ones depend on earlier ones. */
export const STEPS: readonly Step[] = [
  ...mappings,
  ...protections,
  ...moves,
  ...merging,
  ...files,
  ...advice,
  ...heap,
  ...waiting,
  ...noSpace,
];

/** The program: the place for the results first, the start of the heap on the stack, then all steps. */
export function stepsProgram(start: readonly string[], end: readonly string[]): string {
  const lines = [
    ...start,
    ...mapAnon('results', RESULTS, 1).code,
    `movl $${String(BRK)}, %eax`,
    'xorl %ebx, %ebx',
    'int $0x80',
    'pushl %eax',
  ];
  STEPS.forEach(({ code }, index) => {
    lines.push(...code, `movl %eax, ${String(RESULTS + 4 * index)}`);
  });
  return `${[...lines, ...end, 'movl $1, %eax', 'xorl %ebx, %ebx', 'int $0x80'].join('\n')}\n`;
}

const fixture = new URL('../fixtures/kernel/systemCalls.txt', import.meta.url);

/** The results as lines: the number, then the name of the step. */
export function formatResults(results: readonly number[]): string {
  return STEPS.map(({ name }, index) => `${String(results[index])}\t${name}\n`).join('');
}

/** Where the recorded answers of a real Linux are. */
export const recordedPath = fixture;

/** What a real Linux has answered. */
export function recordedResults(): string {
  return readFileSync(fixture, 'utf8');
}
