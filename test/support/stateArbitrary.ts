/**
 * Random instructions in random states, for the comparison with a real CPU: all families of
 * instructions, with operands that reach across the border of the two pages of `stateCases.ts`.
 */
import fc from 'fast-check';
import { CONDITIONS } from '../../src/x86/mnemonic.ts';
import { REGISTER_NAMES, type Width } from '../../src/x86/register.ts';
import { SECOND_PAGE, type Rights, type StateCase } from './stateCases.ts';

const CF = 0x001;
const PF = 0x004;
const AF = 0x010;
const ZF = 0x040;
const SF = 0x080;
const OF = 0x800;
const ARITHMETIC = CF | PF | AF | ZF | SF | OF;

/** Instructions, and the flags that they leave undefined. */
interface Code {
  readonly source: string;
  readonly undefinedFlags?: number;
  /** Single-step traps can be counted. */
  readonly isTraceable?: boolean;
  /** Bounds of ecx, where it is a count. */
  readonly count?: readonly [lowest: number, highest: number];
}

const SUFFIX: Readonly<Record<Width, string>> = { 1: 'b', 2: 'w', 4: 'l' };
const width = fc.constantFrom<Width>(1, 2, 4);
const wide = fc.constantFrom<2 | 4>(2, 4);
const registerOf = (bytes: Width): fc.Arbitrary<string> =>
  // Not the stack pointer, which must stay near the window.
  fc
    .constantFrom(...REGISTER_NAMES[bytes].filter((name) => !name.endsWith('sp')))
    .map((name) => `%${name}`);
const memory = fc.constantFrom(
  '(%esi)',
  '4(%edi)',
  '-6(%ebx)',
  '(%esi,%ecx,4)',
  '3(%ebx,%ecx)',
  '-1(%edi,%ecx,2)',
  '(%esp)',
  '-8(%ebp)',
  `0x${(SECOND_PAGE - 2).toString(16)}`,
  `0x${(SECOND_PAGE + 4).toString(16)}`,
  `0x${(SECOND_PAGE - 16).toString(16)}(,%ecx,8)`,
);
const place = (bytes: Width): fc.Arbitrary<string> => fc.oneof(registerOf(bytes), memory);
const word = fc.oneof(
  fc.constantFrom(0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, -1),
  fc.integer(),
);
const immediate = (bytes: Width): fc.Arbitrary<string> =>
  word.map(
    (value) => `$${String(bytes === 4 ? value | 0 : bytes === 2 ? value & 0xffff : value & 0xff)}`,
  );
const condition = fc.constantFrom(...CONDITIONS.map(([name = '']) => name));

const binary: fc.Arbitrary<Code> = width.chain((bytes) =>
  fc
    .tuple(
      fc.constantFrom('add', 'or', 'adc', 'sbb', 'and', 'sub', 'xor', 'cmp', 'test', 'mov'),
      fc.oneof(
        fc.tuple(fc.oneof(registerOf(bytes), immediate(bytes)), place(bytes)),
        fc.tuple(memory, registerOf(bytes)),
      ),
      fc.boolean(),
    )
    .map(([name, [from, to], isLocked]) => {
      const canLock = isLocked && to.includes('(') && !['cmp', 'test', 'mov'].includes(name);
      return {
        source: `${canLock ? 'lock ' : ''}${name}${SUFFIX[bytes]} ${from},${to}`,
        undefinedFlags: ['or', 'and', 'xor', 'test'].includes(name) ? AF : 0,
      };
    }),
);

const unary: fc.Arbitrary<Code> = width.chain((bytes) =>
  fc
    .tuple(fc.constantFrom('inc', 'dec', 'neg', 'not', 'mul', 'imul', 'div', 'idiv'), place(bytes))
    .map(([name, to]) => ({
      source: `${name}${SUFFIX[bytes]} ${to}`,
      undefinedFlags: name.includes('div')
        ? ARITHMETIC
        : name.includes('mul')
          ? ARITHMETIC & ~(CF | OF)
          : 0,
    })),
);

