/**
 * Which reads of a function's locals may come before any assignment.
 *
 * For scalars whose address is never taken the control flow tells: a set of variables that have a value
 * on every path is carried through the statements. A read outside of the set gets a check at run time,
 * which is exact; so paths that cannot happen cost a check and never a false alarm. Where paths meet,
 * the sets are intersected; loops and `goto` are gone through again until nothing changes.
 *
 * In: the typed tree of one function. Out: the reads to check, and who is never assigned at all.
 */
import type {
  Expression,
  ForStatement,
  FunctionDefinition,
  Initializer,
  Statement,
  SwitchStatement,
  VariableExpression,
  VariableSymbol,
} from './ast.ts';
import { foldConstant } from './foldConstant.ts';

/** What is known of the locals of one function. */
export interface AssignmentFlow {
  /** Variables of which some read has to be checked. */
  readonly flagged: ReadonlySet<VariableSymbol>;
  /** Mentions that read the variable (also those in `x += 1`) and have to be checked. */
  readonly reads: ReadonlySet<Expression>;
  /** Reads of variables that nothing in the function gives a value; of each the first. */
  readonly hopeless: readonly VariableExpression[];
  /** Variables, records and arrays included, that begin to live with a value. */
  readonly initialized: ReadonlySet<VariableSymbol>;
  /** Variables into which records are copied, which may lack the value of some member. */
  readonly copied: ReadonlySet<VariableSymbol>;
}

/** A set of variables as bits; that of a place which nobody reaches has them all. */
type Assigned = number;
const UNREACHED: Assigned = -1;
/** Bits of a set; variables beyond are checked at every read. */
const MOST_TRACKED = 31;

/** Whether a variable is a scalar that only its own function can reach. */
function isTracked({ storage, isParameter, isAddressTaken, type }: VariableSymbol): boolean {
  if (storage !== 'automatic' || isParameter || isAddressTaken) return false;
  return type.kind === 'integer' || type.kind === 'pointer' || type.kind === 'enum';
}

/** Where `break` and `continue` lead, and what has a value when they do. */
interface Exits {
  atBreak: Assigned;
  atContinue: Assigned;
}

/** The sets on both ways out of a condition. */
interface Branches {
  readonly whenTrue: Assigned;
  readonly whenFalse: Assigned;
}

class FlowAnalysis {
  readonly reads = new Set<VariableExpression>();
  readonly initialized = new Set<VariableSymbol>();
  readonly assigned = new Set<VariableSymbol>();
  readonly copied = new Set<VariableSymbol>();
  isChanged = false;
  private readonly bits: ReadonlyMap<VariableSymbol, number>;
  /** What is known at labels and at the heads of loops, by their symbol or statement. */
  private readonly joins = new Map<object, Assigned>();
  /** Which of them were come to in this round. */
  private readonly passed = new Set<object>();
  private exits: Exits = { atBreak: UNREACHED, atContinue: UNREACHED };
  private atSwitch: Assigned = UNREACHED;

  constructor(bits: ReadonlyMap<VariableSymbol, number>) {
    this.bits = bits;
  }

  /** One more way leads to a place; if it was passed with more known, everything is done again. */
  private join(place: object, state: Assigned): void {
    const known = this.joins.get(place) ?? UNREACHED;
    if ((known & state) === known) return;
    this.joins.set(place, known & state);
    if (this.passed.has(place)) this.isChanged = true;
  }

  /** Comes to a place; the result is what all ways to it have in common. */
  private pass(place: object, state: Assigned): Assigned {
    this.join(place, state);
    this.passed.add(place);
    return this.joins.get(place) ?? state;
  }

  /** Goes through the body once. */
  run(statements: readonly Statement[]): void {
    this.isChanged = false;
    this.reads.clear();
    this.passed.clear();
    this.block(statements, 0);
  }

  private isCandidate(symbol: VariableSymbol): boolean {
    return this.bits.has(symbol);
  }

  private bitOf(symbol: VariableSymbol): number {
    return this.bits.get(symbol) ?? 0;
  }

  private read(mention: Expression, state: Assigned): void {
    if (mention.kind !== 'variable' || !this.isCandidate(mention.symbol)) return;
    if (state === UNREACHED) return;
    const bit = this.bitOf(mention.symbol);
    if (bit === 0 || (state & bit) === 0) this.reads.add(mention);
  }

  private assign(target: Expression, state: Assigned): Assigned {
    if (target.kind !== 'variable') return state;
    this.assigned.add(target.symbol);
    return state | this.bitOf(target.symbol);
  }

  /** A record is put into a variable or into a member of one. */
  private copyInto(target: Expression): void {
    if (target.type.kind !== 'record') return;
    let whole = target;
    while (whole.kind === 'member') whole = whole.record;
    if (whole.kind === 'variable') this.copied.add(whole.symbol);
  }

