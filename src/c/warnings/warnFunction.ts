/**
 * Warnings about a whole function: one walk over its tree, once it has parsed, that asks the questions
 * of the files beside it. Nothing here changes the tree or stops a program from being compiled.
 *
 * Which warnings there are, and what silences them, follows `gcc -Wall` with a few of `-Wextra`;
 * unlike gcc, a cast to `void` also silences an unused result.
 */
import type {
  Expression,
  FunctionDefinition,
  ParsedAnnotation,
  Statement,
  VariableSymbol,
} from '../ast.ts';
import type { ParseContext } from '../parseContext.ts';
import { canComplete } from '../reachability.ts';
import { isErrorType, unqualified } from '../typeRelation.ts';
import { forEachInner, forEachOperand } from './children.ts';
import { warnBounds } from './bounds.ts';
import { warnComparison, warnTruth } from './comparisons.ts';
import { warnFormat } from './formatString.ts';
import { warnIndentation } from './indentation.ts';
import { warnLocalAddress } from './localAddress.ts';
import { warnSequence } from './sequence.ts';
import { warnMissingCases } from './missingCases.ts';
import { warnUnusedValue } from './unusedValue.ts';

/** Looks at a function; `hasErrors` says that its tree has gaps. */
export function warnFunction(
  context: ParseContext,
  definition: FunctionDefinition,
  hasErrors: boolean,
): void {
  new FunctionWalk(context, hasErrors).run(definition);
  const { symbol, type, body } = definition;
  const isValued = unqualified(type.returns).kind !== 'void' && symbol.name !== 'main';
  if (isValued && !hasErrors && canComplete(body)) {
    context.report('missing-return', body.endSpan, symbol.name);
  }
}

class FunctionWalk {
  readonly #context: ParseContext;
  /** Local variables in the order of their declarations. */
  readonly #declared: VariableSymbol[] = [];
  /** Those that are mentioned other than as the target of a plain assignment. */
  readonly #read = new Set<VariableSymbol>();
  /** Those that a plain assignment sets. */
  readonly #set = new Set<VariableSymbol>();

  /** What a mistake made the parser pass over may be what looks missing. */
  readonly #hasErrors: boolean;

  constructor(context: ParseContext, hasErrors: boolean) {
    this.#context = context;
    this.#hasErrors = hasErrors;
  }

  run({ body }: FunctionDefinition): void {
    this.#visitStatement(body);
    if (this.#hasErrors) return;
    for (const symbol of this.#declared) this.#warnUnused(symbol);
  }

  #warnUnused(symbol: VariableSymbol): void {
    const { name, span, linkage, type } = symbol;
    if (linkage !== 'none' || span.inMacro !== undefined || isErrorType(type)) return;
    if (!symbol.isUsed) this.#context.report('unused-variable', span, name);
    else if (this.#set.has(symbol) && !this.#read.has(symbol)) {
      this.#context.report('set-but-unused', span, name);
    }
  }

  readonly #visitStatement = (node: Statement): void => {
    node.annotations?.forEach(this.#visitAnnotation);
    switch (node.kind) {
      case 'block':
        this.#declared.push(...node.variables);
        if (!this.#hasErrors) warnIndentation(this.#context, node.statements);
        break;
      case 'expression':
        this.#visitDiscarded(node.expression);
        return;
      case 'declaration':
        for (const { value } of node.initializer?.items ?? []) this.#visit(value);
        return;
      case 'if':
      case 'while':
      case 'doWhile':
        this.#visitCondition(node.condition);
        break;
      case 'for':
        this.#declared.push(...node.variables);
        if (node.condition !== undefined) this.#visitCondition(node.condition);
        if (node.step !== undefined) this.#visitDiscarded(node.step);
        break;
      case 'switch':
        this.#visit(node.value);
        warnMissingCases(this.#context, node);
        break;
      case 'return':
        if (node.value === undefined) return;
        this.#visit(node.value);
        warnLocalAddress(this.#context, node.value);
        return;
      case 'annotation':
        this.#visitAnnotation(node.annotation);
        return;
      default:
        break;
    }
    forEachInner(node, this.#visitStatement);
  };

  readonly #visitAnnotation = ({ operands }: ParsedAnnotation): void => {
    for (const operand of operands) {
      if (operand.kind === 'expression') this.#visit(operand.expression);
      else if (operand.kind === 'owner' && operand.value !== undefined) this.#visit(operand.value);
    }
  };

  #visitCondition(condition: Expression): void {
    warnTruth(this.#context, condition);
    this.#visit(condition);
  }

  /** An expression whose value nobody takes. */
  #visitDiscarded(node: Expression): void {
    warnUnusedValue(this.#context, node);
    if (node.kind === 'assign' && node.target.kind === 'variable') {
      this.#set.add(node.target.symbol);
      this.#visit(node.value);
      warnSequence(this.#context, node);
      return;
    }
    this.#visit(node);
  }

  readonly #visit = (node: Expression): void => {
    switch (node.kind) {
      case 'variable':
        this.#read.add(node.symbol);
        return;
      case 'compare':
        warnComparison(this.#context, node);
        break;
      case 'logical':
        warnTruth(this.#context, node.left);
        warnTruth(this.#context, node.right);
        break;
      case 'unary':
        if (node.operator === '!') warnTruth(this.#context, node.operand);
        break;
      case 'conditional':
        warnTruth(this.#context, node.condition);
        break;
      case 'dereference':
        warnBounds(this.#context, node);
        break;
      case 'assign':
      case 'compoundAssign':
      case 'binary':
        warnSequence(this.#context, node);
        break;
      case 'comma':
        this.#visitDiscarded(node.left);
        this.#visit(node.right);
        return;
      case 'call':
        warnFormat(this.#context, node);
        break;
      case 'statementExpression':
        this.#visitStatement(node.body);
        break;
      default:
        break;
    }
    forEachOperand(node, this.#visit);
  };
}
