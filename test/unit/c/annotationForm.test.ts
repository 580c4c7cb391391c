/**
 * Annotation comments: a table of forms and the text behind `//@` give roles and operands.
 */
import { describe, expect, it } from 'vitest';
import {
  OWNER_DEFAULT,
  OWNER_TASK,
  type AnnotationLanguage,
} from '../../../src/bytecode/annotation.ts';
import { spanText } from '../../../src/base/span.ts';
import { DiagnosticSink } from '../../../src/c/diagnosticSink.ts';
import { preprocess } from '../../../src/c/preprocessor.ts';

const MODES = { read: 1, write: 2 };
const FOR_OWNER = {
  kind: 'optional',
  parts: [
    { kind: 'literal', text: 'for' },
    { kind: 'owner', role: 'owner' },
  ],
} as const;

const LANGUAGE: AnnotationLanguage = {
  forms: [
    {
      name: 'anchor',
      placement: 'statement',
      action: 'none',
      parts: [
        { kind: 'name', role: 'name' },
        {
          kind: 'optional',
          parts: [
            { kind: 'literal', text: ':' },
            { kind: 'text', role: 'title' },
          ],
        },
      ],
    },
    {
      name: 'note',
      placement: 'statement',
      action: 'none',
      parts: [{ kind: 'text', role: 'text' }],
    },
    {
      name: 'assert',
      placement: 'here',
      action: 'assert',
      parts: [
        { kind: 'expression', role: 'condition' },
        { kind: 'literal', text: ':' },
        { kind: 'text', role: 'text' },
      ],
    },
    {
      name: 'acquire',
      placement: 'here',
      action: 'acquire',
      parts: [
        { kind: 'word', role: 'mode', choices: MODES },
        { kind: 'expression', role: 'lock' },
        FOR_OWNER,
      ],
    },
    {
      name: 'move',
      placement: 'here',
      action: 'move',
      parts: [
        { kind: 'expression', role: 'object' },
        { kind: 'literal', text: 'from' },
        { kind: 'owner', role: 'from' },
        { kind: 'literal', text: 'to' },
        { kind: 'owner', role: 'to' },
      ],
    },
  ],
  owners: [
    { word: 'io', code: 1, hasArgument: false },
    { word: 'pte', code: 3, hasArgument: true },
  ],
  queries: [],
};

function annotate(comment: string, before = '') {
  const sink = new DiagnosticSink();
  const file = { path: 'a.c', text: `${before}\n  //@ ${comment}\n;` };
  const unit = preprocess(file, { resolveInclude: () => undefined, language: LANGUAGE }, sink);
  const token = unit.tokens.find((candidate) => candidate.kind === 'annotation');
  return { token, annotation: token?.annotation, diagnostics: sink.diagnostics };
}

/** Operands as text: `lock=( & a )`. */
function operandsOf(comment: string, before = ''): string[] {
  const { annotation, diagnostics } = annotate(comment, before);
  expect(diagnostics).toEqual([]);
  return (annotation?.operands ?? []).map((operand) => {
    if (operand.kind === 'word') return `${operand.role}=${String(operand.value)}`;
    const text = (operand.tokens ?? [])
      .map((token) => token.text)
      .join(' ')
      .trim();
    return operand.kind === 'owner'
      ? `${operand.role}=${String(operand.code)}:${text}`
      : `${operand.role}=${text}`;
  });
}

describe('annotation comments', () => {
  it('give the text of their parts by role', () => {
    const { token, annotation } = annotate("anchor trylock : The page's lock is tried  ");
    expect(annotation?.roles).toEqual({ name: 'trylock', title: "The page's lock is tried" });
    expect(token && spanText(token.span)).toBe("//@ anchor trylock : The page's lock is tried");
  });

  it('may leave an optional part out', () => {
    expect(annotate('anchor trylock').annotation?.roles).toEqual({ name: 'trylock' });
    expect(operandsOf('acquire read &mm->sem')).toEqual([
      'mode=1',
      'lock=& mm -> sem',
      `owner=${String(OWNER_DEFAULT)}:`,
    ]);
  });

  it('split expressions at the next literal outside parentheses', () => {
    expect(operandsOf('acquire write f(a, for) for waiter->task')).toEqual([
      'mode=2',
      'lock=f ( a , for )',
      `owner=${String(OWNER_TASK)}:waiter -> task`,
    ]);
    expect(operandsOf('assert a ? b : c : it holds')).toEqual(['condition=a ? b : c']);
  });

  it('know owner words and their argument', () => {
    expect(operandsOf('move page from io to pte(&vma->pte[1])')).toEqual([
      'object=page',
      'from=1:',
      'to=3:( & vma -> pte [ 1 ] )',
    ]);
  });

  it('expand macros of their place in expressions only', () => {
    expect(operandsOf('assert A : A stays', '#define A 5')).toEqual(['condition=5']);
    expect(annotate('assert A : A stays', '#define A 5').annotation?.roles).toEqual({
      condition: 'A',
      text: 'A stays',
    });
  });

  const wrong: readonly (readonly [string, string])[] = [
    ['', 'an annotation needs a form after `//@`'],
    ['anchr x', 'unknown annotation `anchr`; did you mean `anchor`?'],
    [
      'frobnicate',
      'unknown annotation `frobnicate`; known are anchor, note, assert, acquire, move',
    ],
    ['anchor', 'annotation `anchor`: expected a name; it reads `//@ anchor NAME [: TITLE]`'],
    [
      'anchor a b',
      'annotation `anchor`: expected the end of the line; it reads `//@ anchor NAME [: TITLE]`',
    ],
    ['note', 'annotation `note`: expected some text; it reads `//@ note TEXT`'],
    ['acquire both x', 'annotation `acquire`: `both` is not one of `read`, `write`'],
    ['assert a', 'annotation `assert`: expected `:`; it reads `//@ assert CONDITION : TEXT`'],
    [
      'assert : a',
      'annotation `assert`: expected a C expression; it reads `//@ assert CONDITION : TEXT`',
    ],
    [
      'move a from pte to io',
      'annotation `move`: expected a C expression; it reads `//@ move OBJECT from FROM to TO`',
    ],
  ];
  it.each(wrong)('complain about "%s"', (comment, message) => {
    expect(annotate(comment).diagnostics.map((diagnostic) => diagnostic.message)).toEqual([
      message,
    ]);
  });
});