  /** An expression that is evaluated; reads and assignments are noted. */
  private value(expression: Expression, state: Assigned): Assigned {
    switch (expression.kind) {
      case 'variable':
        this.read(expression, state);
        return state;
      case 'cast':
      case 'decay':
      case 'addressOf':
        if (expression.type.kind === 'void' && expression.operand.kind === 'variable') return state;
        return this.value(expression.operand, state);
      case 'unary':
      case 'dereference':
      case 'ghostQuery':
        return this.value(expression.operand, state);
      case 'member':
        return this.value(expression.record, state);
      case 'binary':
      case 'compare':
      case 'pointerDifference':
      case 'comma':
        return this.value(expression.right, this.value(expression.left, state));
      case 'pointerAdd':
        return this.value(expression.index, this.value(expression.pointer, state));
      case 'logical': {
        const { whenTrue, whenFalse } = this.condition(expression, state);
        return whenTrue & whenFalse;
      }
      case 'conditional': {
        const { whenTrue, whenFalse } = this.condition(expression.condition, state);
        return (
          this.value(expression.whenTrue, whenTrue) & this.value(expression.whenFalse, whenFalse)
        );
      }
      case 'orElse': {
        const after = this.value(expression.value, state);
        return after & this.value(expression.otherwise, after);
      }
      case 'compoundLiteral':
        return this.initializer(expression.initializer, state);
      case 'statementExpression': {
        const after = this.block(expression.body.statements, state);
        return expression.result === undefined ? after : this.value(expression.result, after);
      }
      case 'unreachable':
        return UNREACHED;
      default:
        return this.change(expression, state);
    }
  }

  /** The expressions that assign or call. */
  private change(expression: Expression, state: Assigned): Assigned {
    switch (expression.kind) {
      case 'increment':
        return this.update(expression.target, state);
      case 'assign': {
        const { target, value } = expression;
        this.copyInto(target);
        const atTarget = target.kind === 'variable' ? state : this.value(target, state);
        return this.assign(target, this.value(value, atTarget));
      }
      case 'compoundAssign': {
        const { target, value } = expression;
        const atTarget = target.kind === 'variable' ? state : this.value(target, state);
        return this.update(target, this.value(value, atTarget));
      }
      case 'call': {
        const { callee } = expression;
        let after = callee.kind === 'function' ? state : this.value(callee, state);
        for (const argument of expression.arguments.toReversed())
          after = this.value(argument, after);
        return callee.kind === 'function' && callee.symbol.isNoReturn ? UNREACHED : after;
      }
      case 'vaStart':
      case 'vaCopy': {
        const { from, list } = expression;
        const after = from === undefined ? state : this.value(from, state);
        return this.assign(list, after);
      }
      default:
        return state;
    }
  }

  /** `x += 1` and its like: a read and an assignment of the target. */
  private update(target: Expression, state: Assigned): Assigned {
    if (target.kind !== 'variable') return this.value(target, state);
    this.read(target, state);
    return this.assign(target, state);
  }

  private initializer({ items }: Initializer, state: Assigned): Assigned {
    let after = state;
    for (const item of items) after = this.value(item.value, after);
    return after;
  }

  private condition(expression: Expression, state: Assigned): Branches {
    const constant = foldConstant(expression);
    if (constant !== undefined) {
      return constant === 0n
        ? { whenTrue: UNREACHED, whenFalse: state }
        : { whenTrue: state, whenFalse: UNREACHED };
    }
    if (expression.kind === 'logical') {
      const left = this.condition(expression.left, state);
      if (expression.operator === '&&') {
        const right = this.condition(expression.right, left.whenTrue);
        return { whenTrue: right.whenTrue, whenFalse: left.whenFalse & right.whenFalse };
      }
      const right = this.condition(expression.right, left.whenFalse);
      return { whenTrue: left.whenTrue & right.whenTrue, whenFalse: right.whenFalse };
    }
    if (expression.kind === 'unary' && expression.operator === '!') {
      const { whenTrue, whenFalse } = this.condition(expression.operand, state);
      return { whenTrue: whenFalse, whenFalse: whenTrue };
    }
    const after = this.value(expression, state);
    return { whenTrue: after, whenFalse: after };
  }

  private block(statements: readonly Statement[], state: Assigned): Assigned {
    let after = state;
    for (const statement of statements) after = this.statement(statement, after);
    return after;
  }

