/**
 * Walks a typed expression over the memory of a stopped run. Nothing is changed: whatever would
 * change something is refused with a diagnostic.
 *
 * Numbers are exact: values are bigints in the range of their type.
 */
import { asAddress, hex, type Address } from '../base/brand.ts';
import type { Span } from '../base/span.ts';
import { isScalar, sizeOf, type CType, type Field } from '../bytecode/ctype.ts';
import type { MemoryReader } from '../bytecode/memoryReader.ts';
import { addressInFrame, CODE_BASE } from '../bytecode/program.ts';
import type { Expression } from './ast.ts';
import type { DiagnosticSink } from './diagnosticSink.ts';
import type { ProgramNames } from './evaluateNames.ts';
import { computeArithmetic, computeComparison } from './integerArithmetic.ts';
import { wrapToType } from './integerType.ts';

/** What an expression gave. */
export interface EvaluatedValue {
  readonly kind: 'value';
  readonly type: CType;
  /** Where it lives; absent for what is only computed. */
  readonly address: Address | undefined;
  /** A bit-field: its bits in the storage unit at `address`. */
  readonly bits?: NonNullable<Field['bits']>;
  /** Of a scalar, in the range of its type; absent for structs, arrays and `void`. */
  readonly value: bigint | undefined;
}

/** Stops a walk after its reason was reported. */
class Refusal {
  readonly kind = 'refusal';
}

type Result<T> = T | Refusal;

function isRefusal(result: unknown): result is Refusal {
  return result instanceof Refusal;
}

/** Evaluates expressions with the names, the memory and the frame of one place. */
export class TreeEvaluation {
  private readonly names: ProgramNames;
  private readonly memory: MemoryReader;
  private readonly fp: number | undefined;
  private readonly sink: DiagnosticSink;

  constructor(
    names: ProgramNames,
    memory: MemoryReader,
    fp: number | undefined,
    sink: DiagnosticSink,
  ) {
    this.names = names;
    this.memory = memory;
    this.fp = fp;
    this.sink = sink;
  }

  /** The value, or `undefined` after a report to the sink. */
  evaluate(expression: Expression): EvaluatedValue | undefined {
    const result = this.walk(expression);
    return isRefusal(result) ? undefined : result;
  }

  private refuse(span: Span, what: string): Refusal {
    this.sink.report('not-evaluated', span, what);
    return new Refusal();
  }

  private walk(expression: Expression): Result<EvaluatedValue> {
    const { type, span } = expression;
    switch (expression.kind) {
      case 'variable':
      case 'dereference':
      case 'member':
        return this.walkPlace(expression);
      case 'integer':
        return computed(type, expression.value);
      case 'decay':
      case 'addressOf': {
        const address = this.addressOf(expression.operand);
        return isRefusal(address) ? address : computed(type, BigInt(address));
      }
      case 'cast':
        return this.walkCast(expression);
      case 'unary': {
        const value = this.scalar(expression.operand);
        if (isRefusal(value)) return value;
        if (expression.operator === '!') return computed(type, value === 0n ? 1n : 0n);
        return computed(type, wrapToType(expression.operator === '-' ? -value : ~value, type));
      }
      case 'binary': {
        const sides = this.scalars(expression.left, expression.right);
        if (isRefusal(sides)) return sides;
        const value = computeArithmetic(expression.operator, type, sides.left, sides.right);
        return value === undefined
          ? this.refuse(span, 'a division by zero has no value')
          : computed(type, value);
      }
      case 'compare': {
        const sides = this.scalars(expression.left, expression.right);
        if (isRefusal(sides)) return sides;
        const isTrue = computeComparison(expression.operator, sides.left, sides.right);
        return computed(type, isTrue ? 1n : 0n);
      }
      case 'pointerAdd': {
        const sides = this.scalars(expression.pointer, expression.index);
        if (isRefusal(sides)) return sides;
        const bytes = sides.right * BigInt(expression.elementSize);
        const sum = expression.isSubtraction ? sides.left - bytes : sides.left + bytes;
        return computed(type, wrapToType(sum, type));
      }
      case 'pointerDifference': {
        const sides = this.scalars(expression.left, expression.right);
        if (isRefusal(sides)) return sides;
        const bytes = BigInt.asIntN(32, sides.left - sides.right);
        return computed(type, bytes / BigInt(expression.elementSize));
      }
      case 'logical': {
        const left = this.scalar(expression.left);
        if (isRefusal(left)) return left;
        if ((left !== 0n) === (expression.operator === '||')) {
          return computed(type, left === 0n ? 0n : 1n);
        }
        const right = this.scalar(expression.right);
        return isRefusal(right) ? right : computed(type, right === 0n ? 0n : 1n);
      }
      case 'conditional': {
        const condition = this.scalar(expression.condition);
        if (isRefusal(condition)) return condition;
        return this.walk(condition === 0n ? expression.whenFalse : expression.whenTrue);
      }
      case 'orElse': {
        const value = this.scalar(expression.value);
        if (isRefusal(value)) return value;
        if (value !== 0n) return computed(type, wrapToType(value, type));
        return this.walk(expression.otherwise);
      }
      case 'comma': {
        const left = this.walk(expression.left);
        return isRefusal(left) ? left : this.walk(expression.right);
      }
      case 'function': {
        const address = this.addressOf(expression);
        return isRefusal(address) ? address : { kind: 'value', type, address, value: undefined };
      }
      case 'call':
        return this.refuse(span, 'calls are not evaluated yet');
      case 'assign':
      case 'compoundAssign':
        return this.refuse(span, 'assignments are not evaluated yet');
      case 'increment':
        return this.refuse(
          span,
          '`++` and `--` would change the program and are not evaluated yet',
        );
      case 'string':
        return this.refuse(span, 'a string literal has no address in the running program');
      case 'statementExpression':
        return this.refuse(span, 'statements are not evaluated');
      case 'compoundLiteral':
        return this.refuse(span, 'compound literals are not evaluated');
      case 'vaArg':
      case 'vaStart':
      case 'vaEnd':
      case 'vaCopy':
      case 'unreachable':
        return this.refuse(span, 'this builtin is not evaluated');
      case 'ghostQuery':
        return this.refuse(span, 'questions about ownership stand in annotations only');
      case 'error':
        return new Refusal();
    }
  }