/** A division whose quotient fits more often than that of random numbers. */
const division: fc.Arbitrary<Code> = fc
  .tuple(width, fc.constantFrom('div', 'idiv'))
  .chain(([bytes, name]) =>
    place(bytes).map((by) => ({
      source: `${{ 1: name === 'div' ? 'movzbw %al,%ax' : 'cbtw', 2: name === 'div' ? 'movw $0,%dx' : 'cwtd', 4: name === 'div' ? 'movl $3,%edx' : 'cltd' }[bytes]}; ${name}${SUFFIX[bytes]} ${by}`,
      undefinedFlags: ARITHMETIC,
    })),
  );

const product: fc.Arbitrary<Code> = wide.chain((bytes) =>
  fc
    .tuple(
      fc.oneof(
        fc.constant(''),
        immediate(bytes).map((value) => `${value},`),
      ),
      place(bytes),
      registerOf(bytes),
    )
    .map(([factor, from, to]) => ({
      source: `imul${SUFFIX[bytes]} ${factor}${from},${to}`,
      undefinedFlags: ARITHMETIC & ~(CF | OF),
    })),
);

const SHIFTS = ['rol', 'ror', 'rcl', 'rcr', 'shl', 'shr', 'sar'];
const shift: fc.Arbitrary<Code> = width.chain((bytes) =>
  fc
    .tuple(fc.constantFrom(...SHIFTS), fc.integer({ min: 0, max: 40 }), fc.boolean(), place(bytes))
    .map(([name, times, isInCl, to]): Code => {
      const isRotation = name.startsWith('r');
      const masked = times & 31;
      const overflow = masked <= 1 ? 0 : OF;
      // A shift by more than the width leaves the carry undefined.
      const carry = !isRotation && name !== 'sar' && masked >= 8 * bytes ? CF : 0;
      return {
        source: isInCl
          ? `movb $${String(times)},%cl; ${name}${SUFFIX[bytes]} %cl,${to}`
          : `${name}${SUFFIX[bytes]} $${String(times)},${to}`,
        undefinedFlags: masked === 0 ? 0 : overflow | carry | (isRotation ? 0 : AF),
      };
    }),
);

const doubleShift: fc.Arbitrary<Code> = wide.chain((bytes) =>
  fc
    .tuple(
      fc.constantFrom('shld', 'shrd'),
      fc.integer({ min: 0, max: bytes === 2 ? 16 : 31 }),
      registerOf(bytes),
      place(bytes),
    )
    .map(([name, times, from, to]) => ({
      source: `${name}${SUFFIX[bytes]} $${String(times)},${from},${to}`,
      undefinedFlags: times === 0 ? 0 : AF | (times === 1 ? 0 : OF),
    })),
);

const bitTest: fc.Arbitrary<Code> = wide.chain((bytes) =>
  fc
    .tuple(
      fc.constantFrom('bt', 'bts', 'btr', 'btc'),
      fc.oneof(
        fc.integer({ min: 0, max: 255 }).map((bit) => `$${String(bit)}`),
        fc.constant(bytes === 2 ? '%cx' : '%ecx'),
      ),
      place(bytes),
    )
    .map(([name, bit, to]) => ({
      source: `${name}${SUFFIX[bytes]} ${bit},${to}`,
      undefinedFlags: PF | AF | SF | OF,
      count: [-70, 70] as const,
    })),
);

const scan: fc.Arbitrary<Code> = wide.chain((bytes) =>
  fc
    .tuple(fc.constantFrom('bsf', 'bsr'), place(bytes), registerOf(bytes))
    .map(([name, from, to]) => ({
      source: `${name}${SUFFIX[bytes]} ${from},${to}`,
      undefinedFlags: ARITHMETIC & ~ZF,
    })),
);

