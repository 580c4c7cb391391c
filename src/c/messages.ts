/**
 * The wordings of every diagnostic of the C compiler, by code: one section a stage.
 *
 * Messages follow clang: lower case, no full stop, names in backquotes; they say what is wrong and,
 * where it is not obvious, what to do. The key is the diagnostic's stable code.
 */
import type { Severity } from '../base/diagnostic.ts';

interface Message {
  readonly severity: Severity;
  readonly wording: (...values: never[]) => string;
}

function error<Values extends (string | number)[]>(wording: (...values: Values) => string) {
  return { severity: 'error', wording } as const;
}

function warning<Values extends (string | number)[]>(wording: (...values: Values) => string) {
  return { severity: 'warning', wording } as const;
}

export const MESSAGES = {
  // ---- characters and tokens (lexer.ts, literal.ts)
  'file-too-large': error((limit: number) => `the file is larger than ${String(limit)} characters`),
  'unexpected-character': error((character: string) => `unexpected character ${character}`),
  'unterminated-comment': error(() => 'comment is not closed by `*/`'),
  'unterminated-string': error(() => 'string literal is not closed on its line'),
  'unterminated-character': error(() => 'character constant is not closed on its line'),
  'empty-character': error(() => 'empty character constant'),
  'character-too-long': warning(() => 'character constant holds more than one character'),
  'bad-escape': error((escape: string) => `unknown escape sequence \`${escape}\``),
  'escape-out-of-range': error(
    (escape: string) => `escape sequence \`${escape}\` does not fit into a byte`,
  ),
  'bad-number': error((text: string) => `\`${text}\` is not a number`),
  'number-too-large': error((text: string) => `integer \`${text}\` does not fit into 64 bits`),
  'floating-point-unsupported': error(
    () => 'floating point is not supported; the modelled kernel uses integers only',
  ),
  // ---- directives and macros (preprocessor.ts and its neighbors)
  'unknown-directive': error(
    (name: string, hint: string) => `unknown directive \`#${name}\`${hint}`,
  ),
  'directive-extra-tokens': warning((name: string) => `extra tokens after \`#${name}\``),
  'include-form': error(() => '`#include` needs "FILE" or <FILE>'),
  'line-form': error(() => '`#line` needs a number, and "FILE" may stand behind it'),
  'include-not-found': error(
    (path: string, hint: string) => `cannot find the included file \`${path}\`${hint}`,
  ),
  'include-too-deep': error(
    (limit: number) =>
      `includes are nested deeper than ${String(limit)} files; does a file include itself?`,
  ),
  'unit-too-large': error(
    (limit: number) => `the unit has more than ${String(limit)} tokens after macro expansion`,
  ),
  'macro-name-missing': error((directive: string) => `\`#${directive}\` needs a macro name`),
  'macro-name-reserved': error((name: string) => `\`${name}\` cannot be a macro`),
  'macro-redefined': warning(
    (name: string) => `macro \`${name}\` is defined again with another body`,
  ),
  'macro-parameters': error(
    (limit: number) =>
      `macro parameters must be different names, at most ${String(limit)}, with \`...\` last`,
  ),
  'macro-stringify': error(() => '`#` in a function-like macro must stand before a parameter'),
  'macro-paste-edge': error(() => '`##` cannot stand at an end of a macro body'),
  'macro-arguments-open': error(
    (name: string) => `the arguments of macro \`${name}\` are not closed by \`)\``,
  ),
  'macro-arguments-count': error(
    (name: string, expected: string, found: number) =>
      `macro \`${name}\` takes ${expected}, but ${String(found)} ${found === 1 ? 'is' : 'are'} given`,
  ),
  'macro-too-deep': error(
    (name: string) => `macro \`${name}\` is expanded inside too many other macros`,
  ),
  'macro-string-too-large': error(
    (limit: number) => `\`#\` gives a string of more than ${String(limit)} characters`,
  ),
  'bad-paste': error((text: string) => `\`##\` gives \`${text}\`, which is not one token`),
  'conditional-expression': error((what: string) => `bad \`#if\` expression: ${what}`),
  'conditional-division': error(() => 'division by zero in `#if`'),
  'conditional-without-if': error((name: string) => `\`#${name}\` without \`#if\``),
  'conditional-after-else': error((name: string) => `\`#${name}\` after \`#else\``),
  'conditional-open': error((name: string) => `\`#${name}\` is not closed by \`#endif\``),
  'user-error': error((text: string) => (text === '' ? '`#error`' : `#error ${text}`)),
  'user-warning': warning((text: string) => (text === '' ? '`#warning`' : `#warning ${text}`)),
  // ---- annotations (annotationForm.ts)
  'annotation-empty': error(() => 'an annotation needs a form after `//@`'),
  'annotation-unknown': error(
    (name: string, hint: string) => `unknown annotation \`${name}\`${hint}`,
  ),
  'annotation-syntax': error(
    (form: string, expected: string, shape: string) =>
      `annotation \`${form}\`: expected ${expected}; it reads \`//@ ${shape}\``,
  ),
  'annotation-word': error(
    (form: string, word: string, choices: string) =>
      `annotation \`${form}\`: \`${word}\` is not one of ${choices}`,
  ),
  'annotation-misplaced': warning(
    () => 'an annotation inside the arguments of a macro has no effect',
  ),
  // ---- parser and semantic analysis (parse*.ts)
  // syntax
  expected: error((what: string, found: string) => `expected ${what} before ${found}`),
  'expected-semicolon': error(() => 'expected `;` here'),
  'nested-too-deep': error(
    (limit: number) => `the code is nested too deep here (more than ${String(limit)} levels)`,
  ),
  'type-too-deep': error(
    (limit: number) => `the type has more than ${String(limit)} pointers, arrays and functions`,
  ),
  'stray-brace': error(() => '`}` without an open `{`'),
  unsupported: error((what: string) => `${what} is not supported`),
  'asm-unsupported': error(() => '`asm` is not supported; the machine offers intrinsics instead'),
  'attribute-unsupported': error((name: string) => `attribute \`${name}\` is not supported`),
  'label-address': error(() => 'labels as values are not supported; use `switch`'),
  'nested-function': error(
    (name: string) => `function \`${name}\` is defined inside another function`,
  ),
  'old-style-parameters': error(() => 'parameters need their types inside the parentheses'),
  'not-a-parameter': error((name: string) => `\`${name}\` is not among the parameters`),
  // names
  'misspelled-keyword': error(
    (name: string, keyword: string) => `unknown word \`${name}\`; did you mean \`${keyword}\`?`,
  ),
  'undeclared-identifier': error((name: string) => `\`${name}\` is not declared`),
  'implicit-function': error((name: string) => `function \`${name}\` is not declared`),
  'unknown-type': error((name: string) => `unknown type name \`${name}\``),
  redefined: error((name: string) => `\`${name}\` is defined again`),
  'conflicting-types': error(
    (name: string, type: string, other: string) =>
      `\`${name}\` is declared as \`${type}\`, but was declared as \`${other}\` before`,
  ),
  'static-after-extern': error(
    (name: string) => `\`${name}\` is \`static\` here, but was not before`,
  ),
  'wrong-tag': error(
    (keyword: string, name: string, other: string) =>
      `\`${keyword} ${name}\` was declared as \`${other} ${name}\` before`,
  ),
  'tag-in-prototype': warning(
    (name: string) => `\`${name}\` is first mentioned here, and known only inside this declaration`,
  ),
  'undefined-label': error((name: string) => `label \`${name}\` is used but not defined`),
  'unused-label': warning((name: string) => `label \`${name}\` is not used`),
  // declarations
  'declares-nothing': warning(() => 'this declaration declares nothing'),
  'missing-type': error(() => 'the declaration needs a type'),
  'two-types': error(() => 'two types in one declaration'),
  'bad-type-words': error(() => 'these words do not make a type together'),
  'two-storage-classes': error(
    (first: string, second: string) => `\`${first}\` and \`${second}\` exclude each other`,
  ),
  'storage-not-allowed': error((word: string) => `\`${word}\` cannot stand here`),
  'inline-variable': error((name: string) => `variable \`${name}\` cannot be \`inline\``),
  'incomplete-variable': error(
    (name: string, type: string) => `\`${name}\` has the incomplete type \`${type}\``,
  ),
  'incomplete-type': error((type: string) => `type \`${type}\` is incomplete here`),
  'incomplete-result': error(
    (name: string, type: string) => `\`${name}\` returns the incomplete type \`${type}\``,
  ),
  'unnamed-parameter': error(() => 'a parameter of a function definition needs a name'),
  'void-parameter': error(() => 'a parameter cannot have type `void`'),
  'bad-return-type': error((type: string) => `a function cannot return \`${type}\``),
  'array-element': error((type: string) => `an array cannot have elements of type \`${type}\``),
  'variable-length': error(
    () => 'the length of an array must be a constant; variable-length arrays are not supported',
  ),
  'negative-length': error((length: string) => `an array cannot have ${length} elements`),
  'too-large': error((what: string) => `${what} is larger than 2 GiB`),
  'bad-alignment': error(
    (limit: number) => `an alignment must be a power of two up to ${String(limit)}`,
  ),
  'static-assert': error((text: string) => `static assertion does not hold${text}`),
  'flexible-not-last': error(
    (name: string) => `\`${name}\` has no length, so it must be the last member of a struct`,
  ),
  'member-type': error(
    (name: string, type: string) => `member \`${name}\` cannot have type \`${type}\``,
  ),
  'duplicate-member': error((name: string) => `member \`${name}\` is declared twice`),
  'bit-field-type': error(
    (name: string, type: string) => `${name} has type \`${type}\`, which is not an integer`,
  ),
  'bit-field-width': error(
    (name: string, limit: number) =>
      `the width of ${name} must be a constant from 1 to ${String(limit)}, or 0 without a name`,
  ),
  'enum-bit-field': warning(
    (name: string, type: string) => `${name} is too narrow for some values of \`${type}\``,
  ),
  'array-words': error(
    () => '`static` and qualifiers in `[…]` may stand only in a parameter, right behind its name',
  ),
  'enum-overflow': error(
    (name: string, last: string, type: string) =>
      `\`${name}\` has no value: ${last} + 1 does not fit into \`${type}\``,
  ),
  'enum-range': warning(
    (name: string, low: string) =>
      `no integer type holds both \`${name}\` and ${low}; \`long long\` is taken`,
  ),
  // initializers
  'initializer-not-constant': error(
    () => 'the initializer of an object with static storage must be a constant',
  ),
  'initializer-too-large': error(
    (limit: number) => `initializers with more than ${String(limit)} items are not supported`,
  ),
  'flexible-initializer': error(
    () => 'only a static object can initialize a member that is an array without a length',
  ),
  'array-initializer': error(() => 'an array is initialized by a list in braces or a string'),
  'excess-initializers': warning((type: string) => `too many initializers for \`${type}\``),
  'empty-scalar': error(() => 'an empty list cannot initialize a number or pointer'),
  'designator-type': error((type: string) => `this designator does not fit type \`${type}\``),
  'designator-range': error((type: string) => `this index lies outside of \`${type}\``),
  'string-too-long': warning(
    (length: number) => `the string is longer than the array of ${String(length)} characters`,
  ),
  // expressions
  'not-constant': error((what: string) => `${what} must be an integer constant`),
  'not-assignable': error(() => 'this expression cannot be assigned to'),
  'assign-to-const': error((type: string) => `cannot assign to an object of type \`${type}\``),
  'address-of-value': error(() => '`&` needs something that is stored in memory'),
  'address-of-bit-field': error((name: string) => `bit-field \`${name}\` has no address`),
  'sizeof-bit-field': error(() => 'a bit-field has no size in bytes'),
  'not-a-pointer': error((type: string) => `\`*\` needs a pointer, not \`${type}\``),
  'not-a-record': error(
    (name: string, type: string) =>
      `\`${type}\` is not a struct or union with a member \`${name}\``,
  ),
  'incomplete-record': error(
    (type: string, name: string) =>
      `\`${type}\` is only declared here, so its member \`${name}\` is not known`,
  ),
  'incomplete-pointer': error(
    (type: string) => `arithmetic on a pointer to the incomplete type \`${type}\``,
  ),
  'unknown-member': error((type: string, name: string) => `\`${type}\` has no member \`${name}\``),
  'dot-on-pointer': error(
    (name: string, type: string) => `\`${type}\` is a pointer; did you mean \`->${name}\`?`,
  ),
  'arrow-on-record': error(
    (name: string, type: string) => `\`${type}\` is not a pointer; did you mean \`.${name}\`?`,
  ),
  'not-subscriptable': error(
    (array: string, index: string) => `cannot index \`${array}\` with \`${index}\``,
  ),
  'not-a-function': error((type: string) => `\`${type}\` is not a function`),
  'argument-count': error(
    (name: string, expected: string, found: number) =>
      `${name} takes ${expected} ${expected.endsWith('1') && expected.length < 11 ? 'argument' : 'arguments'}, but ${String(found)} ${found === 1 ? 'is' : 'are'} given`,
  ),
  'bad-argument': error((type: string) => `an argument cannot have type \`${type}\``),
  'not-a-scalar': error(
    (what: string, type: string) => `${what} needs a number or pointer, not \`${type}\``,
  ),
  'not-an-integer': error(
    (what: string, type: string) => `${what} must be an integer, not \`${type}\``,
  ),
  'bad-operands': error(
    (operator: string, left: string, right: string) =>
      `\`${operator}\` cannot combine \`${left}\` and \`${right}\``,
  ),
  'bad-cast': error((from: string, to: string) => `cannot cast \`${from}\` to \`${to}\``),
  'bad-conversion': error(
    (from: string, to: string, what: string) =>
      `cannot convert \`${from}\` to \`${to}\` in ${what}`,
  ),
  'pointer-to-integer': error(
    (from: string, to: string, what: string) =>
      `pointer \`${from}\` becomes integer \`${to}\` without a cast in ${what}`,
  ),
  'integer-to-pointer': error(
    (from: string, to: string, what: string) =>
      `integer \`${from}\` becomes pointer \`${to}\` without a cast in ${what}`,
  ),
  'incompatible-pointer': warning(
    (from: string, to: string, what: string) =>
      `\`${from}\` and \`${to}\` point to different types in ${what}`,
  ),
  'discarded-qualifier': warning(
    (qualifier: string, type: string, what: string) =>
      `\`${qualifier}\` of \`${type}\` is lost in ${what}`,
  ),
  'compared-pointers': warning(
    (left: string, right: string) => `comparison of \`${left}\` with \`${right}\``,
  ),
  'compared-pointer-integer': warning(
    (pointer: string, integer: string) =>
      `comparison of pointer \`${pointer}\` with integer \`${integer}\``,
  ),
  'conditional-pointers': warning(
    (left: string, right: string) => `the branches of \`?:\` are \`${left}\` and \`${right}\``,
  ),
  'conditional-types': error(
    (left: string, right: string) =>
      `the branches of \`?:\` are \`${left}\` and \`${right}\`, which have no common type`,
  ),
  'empty-difference': error((type: string) => `\`${type}\` has size 0, so it cannot be counted`),
  'division-by-zero': warning(() => 'division by zero'),
  'shift-count': warning(
    (count: string, type: string) => `shift by ${count} is outside of the bits of \`${type}\``,
  ),
  'constant-overflow': warning(
    (value: string, type: string) => `${value} does not fit into \`${type}\``,
  ),
  'constant-truncated': warning(
    (value: string, type: string, kept: string) =>
      `${value} does not fit into \`${type}\` and becomes ${kept}`,
  ),
  'suggest-parentheses': warning(
    (inner: string, outer: string) =>
      `\`${inner}\` binds tighter than \`${outer}\` here; put parentheses around what is meant`,
  ),
  'not-of-operand': warning(
    (operator: string) =>
      `\`!\` applies only to the left side of \`${operator}\`; put parentheses around what is meant`,
  ),
  'comparison-chain': warning(
    (operator: string) =>
      `\`a ${operator} b ${operator} c\` compares 0 or 1 with the last; join two comparisons by \`&&\``,
  ),
  'constant-comparison': warning(
    (result: string, why: string) => `this comparison is always ${result}: ${why}`,
  ),
  'address-truth': warning(
    (what: string) => `the address of ${what} is never 0, so this is always true`,
  ),
  'array-bounds': warning(
    (index: string, type: string) => `index ${index} lies outside of \`${type}\``,
  ),
  'local-address': warning(
    (name: string) => `this returns the address of \`${name}\`, which ends with the function`,
  ),
  'sequence-point': warning(
    (name: string) => `\`${name}\` is changed twice here, in an order that C leaves open`,
  ),
  'missing-case': warning(
    (name: string) => `\`${name}\` has no case in this \`switch\`, which has no \`default\` either`,
  ),
  'format-unknown': warning((text: string) => `\`${text}\` is not a conversion of \`printf\``),
  'format-argument': warning(
    (conversion: string, expected: string, type: string) =>
      `\`${conversion}\` takes ${expected}, but the argument has type \`${type}\``,
  ),
  'format-missing': warning((conversion: string) => `\`${conversion}\` has no argument`),
  'format-extra': warning(() => 'the format has no conversion for this argument'),
  'not-a-va-list': error((type: string) => `expected a \`va_list\`, not \`${type}\``),
  'va-start-outside': error(() => '`va_start` needs a function with `...`'),
  'va-start-parameter': error(
    (name: string) => `\`va_start\` needs the last parameter, \`${name}\``,
  ),
  'va-arg-promoted': warning(
    (type: string, promoted: string) =>
      `an argument of type \`${type}\` is passed as \`${promoted}\``,
  ),
  'statement-expression-outside': error(() => '`({ … })` can stand in functions only'),
  // statements
  'assignment-in-condition': warning(
    () => 'assignment in a condition; use `==` to compare, or put it in parentheses',
  ),
  'empty-body': warning(
    (keyword: string) => `\`;\` directly behind \`${keyword} (…)\` is its body`,
  ),
  'misleading-indentation': warning(
    (keyword: string) =>
      `this line is indented as if it belonged to the \`${keyword}\`, but it does not`,
  ),
  'dangling-else': warning(
    () => '`else` belongs to the inner `if`; put braces around what is meant',
  ),
  'unused-comparison': warning(() => 'the result of the comparison is not used; did you mean `=`?'),
  'unused-value': warning((what: string) => `${what} has no effect here`),
  'unused-variable': warning((name: string) => `variable \`${name}\` is not used`),
  'set-but-unused': warning(
    (name: string) => `variable \`${name}\` is set, but its value is not used`,
  ),
  'unused-function': warning(
    (name: string) => `\`static\` function \`${name}\` is defined, but not used`,
  ),
  'unused-result': warning((name: string) => `the result of \`${name}\` must not be ignored`),
  'missing-return': warning(
    (name: string) => `\`${name}\` can reach its end without returning a value`,
  ),
  'return-without-value': warning((name: string) => `\`${name}\` should return a value`),
  'return-with-value': error((name: string) => `\`${name}\` returns \`void\`, so it has no value`),
  'declaration-as-body': error(() => 'a declaration needs a block of its own here'),
  'declaration-after-label': error(() => 'a label stands before a statement, not a declaration'),
  'break-outside': error(() => '`break` outside of a loop or `switch`'),
  'continue-outside': error(() => '`continue` outside of a loop'),
  'case-outside': error((keyword: string) => `\`${keyword}\` outside of a \`switch\``),
  'duplicate-case': error((value: string) => `${value} is a case of this \`switch\` already`),
  'empty-case': error(() => 'this range of cases is empty'),
  // annotations in the tree
  'annotation-needs-statement': error(
    (name: string) => `annotation \`${name}\` needs a statement behind it`,
  ),
  'annotation-needs-function': error(
    (name: string) => `annotation \`${name}\` belongs before the definition of a function`,
  ),
  'annotation-needs-field': error(
    (name: string) => `annotation \`${name}\` belongs into a struct, beside the member it names`,
  ),
  'racy-place': error(
    () => '`racy` names a member, a variable of file scope or what a pointer points to',
  ),
  'annotation-nowhere': error(
    (name: string) => `annotation \`${name}\` stands inside a statement; put it before one`,
  ),
  'flags-unknown': error(
    (name: string, hint: string) => `there is no variable or member \`${name}\` here${hint}`,
  ),
  'annotation-side-effect': error(
    (what: string) => `an annotation may only look, but there is ${what} in it`,
  ),
  'annotation-wide': error(
    (type: string) => `\`${type}\` does not fit into the one word that an annotation takes`,
  ),
  // ---- lowering and linking (lower*.ts, compile.ts)
  'never-assigned': warning(
    (name: string) => `\`${name}\` is read but nothing ever gives it a value`,
  ),
  'undefined-reference': error(
    (kind: string, name: string) =>
      `${kind} \`${name}\` is used but not defined in any file of the program`,
  ),
  'duplicate-definition': error((name: string) => `\`${name}\` is defined twice`),
  'conflicting-units': error(
    (name: string, type: string) =>
      `\`${name}\` is declared as \`${type}\`, but another file defines it differently`,
  ),
  'jump-into-cost': error(
    () => 'a jump into a statement with `//@ cost` would miss where its time starts',
  ),
  'racy-unused': warning(
    (place: string) => `the statement behind this annotation does not access \`${place}\` itself`,
  ),
  'duplicate-anchor': error((name: string) => `anchor \`${name}\` names two places`),
  'not-evaluated': error((reason: string) => reason),
  'unreadable-memory': error((address: string) => `cannot read memory at ${address}`),
  'frame-too-large': error(
    (name: string, bytes: number, limit: number) =>
      `the variables of \`${name}\` take ${String(bytes)} bytes; at most ${String(limit)} are supported`,
  ),
  'data-too-large': error(
    (bytes: number, limit: number) =>
      `variables take ${String(bytes)} bytes; at most ${String(limit)} are supported`,
  ),
} as const satisfies Record<string, Message>;

/** The stable name of a diagnostic. */
export type MessageCode = keyof typeof MESSAGES;

/** What the wording of a message needs. */
export type MessageArguments<Code extends MessageCode> = Parameters<
  (typeof MESSAGES)[Code]['wording']
>;
