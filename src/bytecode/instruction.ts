/**
 * The instruction set of the machine on which compiled C runs: one table, used by lowering, the
 * interpreter and the disassembler.
 *
 * A register machine whose registers are the stack frame: an instruction is four 32-bit words
 * `[word, a, b, c]`. Operands of kind `slot` are *word offsets from the frame pointer*, negative for
 * locals and temporaries, positive (from 2 on) for parameters. A 64-bit value takes the pair
 * (slot: low word, slot + 1: high word). Addresses of code are indices into `Program.code`.
 *
 * Frames, growing down as on x86; `fp` is a byte address, a multiple of 4:
 *   fp + 8 …        parameters, in the order of the declaration, each rounded up to words
 *   fp + 4          return pc (a code index)       written by `call`
 *   fp + 0          the caller's fp                written by `call`
 *   fp - frameSize  locals, temporaries, and lowest the area for outgoing arguments
 * `call` makes the callee's fp = fp - c with c = frameSize + 8, so the first argument stands at the
 * lowest address of the caller's frame, byte fp - frameSize. Arguments that contain calls are first
 * evaluated into temporaries. A struct is passed by value in as many words as it needs, and returned
 * through a hidden first parameter that holds the address for it. Extra arguments of a variadic call
 * follow the named ones, promoted as C says.
 *
 * The first word holds the opcode (bits 0-7) and flags. `FLAG_STATEMENT` marks the first instruction
 * of a source statement: virtual time is charged there and steps may end there. `FLAG_VISIBLE` marks
 * a visible operation: a scheduling point lies before it. `FLAG_RAW` and `FLAG_UNCHECKED` soften the
 * checks of a load or store. The other flags are set by the machine in its own copy of the code.
 */

/** Words of an instruction. */
export const INSTRUCTION_WORDS = 4;

export const OPCODE_MASK = 0xff;
/** First instruction of a source statement. */
export const FLAG_STATEMENT = 0x100;
/** A scheduling point lies before this instruction. */
export const FLAG_VISIBLE = 0x200;
/** Set by the machine: something starts when a task arrives here (a trigger of the scenario). */
export const FLAG_TRIGGER = 0x400;
/** Set by the machine: a breakpoint. */
export const FLAG_BREAKPOINT = 0x800;
/**
 * On a load: what it reads is copied or partly replaced, so bytes without a value are no mistake. On a
 * `copy`: the shadow is told of assignments to the target, so it may lack what the source lacks.
 */
export const FLAG_RAW = 0x1000;
/** On a load or store of a function that keeps the memory of others: it may touch what is guarded. */
export const FLAG_UNCHECKED = 0x2000;
/** Set by the machine: generated code starts here or may do so once it has been executed often enough. */
export const FLAG_ENTRY = 0x4000;
/** Set by the machine: whoever traces the run is told when a task comes here. */
export const FLAG_TRACE = 0x8000;
/** Set by the machine on a load or store of a guarded field: who watches wants to hear where it goes. */
export const FLAG_GUARDED = 0x10000;
/** Set by the machine: somebody who watches the run wants to hear of every arrival here. */
export const FLAG_WATCH = 0x20000;
/** Set by the machine: the instruction uses a local that a watchpoint is about, or follows the call that does. */
export const FLAG_LOCAL = 0x40000;
/** Set by the machine: the rounds of the page-fault handler are counted here. */
export const FLAG_ROUND = 0x80000;

/**
 * Fixed instructions at the start of every program, to which entry code returns. The first is never a legal target:
 * calling a null function pointer lands there.
 */
export const STUB_TRAP_RETURN = 4;
export const STUB_INTERRUPT_RETURN = 8;
export const STUB_BOOT_RETURN = 12;
export const STUB_COUNT = 4;

/** What an operand word means: `read`/`write` name slots (…64: a pair), the rest are literal. */
export type OperandKind =
  | 'none'
  | 'read'
  | 'write'
  | 'read64'
  | 'write64'
  | 'immediate'
  | 'target'
  | 'function'
  | 'intrinsic'
  | 'annotation'
  | 'arguments';

