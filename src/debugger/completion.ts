/**
 * What a half-written expression of C can go on with: names in scope, or members behind `.` and `->`.
 */
import { UserError } from '../base/errors.ts';
import type { RecordLayout } from '../bytecode/ctype.ts';
import type { DebugTarget } from './debugTarget.ts';
import { evaluateAt } from './evaluation.ts';
import { listScopes } from './scopes.ts';
import type { StackRow } from './stackRows.ts';

/** One proposal. */
export interface Completion {
  readonly text: string;
  readonly kind: 'variable' | 'field' | 'function' | 'constant' | 'register';
  /** Where the word that it replaces starts in the text. */
  readonly start: number;
}

/** More are not offered: the user goes on writing. */
const MOST = 200;

const MEMBER =
  /((?:[A-Za-z_]\w*|\)|\])(?:(?:->|\.)[A-Za-z_]\w*|\[[^\][]*\])*)\s*(?:->|\.)\s*([A-Za-z_]\w*)?$/;
const WORD = /[%$]?[A-Za-z_]?\w*$/;

function fieldsOf(layout: RecordLayout): string[] {
  return (layout.fields ?? []).flatMap(({ name, type }) => {
    if (name !== undefined) return [name];
    return type.kind === 'record' ? fieldsOf(type.layout) : [];
  });
}

function memberNames(target: DebugTarget, row: StackRow | undefined, parent: string): string[] {
  try {
    const { type } = evaluateAt(target, row, parent);
    const record = type.kind === 'pointer' ? type.target : type;
    return record.kind === 'record' ? fieldsOf(record.layout) : [];
  } catch (error) {
    if (error instanceof UserError) return [];
    throw error;
  }
}

function namesInScope(target: DebugTarget, row: StackRow | undefined): Omit<Completion, 'start'>[] {
  const scopes = row === undefined ? [] : listScopes(target, row);
  const own = scopes.flatMap((scope): Omit<Completion, 'start'>[] =>
    scope.kind === 'registers'
      ? scope.rows.map(({ name }) => ({ text: `%${name}`, kind: 'register' }))
      : scope.members.map(({ name }) => ({ text: name, kind: 'variable' })),
  );
  const { program } = target;
  return [
    ...own,
    ...program.globals
      .filter(({ name, functionIndex }) => name !== '' && functionIndex === undefined)
      .map(({ name }) => ({ text: name, kind: 'variable' as const })),
    ...program.functions.map(({ name }) => ({ text: name, kind: 'function' as const })),
    ...[...program.macros.keys(), ...program.enumConstants.keys()].map((text) => ({
      text,
      kind: 'constant' as const,
    })),
  ];
}

/** The proposals for the end of a text. */
export function completeExpression(
  target: DebugTarget,
  row: StackRow | undefined,
  text: string,
): readonly Completion[] {
  const member = MEMBER.exec(text);
  if (member !== null) {
    const [, parent = '', begun = ''] = member;
    const start = text.length - begun.length;
    return memberNames(target, row, parent)
      .filter((name) => name.startsWith(begun))
      .map((name) => ({ text: name, kind: 'field', start }));
  }
  const begun = WORD.exec(text)?.[0] ?? '';
  const start = text.length - begun.length;
  const seen = new Set<string>();
  return namesInScope(target, row)
    .filter(({ text: name }) => {
      if (!name.startsWith(begun) || seen.has(name)) return false;
      seen.add(name);
      return true;
    })
    .slice(0, MOST)
    .map((item) => ({ ...item, start }));
}
