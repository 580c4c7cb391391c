/**
 * Instructions that a real i386 has but a user program here cannot use, each with the reason, so that
 * nobody looks for a typing error where there is none.
 * Source: Intel SDM volume 2; volume 3, section 2.8 (privileged instructions).
 */
import { MNEMONICS } from './mnemonic.ts';

const PRIVILEGED = 'only the kernel may execute it';
const SYSTEM_CALL = 'system calls are made by `int $0x80`';
const DECIMAL = 'decimal arithmetic is not supported';
const SEGMENTS = 'all segments are flat and cannot be loaded';
const FAR = 'there is only one code segment, so no far jumps, calls and returns';
const OUTSIDE = 'what it reports is not part of the simulated CPU';
const NO_16_BITS = 'addresses have 32 bits';
const FLOATING = 'floating-point and vector instructions are not supported';

const REASONS: readonly (readonly [reason: string, names: string])[] = [
  [
    PRIVILEGED,
    'hlt cli sti iret iretl iretw in inb inw inl out outb outw outl ins insb insw insl outs outsb outsw outsl lgdt lidt lldt ltr lmsw clts invlpg invd wbinvd rdmsr wrmsr sgdt sidt sldt str smsw',
  ],
  [SYSTEM_CALL, 'sysenter sysexit syscall sysret into bound boundl boundw'],
  [DECIMAL, 'aaa aas aam aad daa das'],
  [SEGMENTS, 'lds les lfs lgs lss arpl lar lsl verr verw'],
  [FAR, 'ljmp lcall lret'],
  [OUTSIDE, 'cpuid rdtsc rdtscp rdpmc rdrand rdseed'],
  [NO_16_BITS, 'jcxz leavew retw enterw callw jmpw loopw'],
  ['it is newer than the simulated CPU', 'popcnt lzcnt tzcnt andn bextr pdep pext movbe'],
];

const REFUSED: ReadonlyMap<string, string> = new Map(
  REASONS.flatMap(([reason, names]) => names.split(' ').map((name) => [name, reason] as const)),
);

/** The x87, MMX and SSE mnemonics, by their beginnings. */
const FLOATING_POINT =
  /^(?:f(?:i?(?:ld|st|add|sub|mul|div|com)|n?init|nst|abs|chs|sqrt|xch|nop|wait|cos|sin|pt|ucom|free)|mov[adhluq]+p[sd]|movd$|movss|(?:add|sub|mul|div|sqrt|max|min|cvt\w+2)[sp][sd]$|p(?:add|sub|mul|and|or|xor|cmp|unpck)[bwdq]|emms)/;

/** Why an instruction is refused; `undefined` when it is unknown or supported. */
export function refusalOf(mnemonic: string): string | undefined {
  const stem = mnemonic.slice(0, -1);
  if (mnemonic.endsWith('q') && MNEMONICS.has(`${stem}l`)) {
    return `the CPU works on at most 32 bits; write \`${stem}l\``;
  }
  return REFUSED.get(mnemonic) ?? (FLOATING_POINT.test(mnemonic) ? FLOATING : undefined);
}