  private scalar(expression: Expression): Result<bigint> {
    const result = this.walk(expression);
    if (isRefusal(result)) return result;
    return result.value ?? this.refuse(expression.span, 'this has no single value');
  }

  private scalars(
    left: Expression,
    right: Expression,
  ): Result<{ readonly left: bigint; readonly right: bigint }> {
    const first = this.scalar(left);
    if (isRefusal(first)) return first;
    const second = this.scalar(right);
    return isRefusal(second) ? second : { left: first, right: second };
  }

  private walkCast({
    operand,
    type,
  }: Expression & { readonly kind: 'cast' }): Result<EvaluatedValue> {
    const result = this.walk(operand);
    if (isRefusal(result)) return result;
    if (type.kind === 'void') return { kind: 'value', type, address: undefined, value: undefined };
    if (result.value === undefined) return { ...result, type };
    return computed(type, wrapToType(this.extend(operand.type, result.value), type));
  }

  /** A pointer that becomes a wider integer is sign-extended, as gcc does. */
  private extend(from: CType, value: bigint): bigint {
    return from.kind === 'pointer' ? BigInt.asIntN(32, value) : value;
  }

  private walkPlace(expression: Expression): Result<EvaluatedValue> {
    const { type, span } = expression;
    const address = this.addressOf(expression);
    if (isRefusal(address)) return address;
    const bits = expression.kind === 'member' ? expression.field.bits : undefined;
    if (!isScalar(type)) return { kind: 'value', type, address, value: undefined };
    const size = sizeOf(type) ?? 4;
    if (bits === undefined) {
      const whole = this.read(address, size, span);
      if (isRefusal(whole)) return whole;
      return { kind: 'value', type, address, value: wrapToType(whole, type) };
    }
    // A packed bit-field may reach into the byte behind its storage unit.
    const bytes = Math.max(size, Math.ceil((bits.start + bits.width) / 8));
    const unit = this.read(address, bytes, span);
    if (isRefusal(unit)) return unit;
    const field = BigInt.asUintN(bits.width, unit >> BigInt(bits.start));
    const isSigned = wrapToType(-1n, type) < 0n;
    const signed = isSigned ? BigInt.asIntN(bits.width, field) : field;
    return { kind: 'value', type, address, bits, value: signed };
  }

  /** The address of an lvalue or function. */
  private addressOf(expression: Expression): Result<Address> {
    const { span } = expression;
    switch (expression.kind) {
      case 'variable': {
        const storage = this.names.variableOf(expression.symbol)?.storage;
        if (storage?.kind === 'static') return storage.address;
        if (storage === undefined || this.fp === undefined) {
          return this.refuse(span, `\`${expression.symbol.name}\` has no place here`);
        }
        return addressInFrame(this.fp, storage);
      }
      case 'function': {
        const info = this.names.functionOf(expression.symbol);
        if (info === undefined) return this.refuse(span, 'this function has no address');
        return asAddress(CODE_BASE + 4 * info.entry);
      }
      case 'dereference': {
        const pointer = this.scalar(expression.operand);
        return isRefusal(pointer) ? pointer : asAddress(Number(pointer));
      }
      case 'member': {
        const record = this.addressOf(expression.record);
        return isRefusal(record) ? record : asAddress(record + expression.field.offset);
      }
      default: {
        const result = this.walk(expression);
        if (isRefusal(result)) return result;
        return result.address ?? this.refuse(span, 'this has no address');
      }
    }
  }

  /** An unsigned little-endian integer of `size` bytes. */
  private read(address: Address, size: number, span: Span): Result<bigint> {
    let value = 0n;
    for (let at = size - 1; at >= 0; at -= 1) {
      const byte = this.memory.readByte(asAddress(address + at));
      if (byte === undefined) {
        this.sink.report('unreadable-memory', span, hex(address, 8));
        return new Refusal();
      }
      value = (value << 8n) | BigInt(byte);
    }
    return value;
  }
}

function computed(type: CType, value: bigint): EvaluatedValue {
  return { kind: 'value', type, address: undefined, value };
}