const exchange: fc.Arbitrary<Code> = width.chain((bytes) =>
  fc
    .tuple(
      fc.constantFrom('xchg', 'xadd', 'cmpxchg'),
      registerOf(bytes),
      place(bytes),
      fc.boolean(),
      fc.boolean(),
    )
    .map(([name, from, to, isLocked, isEqual]) => {
      const accumulator = { 1: '%al', 2: '%ax', 4: '%eax' }[bytes];
      const first =
        isEqual && name === 'cmpxchg' ? `mov${SUFFIX[bytes]} ${to},${accumulator}; ` : '';
      const isMemory = !to.startsWith('%');
      return {
        source: `${first}${isLocked && isMemory ? 'lock ' : ''}${name}${SUFFIX[bytes]} ${from},${to}`,
      };
    }),
);

const exchangeEight: fc.Arbitrary<Code> = fc
  .tuple(fc.constantFrom('(%esi)', '-4(%edi)', '-8(%ebp)'), fc.boolean(), fc.boolean())
  .map(([to, isLocked, isEqual]) => {
    const high = to === '(%esi)' ? '4(%esi)' : to === '-4(%edi)' ? '(%edi)' : '-4(%ebp)';
    const first = isEqual ? `movl ${to},%eax; movl ${high},%edx; ` : '';
    return { source: `${first}${isLocked ? 'lock ' : ''}cmpxchg8b ${to}` };
  });

const move: fc.Arbitrary<Code> = fc.oneof(
  fc
    .tuple(fc.constantFrom('movzbw', 'movsbw'), place(1), registerOf(2))
    .map(([name, from, to]) => ({ source: `${name} ${from},${to}` })),
  fc
    .tuple(fc.constantFrom('movzbl', 'movsbl'), place(1), registerOf(4))
    .map(([name, from, to]) => ({ source: `${name} ${from},${to}` })),
  fc
    .tuple(fc.constantFrom('movzwl', 'movswl'), place(2), registerOf(4))
    .map(([name, from, to]) => ({ source: `${name} ${from},${to}` })),
  wide.chain((bytes) =>
    fc
      .tuple(memory, registerOf(bytes))
      .map(([from, to]) => ({ source: `lea${SUFFIX[bytes]} ${from},${to}` })),
  ),
  wide.chain((bytes) =>
    fc
      .tuple(condition, place(bytes), registerOf(bytes))
      .map(([name, from, to]) => ({ source: `cmov${name}${SUFFIX[bytes]} ${from},${to}` })),
  ),
  fc.tuple(condition, place(1)).map(([name, to]) => ({ source: `set${name} ${to}` })),
  registerOf(4).map((name) => ({ source: `bswap ${name}` })),
  fc
    .constantFrom(
      'cltd',
      'cwtl',
      'cbtw',
      'cwtd',
      'lahf',
      'sahf',
      'cmc',
      'clc',
      'stc',
      'cld',
      'std',
      'nop',
      'pause',
      'xlat',
      'mfence',
      'ud2',
      'lock addl %eax,%ebx',
      'nopl (%eax)',
    )
    .map((source) => ({
      source: source.startsWith('lock') ? '.byte 0xf0; addl %eax,%ebx' : source,
    })),
);

const stack: fc.Arbitrary<Code> = fc.oneof(
  wide.chain((bytes) =>
    fc
      .tuple(fc.constantFrom('push', 'pop'), place(bytes))
      .map(([name, to]) => ({ source: `${name}${SUFFIX[bytes]} ${to}` })),
  ),
  wide.chain((bytes) =>
    immediate(bytes).map((value) => ({ source: `push${SUFFIX[bytes]} ${value}` })),
  ),
  fc
    .constantFrom(
      'pusha',
      'popa',
      'pushaw',
      'popaw',
      'pushf',
      'pushfw',
      'leave',
      'pushl %esp',
      'popl %esp',
      'popl 4(%esp)',
      'pushl -4(%esp)',
    )
    .map((source) => ({ source })),
  fc
    .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 4 }))
    .map(([bytes, level]) => ({ source: `enter $${String(bytes)},$${String(level)}` })),
  fc
    .integer({ min: 0, max: 0xfff })
    .map((bits) => ({ source: `pushl $${String((bits & 0xcd5) | 2)}; popf` })),
);

