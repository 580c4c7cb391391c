/**
 * The macros that are there before the first line: what `gcc -m32 -std=gnu99` says of the machine
 * and the language, as far as programs ask, plus `__FAULTLINE__` for code that wants to know us.
 *
 * `__GNUC__` is 4.4, a compiler of the year of the kernel that is taught. A program is the same whenever
 * it is compiled, so `__DATE__` and `__TIME__` name the beginning of Unix time.
 */
import type { SourceFile } from '../base/span.ts';
import { DiagnosticSink } from './diagnosticSink.ts';
import { lexFile } from './lexedFile.ts';
import { readMacro, type DynamicMacro, type Macro } from './macro.ts';

const DEFINITIONS = `__FAULTLINE__ 1
__STDC__ 1
__STDC_VERSION__ 199901L
__STDC_HOSTED__ 0
__GNUC__ 4
__GNUC_MINOR__ 4
__GNUC_PATCHLEVEL__ 5
__GNUC_GNU_INLINE__ 1
__VERSION__ "4.4.5"
__i386__ 1
__i386 1
__linux__ 1
__linux 1
__gnu_linux__ 1
__unix__ 1
__unix 1
__ELF__ 1
__ILP32__ 1
__NO_INLINE__ 1
__CHAR_BIT__ 8
__SCHAR_MAX__ 127
__SHRT_MAX__ 32767
__INT_MAX__ 2147483647
__LONG_MAX__ 2147483647L
__LONG_LONG_MAX__ 9223372036854775807LL
__WCHAR_MAX__ 2147483647L
__SIZEOF_SHORT__ 2
__SIZEOF_INT__ 4
__SIZEOF_LONG__ 4
__SIZEOF_LONG_LONG__ 8
__SIZEOF_POINTER__ 4
__SIZEOF_SIZE_T__ 4
__SIZEOF_PTRDIFF_T__ 4
__SIZE_TYPE__ unsigned int
__PTRDIFF_TYPE__ int
__WCHAR_TYPE__ long int
__INTMAX_TYPE__ long long int
__UINTMAX_TYPE__ long long unsigned int
__BYTE_ORDER__ 1234
__ORDER_LITTLE_ENDIAN__ 1234
__ORDER_BIG_ENDIAN__ 4321
__DATE__ "Jan  1 1970"
__TIME__ "00:00:00"
`;

/** Where the predefined macros are written. */
export const BUILT_IN_FILE: SourceFile = { path: '<built-in>', text: DEFINITIONS };

const DYNAMIC: readonly (readonly [string, DynamicMacro])[] = [
  ['__LINE__', 'line'],
  ['__FILE__', 'file'],
  ['__COUNTER__', 'counter'],
  ['__INCLUDE_LEVEL__', 'level'],
];

/** Reads definitions, one a line: name, space, body. */
export function readDefinitions(file: SourceFile, sink: DiagnosticSink): Macro[] {
  const macros: Macro[] = [];
  const { tokens } = lexFile(file);
  let start = 0;
  for (let at = 1; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token === undefined || (!token.atLineStart && token.kind !== 'end')) continue;
    const line = tokens.slice(start, at);
    const [name] = line;
    const macro = name === undefined ? undefined : readMacro(line, name.span, sink);
    if (macro !== undefined) macros.push(macro);
    start = at;
  }
  return macros;
}

let predefined: readonly Macro[] | undefined;

/** The predefined macros, the same objects for every unit. */
export function predefinedMacros(): readonly Macro[] {
  predefined ??= createPredefined();
  return predefined;
}

function createPredefined(): Macro[] {
  const file = BUILT_IN_FILE;
  const span = { file, start: 0, end: 0 };
  const dynamic = DYNAMIC.map(([name, kind]): Macro => ({
    name,
    parameters: undefined,
    isVariadic: false,
    body: [],
    bodyText: '',
    dynamic: kind,
    span,
  }));
  return [...readDefinitions(file, new DiagnosticSink()), ...dynamic];
}