interface InstructionShape<Name extends string = string> {
  readonly name: Name;
  readonly a: OperandKind;
  readonly b: OperandKind;
  readonly c: OperandKind;
  readonly meaning: string;
}

function shape<const Name extends string>(
  name: Name,
  a: OperandKind,
  b: OperandKind,
  c: OperandKind,
  meaning: string,
): InstructionShape<Name> {
  return { name, a, b, c, meaning };
}

/** All instructions; the index is the opcode. Arithmetic is modulo 2^32 or 2^64. */
export const INSTRUCTIONS = [
  shape(
    'trap',
    'immediate',
    'none',
    'none',
    'machine fault; a: 0 null call, 1 end of a non-void function',
  ),
  shape('trapReturn', 'none', 'none', 'none', 'stub: back to user mode from the trap frame'),
  shape('interruptReturn', 'none', 'none', 'none', 'stub: back to what the interrupt interrupted'),
  shape('bootReturn', 'none', 'none', 'none', 'stub: booting is over'),
  shape('nop', 'none', 'none', 'none', 'a statement without code'),
  // moves
  shape('const', 'write', 'immediate', 'none', 'a = b'),
  shape('move', 'write', 'read', 'none', 'a = b'),
  shape('move64', 'write64', 'read64', 'none', 'a = b'),
  shape('frameAddress', 'write', 'immediate', 'none', 'a = fp + b, b in bytes'),
  // memory; c is a byte offset
  shape('load8s', 'write', 'read', 'immediate', 'a = sign-extended byte at b + c'),
  shape('load8u', 'write', 'read', 'immediate', 'a = zero-extended byte at b + c'),
  shape('load16s', 'write', 'read', 'immediate', 'a = sign-extended half at b + c'),
  shape('load16u', 'write', 'read', 'immediate', 'a = zero-extended half at b + c'),
  shape('load32', 'write', 'read', 'immediate', 'a = word at b + c'),
  shape('load64', 'write64', 'read', 'immediate', 'a = two words at b + c'),
  shape('store8', 'read', 'read', 'immediate', 'byte at b + c = a'),
  shape('store16', 'read', 'read', 'immediate', 'half at b + c = a'),
  shape('store32', 'read', 'read', 'immediate', 'word at b + c = a'),
  shape('store64', 'read64', 'read', 'immediate', 'two words at b + c = a'),
  shape('copy', 'read', 'read', 'immediate', 'copy c bytes from address b to address a'),
  shape('zero', 'read', 'none', 'immediate', 'clear c bytes at address a'),
  // 32-bit arithmetic
  shape('add', 'write', 'read', 'read', 'a = b + c'),
  shape('sub', 'write', 'read', 'read', 'a = b - c'),
  shape('mul', 'write', 'read', 'read', 'a = b * c'),
  shape('divs', 'write', 'read', 'read', 'a = b / c signed; c = 0 is a machine fault'),
  shape('divu', 'write', 'read', 'read', 'a = b / c unsigned; c = 0 is a machine fault'),
  shape('rems', 'write', 'read', 'read', 'a = b % c signed; c = 0 is a machine fault'),
  shape('remu', 'write', 'read', 'read', 'a = b % c unsigned; c = 0 is a machine fault'),
  shape('and', 'write', 'read', 'read', 'a = b & c'),
  shape('or', 'write', 'read', 'read', 'a = b | c'),
  shape('xor', 'write', 'read', 'read', 'a = b ^ c'),
  shape('shl', 'write', 'read', 'read', 'a = b << (c & 31)'),
  shape('shrs', 'write', 'read', 'read', 'a = b >> (c & 31), sign filled'),
  shape('shru', 'write', 'read', 'read', 'a = b >> (c & 31), zero filled'),
  shape('addi', 'write', 'read', 'immediate', 'a = b + c'),
  shape('muli', 'write', 'read', 'immediate', 'a = b * c'),
  shape('andi', 'write', 'read', 'immediate', 'a = b & c'),
  shape('ori', 'write', 'read', 'immediate', 'a = b | c'),
  shape('xori', 'write', 'read', 'immediate', 'a = b ^ c'),
  shape('shli', 'write', 'read', 'immediate', 'a = b << c'),
  shape('shrsi', 'write', 'read', 'immediate', 'a = b >> c, sign filled'),
  shape('shrui', 'write', 'read', 'immediate', 'a = b >> c, zero filled'),
  shape('neg', 'write', 'read', 'none', 'a = -b'),
  shape('not', 'write', 'read', 'none', 'a = ~b'),
  shape('ext8s', 'write', 'read', 'none', 'a = low byte of b, sign filled'),
  shape('ext8u', 'write', 'read', 'none', 'a = low byte of b, zero filled'),
  shape('ext16s', 'write', 'read', 'none', 'a = low half of b, sign filled'),
  shape('ext16u', 'write', 'read', 'none', 'a = low half of b, zero filled'),
  // 32-bit comparisons give 0 or 1
  shape('eq', 'write', 'read', 'read', 'a = b == c'),
  shape('ne', 'write', 'read', 'read', 'a = b != c'),
  shape('lts', 'write', 'read', 'read', 'a = b < c signed'),
  shape('ltu', 'write', 'read', 'read', 'a = b < c unsigned'),
  shape('les', 'write', 'read', 'read', 'a = b <= c signed'),
  shape('leu', 'write', 'read', 'read', 'a = b <= c unsigned'),
  shape('eqi', 'write', 'read', 'immediate', 'a = b == c'),
  shape('nei', 'write', 'read', 'immediate', 'a = b != c'),
  // 64-bit
  shape('extend64s', 'write64', 'read', 'none', 'a = b, sign-extended to 64 bits'),
  shape('extend64u', 'write64', 'read', 'none', 'a = b, zero-extended to 64 bits'),
  shape('add64', 'write64', 'read64', 'read64', 'a = b + c'),
  shape('sub64', 'write64', 'read64', 'read64', 'a = b - c'),
  shape('mul64', 'write64', 'read64', 'read64', 'a = b * c'),
  shape('divs64', 'write64', 'read64', 'read64', 'a = b / c signed; c = 0 is a machine fault'),
  shape('divu64', 'write64', 'read64', 'read64', 'a = b / c unsigned; c = 0 is a machine fault'),
  shape('rems64', 'write64', 'read64', 'read64', 'a = b % c signed; c = 0 is a machine fault'),
  shape('remu64', 'write64', 'read64', 'read64', 'a = b % c unsigned; c = 0 is a machine fault'),
  shape('and64', 'write64', 'read64', 'read64', 'a = b & c'),
  shape('or64', 'write64', 'read64', 'read64', 'a = b | c'),
  shape('xor64', 'write64', 'read64', 'read64', 'a = b ^ c'),
  shape('shl64', 'write64', 'read64', 'read', 'a = b << (c & 63)'),
  shape('shrs64', 'write64', 'read64', 'read', 'a = b >> (c & 63), sign filled'),
  shape('shru64', 'write64', 'read64', 'read', 'a = b >> (c & 63), zero filled'),
  shape('neg64', 'write64', 'read64', 'none', 'a = -b'),
  shape('not64', 'write64', 'read64', 'none', 'a = ~b'),
  shape('eq64', 'write', 'read64', 'read64', 'a = b == c'),
  shape('ne64', 'write', 'read64', 'read64', 'a = b != c'),
  shape('lts64', 'write', 'read64', 'read64', 'a = b < c signed'),
  shape('ltu64', 'write', 'read64', 'read64', 'a = b < c unsigned'),
  shape('les64', 'write', 'read64', 'read64', 'a = b <= c signed'),
  shape('leu64', 'write', 'read64', 'read64', 'a = b <= c unsigned'),
  // control
  shape('jump', 'target', 'none', 'none', 'go to a'),
  shape('jumpIfZero', 'read', 'target', 'none', 'if a == 0 go to b'),
  shape('jumpIfNot', 'read', 'target', 'none', 'if a != 0 go to b'),
  shape('jumpEq', 'read', 'read', 'target', 'if a == b go to c'),
  shape('jumpNe', 'read', 'read', 'target', 'if a != b go to c'),
  shape('jumpLts', 'read', 'read', 'target', 'if a < b signed go to c'),
  shape('jumpLtu', 'read', 'read', 'target', 'if a < b unsigned go to c'),
  shape('jumpLes', 'read', 'read', 'target', 'if a <= b signed go to c'),
  shape('jumpLeu', 'read', 'read', 'target', 'if a <= b unsigned go to c'),
  shape('jumpEqi', 'read', 'immediate', 'target', 'if a == literal b go to c'),
  shape(
    'call',
    'write',
    'function',
    'immediate',
    'call function number b with fp = fp - c; its word result goes to a (for a 64-bit result: the pair at a; no result: a is not written)',
  ),
  shape(
    'callPointer',
    'write',
    'read',
    'immediate',
    'the same for the function whose address is in b',
  ),
  shape('return', 'none', 'none', 'none', 'return without a value'),
  shape('return32', 'read', 'none', 'none', 'return a'),
  shape('return64', 'read64', 'none', 'none', 'return the pair a'),
  shape(
    'intrinsic',
    'write',
    'intrinsic',
    'arguments',
    'call intrinsic b with its arguments in the consecutive slots from c',
  ),
  // what the modelled code does not see
  shape(
    'annotate',
    'annotation',
    'none',
    'arguments',
    'annotation a takes effect with its operands in the slots from c',
  ),
  shape('ghost', 'write', 'immediate', 'arguments', 'a = answer of ghost query b on the slot c'),
  shape(
    'costBegin',
    'immediate',
    'none',
    'none',
    'charge cost name a; statements are free until the matching costEnd',
  ),
  shape('costEnd', 'none', 'none', 'none', 'the innermost costBegin of this frame ends'),
  // checks for undefined behavior, which do nothing when checks are off
  shape('checkIndex', 'read', 'immediate', 'none', 'machine fault unless a < b unsigned'),
  shape(
    'checkAssigned',
    'read',
    'immediate',
    'none',
    'machine fault if a is 0: the local at fp + b, b in bytes, has no value',
  ),
  shape('guardFrame', 'function', 'none', 'none', 'the guarded locals of function a begin to live'),
  shape('unguardFrame', 'function', 'none', 'none', 'they end'),
  shape('undefine', 'immediate', 'immediate', 'none', 'b bytes at fp + a have no value'),
  shape('undefineLocal', 'function', 'immediate', 'none', 'guarded local b of a has no value'),
  shape('define', 'immediate', 'immediate', 'none', 'b bytes at fp + a have one'),
  shape(
    'carry',
    'immediate',
    'immediate',
    'immediate',
    'of c bytes at fp + a those lack a value that lack one at fp + b',
  ),
  shape(
    'checkValue',
    'immediate',
    'immediate',
    'none',
    'machine fault unless b bytes at fp + a have a value',
  ),
] as const satisfies readonly InstructionShape[];

/** The name of an instruction. */
export type InstructionName = (typeof INSTRUCTIONS)[number]['name'];

/** Opcode by name: `OP.add`. */
export const OP: Readonly<Record<InstructionName, number>> = Object.fromEntries(
  INSTRUCTIONS.map((instruction, opcode) => [instruction.name, opcode]),
) as Record<InstructionName, number>;

const RETURNS: ReadonlySet<number> = new Set([OP.return, OP.return32, OP.return64]);

/** Whether an instruction, given by its first word, returns from its function. */
export function isReturn(word: number): boolean {
  return RETURNS.has(word & OPCODE_MASK);
}
