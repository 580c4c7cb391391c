/**
 * The symbols of one assembly: labels, `.equ` names and the symbols given from outside; and the
 * value of expressions over them.
 *
 * An expression is asked for twice. `known` answers while statements are encoded, only with what
 * stands before the place and does not depend on the layout; it decides the form of an instruction,
 * as in GNU as. `evaluate` answers with an address for every label once there is a layout.
 * The difference of two labels is known early when nothing of variable size stands between them.
 */
import type { Diagnostic } from '../base/diagnostic.ts';
import type { Span } from '../base/span.ts';
import { asmMessages, isFull } from './asmMessages.ts';
import type { BinaryOperator, Expression } from './asmSyntax.ts';

/** A point between two pieces: before the piece of this number. */
export interface Place {
  readonly piece: number;
  /** Stretches of fixed size are numbered; the offset counts bytes from the stretch's start. */
  readonly stretch: number;
  readonly stretchOffset: number;
}

type Symbol =
  | { readonly kind: 'label'; readonly place: Place; readonly span: Span }
  | {
      readonly kind: 'equ';
      readonly value: Expression;
      readonly place: Place;
      readonly span: Span;
      /** The value, once all that it needs is known; it never changes. */
      known: Value | undefined;
    };

/** A number, or a number relative to a place. */
interface Value {
  readonly number: number;
  readonly place: Place | undefined;
}

/** How many other symbols one value may lead through, one behind the other and altogether. */
const SYMBOL_DEPTH = 200;
const SYMBOL_VISITS = 2000;

export class AsmSymbols {
  private readonly external: ReadonlyMap<string, number>;
  private readonly diagnostics: Diagnostic[];
  private readonly symbols = new Map<string, Symbol>();
  private readonly numeric = new Map<number, Place[]>();
  private readonly evaluating = new Set<string>();
  private readonly reported = new Set<Expression>();
  /** Symbols whose value takes too long; nobody tries again. */
  private readonly tooComplex = new Set<string>();
  private visits = 0;
  private current: Place = { piece: 0, stretch: 0, stretchOffset: 0 };

  constructor(external: ReadonlyMap<string, number>, diagnostics: Diagnostic[]) {
    this.external = external;
    this.diagnostics = diagnostics;
  }

  /** The place of the next piece. */
  here(): Place {
    return this.current;
  }

  /** A piece was added; `undefined` stands for a size that the layout decides. */
  advance(bytes: number | undefined): void {
    const { piece, stretch, stretchOffset } = this.current;
    this.current =
      bytes === undefined
        ? { piece: piece + 1, stretch: stretch + 1, stretchOffset: 0 }
        : { piece: piece + 1, stretch, stretchOffset: stretchOffset + bytes };
  }

  defineLabel(name: string, span: Span): void {
    if (this.isFree(name, span))
      this.symbols.set(name, { kind: 'label', place: this.current, span });
  }

  defineNumericLabel(number: number): void {
    const places = this.numeric.get(number) ?? [];
    places.push(this.current);
    this.numeric.set(number, places);
  }

  defineEqu(name: string, span: Span, value: Expression): void {
    if (!this.isFree(name, span)) return;
    const place = this.current;
    this.visits = 0;
    const known = this.value(value, place, undefined);
    this.symbols.set(name, { kind: 'equ', value, place, span, known });
  }

  /** The named labels in the order of the text. */
  labels(): [string, Place][] {
    const labels: [string, Place][] = [];
    for (const [name, symbol] of this.symbols) {
      if (symbol.kind === 'label') labels.push([name, symbol.place]);
    }
    return labels;
  }

  /** The value if it depends neither on later text nor on the layout; reports nothing. */
  known(expression: Expression, here: Place): number | undefined {
    this.visits = 0;
    const value = this.value(expression, here, undefined);
    return value === undefined || value.place !== undefined ? undefined : value.number;
  }

  /** The value of an expression in the piece of this number, modulo 2^32; `undefined` after an error. */
  evaluate(
    expression: Expression,
    piece: number,
    addressOf: (place: Place) => number,
  ): number | undefined {
    const here: Place = { piece, stretch: -1, stretchOffset: 0 };
    this.visits = 0;
    return this.value(expression, here, addressOf)?.number;
  }

  private value(
    expression: Expression,
    here: Place,
    addressOf: ((place: Place) => number) | undefined,
  ): Value | undefined {
    const at = (place: Place): Value =>
      addressOf === undefined
        ? { number: 0, place }
        : { number: addressOf(place) | 0, place: undefined };
    switch (expression.kind) {
      case 'number':
        return { number: expression.value | 0, place: undefined };
      case 'here':
        return at(here);
      case 'localLabel': {
        const places = this.numeric.get(expression.number) ?? [];
        const after = countUpTo(places, here.piece);
        const found = places[expression.isForward ? after : after - 1];
        if (found !== undefined) return at(found);
        return this.fail(addressOf, expression, () =>
          asmMessages.undefinedLocalLabel(expression.span, expression.number, expression.isForward),
        );
      }
      case 'symbol':
        return this.symbolValue(expression, addressOf, at);
      case 'unary': {
        const operand = this.value(expression.operand, here, addressOf);
        if (operand === undefined || operand.place !== undefined) return undefined;
        return {
          number: expression.operator === '-' ? -operand.number | 0 : ~operand.number,
          place: undefined,
        };
      }
      case 'binary': {
        const left = this.value(expression.left, here, addressOf);
        const right = this.value(expression.right, here, addressOf);
        if (left === undefined || right === undefined) return undefined;
        return this.combine(expression, left, right, addressOf);
      }
    }
  }

