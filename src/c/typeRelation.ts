/**
 * Questions about C types and types made of others: qualifiers, compatibility, composite types.
 *
 * Records are equal when their layout object or their definition in the text is, enumerations when
 * their layout object is.
 * Source: C99 6.2.7 and 6.7.3.
 */
import {
  representationOf,
  sizeOf,
  type CType,
  type EnumType,
  type FunctionType,
  type IntegerType,
  type PointerType,
  type RecordLayout,
} from '../bytecode/ctype.ts';

export const VOID: CType = { kind: 'void' };
/** The name of types that stand for a mistake. */
export const ERROR_ALIAS = '<error>';
/** The type of nodes behind a mistake; never compared, because such nodes are skipped. */
export const ERROR_TYPE: CType = { kind: 'void', alias: ERROR_ALIAS };

/** Whether the type stands for a mistake that was reported. */
export function isErrorType(type: CType): boolean {
  return type.alias === ERROR_ALIAS;
}

/** Types nested deeper than this are taken for compatible; nobody writes them by hand. */
const COMPARISON_DEPTH = 200;

/** A pointer to the type. */
export function pointerTo(target: CType): PointerType {
  return { kind: 'pointer', target };
}

export const VOID_POINTER = pointerTo(VOID);

/** An integer or an enumeration. */
export function isIntegerLike(type: CType): type is IntegerType | EnumType {
  return type.kind === 'integer' || type.kind === 'enum';
}

/** Whether its size is known. */
export function isComplete(type: CType): boolean {
  return sizeOf(type) !== undefined;
}

/** The type without `const` and `volatile` at its top. */
export function unqualified(type: CType): CType {
  if (type.isConst !== true && type.isVolatile !== true) return type;
  const { isConst: _isConst, isVolatile: _isVolatile, ...rest } = type;
  return rest;
}

/** The type with the qualifiers added; those of an array go to its elements. */
export function qualify(type: CType, isConst: boolean, isVolatile: boolean): CType {
  if (!isConst && !isVolatile) return type;
  if (type.kind === 'array')
    return { ...type, element: qualify(type.element, isConst, isVolatile) };
  if (type.kind === 'function') return type;
  return {
    ...type,
    ...(isConst ? { isConst: true } : {}),
    ...(isVolatile ? { isVolatile: true } : {}),
  };
}

/** The qualifiers of `from`, added to `type`: what a member takes from its record. */
export function qualifyLike(type: CType, from: CType): CType {
  return qualify(type, from.isConst === true, from.isVolatile === true);
}

/** Whether objects of the type, or a member of them, may not be assigned. */
export function isReadOnly(type: CType): boolean {
  if (type.isConst === true) return true;
  if (type.kind === 'array') return isReadOnly(type.element);
  return (
    type.kind === 'record' && (type.layout.fields ?? []).some((field) => isReadOnly(field.type))
  );
}

/** Whether two types are compatible, qualifiers at the top left aside. */
export function isCompatible(left: CType, right: CType, depth = 0): boolean {
  if (left === right || depth > COMPARISON_DEPTH) return true;
  if (left.kind === 'enum' && right.kind === 'enum') return left.layout === right.layout;
  if (left.kind === 'enum') return right.kind === 'integer' && isSameInteger(left, right);
  if (right.kind === 'enum') return left.kind === 'integer' && isSameInteger(right, left);
  switch (left.kind) {
    case 'void':
      return right.kind === 'void';
    case 'integer':
      return right.kind === 'integer' && left.name === right.name;
    case 'record':
      return right.kind === 'record' && isSameRecord(left.layout, right.layout);
    case 'pointer':
      return right.kind === 'pointer' && isSameType(left.target, right.target, depth + 1);
    case 'array':
      return (
        right.kind === 'array' &&
        isSameType(left.element, right.element, depth + 1) &&
        (left.length === undefined || right.length === undefined || left.length === right.length)
      );
    case 'function':
      return right.kind === 'function' && isCompatibleFunction(left, right, depth + 1);
  }
}

function isSameInteger(left: EnumType, right: IntegerType): boolean {
  return representationOf(left).name === right.name;
}

/** Compatible, and with the same qualifiers. */
function isSameType(left: CType, right: CType, depth: number): boolean {
  return (
    (left.isConst ?? false) === (right.isConst ?? false) &&
    (left.isVolatile ?? false) === (right.isVolatile ?? false) &&
    isCompatible(left, right, depth)
  );
}

function isCompatibleFunction(left: FunctionType, right: FunctionType, depth: number): boolean {
  if (!isSameType(left.returns, right.returns, depth)) return false;
  if (!left.hasPrototype || !right.hasPrototype) return true;
  return (
    left.isVariadic === right.isVariadic &&
    left.parameters.length === right.parameters.length &&
    left.parameters.every((parameter, index) => {
      const other = right.parameters[index];
      return other !== undefined && isCompatible(parameter.type, other.type, depth);
    })
  );
}

/** The type that two compatible declarations of one thing give together. */
export function compositeType(left: CType, right: CType): CType {
  if (left.kind === 'array' && right.kind === 'array') {
    return left.length === undefined ? right : left;
  }
  if (left.kind === 'function' && right.kind === 'function') {
    return left.hasPrototype && !right.hasPrototype ? left : right;
  }
  return left;
}

/** How many pointers, arrays and functions stand around the innermost type. */
export function typeDepth(type: CType): number {
  let depth = 0;
  let at = type;
  for (;;) {
    if (at.kind === 'pointer') at = at.target;
    else if (at.kind === 'array') at = at.element;
    else if (at.kind === 'function') at = at.returns;
    else return depth;
    depth += 1;
  }
}

/** The same struct: within a unit one object, across units the same definition of a header. */
function isSameRecord(left: RecordLayout, right: RecordLayout): boolean {
  if (left === right) return true;
  const [one, other] = [left.span, right.span];
  return (
    left.tag !== undefined &&
    left.tag === right.tag &&
    one !== undefined &&
    one.file === other?.file &&
    one.start === other.start
  );
}
