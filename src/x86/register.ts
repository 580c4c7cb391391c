/**
 * The registers that a user program can name: the eight general ones of the i386 in their three
 * widths. A register's number is its code in an instruction.
 * Source: Intel SDM volume 2, table 2-2.
 */

/** Width of an operand in bytes. */
export type Width = 1 | 2 | 4;

export interface Register {
  readonly name: string;
  readonly number: number;
  readonly width: Width;
}

/** Names by width, each in the order of the codes. */
export const REGISTER_NAMES: Readonly<Record<Width, readonly string[]>> = {
  1: ['al', 'cl', 'dl', 'bl', 'ah', 'ch', 'dh', 'bh'],
  2: ['ax', 'cx', 'dx', 'bx', 'sp', 'bp', 'si', 'di'],
  4: ['eax', 'ecx', 'edx', 'ebx', 'esp', 'ebp', 'esi', 'edi'],
};

/** Every register by its name without the percent sign. */
export const REGISTERS: ReadonlyMap<string, Register> = new Map(
  ([1, 2, 4] as const).flatMap((width) =>
    REGISTER_NAMES[width].map((name, number) => [name, { name, number, width }] as const),
  ),
);

/** The names of the segment registers, which all stand for the same flat memory. */
export const SEGMENTS: ReadonlySet<string> = new Set(['cs', 'ds', 'es', 'fs', 'gs', 'ss']);

const REFUSED_REGISTERS: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [
    /^r(?:[abcd]x|[sd]i|[sb]p|ip|\d+[dwb]?)$|^(?:spl|bpl|sil|dil)$/,
    'the CPU has 32-bit registers, such as `%eax`',
  ],
  [/^[cdt]r\d+$/, 'only the kernel may use it'],
  [/^(?:[xyz]?mm\d+|st)$/, 'floating-point and vector instructions are not supported'],
  [/^[c-gs]s$/, 'all segments are flat and cannot be loaded or read'],
  [/^e(?:ip|iz|flags)$/, 'no instruction can name it'],
];

/** Why a register that exists on some x86 CPU cannot be used; `undefined` for other names. */
export function refusedRegisterReason(name: string): string | undefined {
  return REFUSED_REGISTERS.find(([pattern]) => pattern.test(name))?.[1];
}