  private statement(statement: Statement, state: Assigned): Assigned {
    switch (statement.kind) {
      case 'block':
        return this.block(statement.statements, state);
      case 'expression':
        if (statement.expression.kind === 'variable') return state;
        return this.value(statement.expression, state);
      case 'declaration': {
        const { symbol, initializer } = statement;
        if (initializer === undefined) return state & ~this.bitOf(symbol);
        this.initialized.add(symbol);
        if (initializer.items.some(({ type }) => type.kind === 'record')) this.copied.add(symbol);
        this.assigned.add(symbol);
        return this.initializer(initializer, state) | this.bitOf(symbol);
      }
      case 'if': {
        const { whenTrue, whenFalse } = this.condition(statement.condition, state);
        const after = this.statement(statement.whenTrue, whenTrue);
        if (statement.whenFalse === undefined) return after & whenFalse;
        return after & this.statement(statement.whenFalse, whenFalse);
      }
      case 'switch':
        return this.switch(statement, state);
      case 'case':
        return this.statement(statement.statement, state & this.atSwitch);
      case 'labeled':
        return this.statement(statement.statement, this.pass(statement.label, state));
      case 'goto':
        this.join(statement.label, state);
        return UNREACHED;
      case 'break':
        this.exits.atBreak &= state;
        return UNREACHED;
      case 'continue':
        this.exits.atContinue &= state;
        return UNREACHED;
      case 'return':
        if (statement.value !== undefined) this.value(statement.value, state);
        return UNREACHED;
      default:
        return this.loop(statement, state);
    }
  }

  /** The body of a loop; the results are the sets at its `continue` place and at `break`. */
  private loopBody(body: Statement, state: Assigned): Exits {
    const outer = this.exits;
    const inner: Exits = { atBreak: UNREACHED, atContinue: UNREACHED };
    this.exits = inner;
    inner.atContinue &= this.statement(body, state);
    this.exits = outer;
    return inner;
  }

  private loop(statement: Statement, state: Assigned): Assigned {
    switch (statement.kind) {
      case 'while': {
        const head = this.pass(statement, state);
        const { whenTrue, whenFalse } = this.condition(statement.condition, head);
        const { atBreak, atContinue } = this.loopBody(statement.body, whenTrue);
        this.join(statement, atContinue);
        return whenFalse & atBreak;
      }
      case 'doWhile': {
        const { atBreak, atContinue } = this.loopBody(statement.body, this.pass(statement, state));
        const { whenTrue, whenFalse } = this.condition(statement.condition, atContinue);
        this.join(statement, whenTrue);
        return whenFalse & atBreak;
      }
      case 'for':
        return this.forLoop(statement, state);
      default:
        return state;
    }
  }

  private forLoop(statement: ForStatement, state: Assigned): Assigned {
    const { initial, condition, step, body } = statement;
    const head = this.pass(statement, this.block(initial, state));
    const { whenTrue, whenFalse } =
      condition === undefined
        ? { whenTrue: head, whenFalse: UNREACHED }
        : this.condition(condition, head);
    const { atBreak, atContinue } = this.loopBody(body, whenTrue);
    this.join(statement, step === undefined ? atContinue : this.value(step, atContinue));
    return whenFalse & atBreak;
  }

  private switch(statement: SwitchStatement, state: Assigned): Assigned {
    const outerExits = this.exits;
    const outerSwitch = this.atSwitch;
    const after = this.value(statement.value, state);
    const inner: Exits = { atBreak: UNREACHED, atContinue: UNREACHED };
    this.exits = inner;
    this.atSwitch = after;
    const atEnd = this.statement(statement.body, UNREACHED);
    this.exits = outerExits;
    this.atSwitch = outerSwitch;
    outerExits.atContinue &= inner.atContinue;
    const hasDefault = statement.labels.some(({ range }) => range === undefined);
    return atEnd & inner.atBreak & (hasDefault ? UNREACHED : after);
  }
}

const NO_LOCALS: AssignmentFlow = {
  flagged: new Set(),
  reads: new Set(),
  hopeless: [],
  initialized: new Set(),
  copied: new Set(),
};

/** Analyzes the locals of a function. Cost: linear, a few times where loops or `goto` take values away. */
export function analyzeAssignments(definition: FunctionDefinition): AssignmentFlow {
  const { locals, parameters } = definition;
  if (locals.length === 0 && !parameters.some(({ type }) => type.kind === 'record')) {
    return NO_LOCALS;
  }
  const bits = new Map<VariableSymbol, number>();
  for (const symbol of locals.filter(isTracked)) {
    bits.set(symbol, bits.size < MOST_TRACKED ? 1 << bits.size : 0);
  }
  const analysis = new FlowAnalysis(bits);
  do analysis.run(definition.body.statements);
  while (analysis.isChanged);
  const { reads, initialized, assigned, copied } = analysis;
  const hopeless = new Map<VariableSymbol, VariableExpression>();
  for (const read of reads) {
    if (!assigned.has(read.symbol) && !hopeless.has(read.symbol)) hopeless.set(read.symbol, read);
  }
  return {
    flagged: new Set(Array.from(reads, ({ symbol }) => symbol)),
    reads,
    hopeless: [...hopeless.values()],
    initialized,
    copied,
  };
}