  private symbolValue(
    expression: Expression & { kind: 'symbol' },
    addressOf: ((place: Place) => number) | undefined,
    at: (place: Place) => Value,
  ): Value | undefined {
    const { name } = expression;
    const symbol = this.symbols.get(name);
    if (symbol === undefined) {
      const external = this.external.get(name);
      if (external !== undefined) return { number: external | 0, place: undefined };
      return this.fail(addressOf, expression, () =>
        asmMessages.undefinedSymbol(expression.span, name, [
          ...this.symbols.keys(),
          ...this.external.keys(),
        ]),
      );
    }
    if (symbol.kind === 'label') return at(symbol.place);
    if (this.evaluating.has(name)) {
      return this.fail(addressOf, expression, () =>
        asmMessages.circularSymbol(expression.span, name),
      );
    }
    if (symbol.known !== undefined) {
      const { number, place } = symbol.known;
      if (place === undefined) return symbol.known;
      const start = at(place);
      return { number: (start.number + number) | 0, place: start.place };
    }
    this.visits += 1;
    if (this.evaluating.size >= SYMBOL_DEPTH || this.visits > SYMBOL_VISITS) {
      this.tooComplex.add(name);
    }
    if (this.tooComplex.has(name)) {
      return this.fail(addressOf, expression, () =>
        asmMessages.valueTooComplex(expression.span, name),
      );
    }
    this.evaluating.add(name);
    const value = this.value(symbol.value, symbol.place, addressOf);
    this.evaluating.delete(name);
    if (addressOf === undefined) symbol.known = value;
    // What led to it takes as long; others that need it must not find out again.
    if (value === undefined && this.visits > SYMBOL_VISITS) this.tooComplex.add(name);
    return value;
  }

  private combine(
    expression: Expression & { kind: 'binary' },
    left: Value,
    right: Value,
    addressOf: ((place: Place) => number) | undefined,
  ): Value | undefined {
    const { operator } = expression;
    if (left.place !== undefined || right.place !== undefined) {
      if (operator === '+' && (left.place === undefined || right.place === undefined)) {
        return { number: (left.number + right.number) | 0, place: left.place ?? right.place };
      }
      if (operator !== '-' || left.place === undefined) return undefined;
      const number = (left.number - right.number) | 0;
      if (right.place === undefined) return { number, place: left.place };
      if (left.place.stretch !== right.place.stretch) return undefined;
      return {
        number: (number + left.place.stretchOffset - right.place.stretchOffset) | 0,
        place: undefined,
      };
    }
    if ((operator === '/' || operator === '%') && right.number === 0) {
      return this.fail(addressOf, expression, () => asmMessages.divideByZero(expression.span));
    }
    return { number: calculate(operator, left.number, right.number), place: undefined };
  }

  /** Reports an error once, and only in the final evaluation. */
  private fail(
    addressOf: unknown,
    expression: Expression,
    diagnostic: () => Diagnostic,
  ): Value | undefined {
    if (addressOf !== undefined && !this.reported.has(expression) && !isFull(this.diagnostics)) {
      this.reported.add(expression);
      this.diagnostics.push(diagnostic());
    }
    return undefined;
  }

  private isFree(name: string, span: Span): boolean {
    const previous = this.symbols.get(name);
    if (previous === undefined && !this.external.has(name)) return true;
    if (isFull(this.diagnostics)) return false;
    this.diagnostics.push(asmMessages.redefinedSymbol(span, name, previous?.span));
    return false;
  }
}

/** How many places, which stand in order, lie before or at the piece. */
function countUpTo(places: readonly Place[], piece: number): number {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((places[middle]?.piece ?? 0) <= piece) low = middle + 1;
    else high = middle;
  }
  return low;
}

function calculate(operator: BinaryOperator, left: number, right: number): number {
  switch (operator) {
    case '+':
      return (left + right) | 0;
    case '-':
      return (left - right) | 0;
    case '*':
      return Math.imul(left, right);
    case '/':
      return (left / right) | 0;
    case '%':
      return (left % right) | 0;
    case '<<':
      return left << right;
    case '>>':
      return (left >>> right) | 0;
    case '&':
      return left & right;
    case '|':
      return left | right;
    case '^':
      return left ^ right;
  }
}