const control: fc.Arbitrary<Code> = fc.oneof(
  condition.map((name) => ({ source: `j${name} 1f; notl %edx; 1:` })),
  fc.constantFrom('loop', 'loope', 'loopne', 'jecxz').map((name) => ({
    source: `${name} 1f; notl %edx; 1:`,
    count: [0, 2] as const,
  })),
  fc
    .constantFrom(
      '1: incl %edx; loop 1b',
      '1: decl %edx; loopne 1b',
      'call 1f; notl %edx; 1:',
      'movl $1f,%eax; call *%eax; notl %edx; 1:',
      'movl $1f,%eax; jmp *%eax; notl %edx; 1:',
      'pushl $1f; ret; notl %edx; 1:',
      'pushl $1f; ret $6; notl %edx; 1:',
      'pushl $1f; jmp *(%esp); notl %edx; 1:',
      'pushl $1f; call *(%esp); notl %edx; 1:',
    )
    .map((source) => ({ source, count: [1, 5] as const })),
);

const strings: fc.Arbitrary<Code> = fc
  .tuple(
    fc.constantFrom('movs', 'cmps', 'stos', 'lods', 'scas'),
    width,
    fc.constantFrom('', 'rep ', 'rep ', 'repne '),
    fc.constantFrom('cld', 'cld', 'std'),
  )
  .map(([name, bytes, prefix, direction]) => {
    const canRepne = name === 'cmps' || name === 'scas';
    const used = prefix === 'repne ' && !canRepne ? 'rep ' : prefix;
    return {
      source: `${direction}; ${used}${name}${SUFFIX[bytes]}`,
      isTraceable: true,
      count: [0, 9] as const,
    };
  });

const code: fc.Arbitrary<Code> = fc.oneof(
  { weight: 6, arbitrary: binary },
  { weight: 4, arbitrary: unary },
  { weight: 2, arbitrary: division },
  { weight: 2, arbitrary: product },
  { weight: 5, arbitrary: shift },
  { weight: 2, arbitrary: doubleShift },
  { weight: 3, arbitrary: bitTest },
  { weight: 1, arbitrary: scan },
  { weight: 4, arbitrary: exchange },
  { weight: 1, arbitrary: exchangeEight },
  { weight: 6, arbitrary: move },
  { weight: 4, arbitrary: stack },
  { weight: 2, arbitrary: control },
  { weight: 6, arbitrary: strings },
);

/** An address near the border of the pages. */
const nearBorder = fc.integer({ min: -24, max: 24 }).map((distance) => SECOND_PAGE + distance);

const ADDRESSING = /\(|movs|cmps|stos|lods|scas|leave|popa|xlat|enter/;

/** A case that touches no memory but the window and its surroundings. */
export const stateCase: fc.Arbitrary<StateCase> = code.chain((item) => {
  const isAddressing = ADDRESSING.test(item.source) || item.source.includes('0x');
  const address = isAddressing ? nearBorder : word;
  const [lowest, highest] = item.count ?? [-3, 3];
  const count = fc.integer({ min: lowest, max: highest });
  return fc
    .record({
      rights: fc.constantFrom<Rights>(0, 1, 1, 2),
      isTraced: item.isTraceable === true ? fc.boolean() : fc.constant(false),
      eax: word,
      ecx: item.count !== undefined || isAddressing ? count : word,
      edx: word,
      ebx: address,
      esp: nearBorder,
      ebp: isAddressing ? nearBorder : word,
      esi: address,
      edi: address,
      flags: fc.integer({ min: 0, max: 0xfff }),
      seed: fc.nat(0xffff),
    })
    .map(({ rights, isTraced, eax, ecx, edx, ebx, esp, ebp, esi, edi, flags, seed }) => ({
      source: item.source,
      rights,
      isTraced,
      registers: [eax, ecx, edx, ebx, esp, ebp, esi, edi, (flags & 0x8d5) | 0x202],
      seed,
      undefinedFlags: item.undefinedFlags ?? 0,
    }));
});
