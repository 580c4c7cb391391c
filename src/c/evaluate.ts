/**
 * Expressions of the debugger (hover, watch, console): C text to a value, through the same lexer,
 * macros and parser as the program itself. Nothing is changed; calls and assignments are refused.
 */
import type { Pc } from '../base/brand.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import type { SourceFile } from '../base/span.ts';
import type { MemoryReader } from '../bytecode/memoryReader.ts';
import type { Program } from '../bytecode/program.ts';
import type { Expression } from './ast.ts';
import { DiagnosticSink } from './diagnosticSink.ts';
import { macrosFor } from './evaluateMacros.ts';
import { ProgramNames } from './evaluateNames.ts';
import { TreeEvaluation, type EvaluatedValue } from './evaluateTree.ts';
import { parseLoneExpression } from './parseLone.ts';
import { expandText } from './preprocessor.ts';

/** Where an expression is evaluated. */
export interface EvaluationContext {
  readonly program: Program;
  /** The place whose names are visible; without it only those of file scope. */
  readonly pc: Pc | undefined;
  /** The frame that locals are read from; without it there are none. */
  readonly fp: number | undefined;
  readonly memory: MemoryReader;
}

/** What an expression gave. */
export type Evaluated = EvaluatedValue;

/** A value, or why there is none. */
export type EvaluationResult =
  | { readonly kind: 'ok'; readonly value: Evaluated }
  | { readonly kind: 'error'; readonly diagnostics: readonly Diagnostic[] };

/** Longer texts are refused. */
const TEXT_LIMIT = 10_000;

/** What is wrong with an expression at a place, whatever the values are; empty when nothing is. */
export function checkExpression(
  text: string,
  { program, pc }: Pick<EvaluationContext, 'program' | 'pc'>,
): readonly Diagnostic[] {
  const sink = new DiagnosticSink();
  const names = new ProgramNames(program, pc, true);
  parse(text, program, names, sink);
  return sink.hasErrors ? sink.diagnostics : [];
}

/** Evaluates an expression. Errors: what is wrong with the text, or memory that cannot be read. */
export function evaluate(text: string, context: EvaluationContext): EvaluationResult {
  const sink = new DiagnosticSink();
  const { fp, memory } = context;
  const parsed = parseOnce(text, context, sink);
  const value =
    parsed === undefined
      ? undefined
      : new TreeEvaluation(parsed.names, memory, fp, sink).evaluate(parsed.expression);
  if (value === undefined) return { kind: 'error', diagnostics: sink.diagnostics };
  return { kind: 'ok', value };
}

/** An expression with the names that it uses: what its text means at a place, whatever the values are. */
interface ParsedExpression {
  readonly names: ProgramNames;
  readonly expression: Expression;
}

/** So many texts are kept for a program; the conditions of breakpoints are evaluated over and over. */
const MOST_PARSED = 200;
const parsedTexts = new WeakMap<Program, Map<string, ParsedExpression>>();

/** Parses a text at a place, or finds what it gave before. Errors: reported, and `undefined`. */
function parseOnce(
  text: string,
  { program, pc, fp }: EvaluationContext,
  sink: DiagnosticSink,
): ParsedExpression | undefined {
  const key = `${String(pc ?? '')} ${fp === undefined ? '' : 'f'} ${text}`;
  const known = parsedTexts.get(program) ?? new Map<string, ParsedExpression>();
  const found = known.get(key);
  if (found !== undefined) return found;
  const names = new ProgramNames(program, pc, fp !== undefined);
  const expression = parse(text, program, names, sink);
  if (expression === undefined || sink.hasErrors) return undefined;
  // The oldest one goes.
  for (const old of known.keys()) {
    if (known.size < MOST_PARSED) break;
    known.delete(old);
  }
  known.set(key, { names, expression });
  parsedTexts.set(program, known);
  return { names, expression };
}

function parse(
  text: string,
  program: Program,
  names: ProgramNames,
  sink: DiagnosticSink,
): Expression | undefined {
  const file: SourceFile = { path: '<expression>', text };
  if (text.length > TEXT_LIMIT) {
    sink.report('file-too-large', { file, start: 0, end: 1 }, TEXT_LIMIT);
    return undefined;
  }
  const tokens = expandText(file, macrosFor(program, file), sink);
  return sink.hasErrors ? undefined : parseLoneExpression(tokens, names, sink);
}
