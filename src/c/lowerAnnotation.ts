/**
 * Annotations: operands and the `annotate` instruction for those that act, anchors, and the regions
 * of `//@ cost`, which are closed before every jump that leaves them.
 *
 * Annotation code belongs to no statement: it is emitted before the mark of the next one.
 */
import { OWNER_DEFAULT } from '../bytecode/annotation.ts';
import type { AnnotationOperand, ParsedAnnotation } from './ast.ts';
import { addAnnotation, withTemporaries, type FunctionContext } from './functionContext.ts';
import { racyPlaceOf, type RacyMark } from './racyPlace.ts';

/** Words that an operand takes. */
function operandWords(operand: AnnotationOperand): number {
  return operand.kind === 'owner' ? 2 : 1;
}

const OPERAND_ORDER = ['expression', 'word', 'owner'] as const;

/** Operands in the order of their slots: expressions, then words, then owners. */
function orderOperands(operands: readonly AnnotationOperand[]): AnnotationOperand[] {
  return OPERAND_ORDER.flatMap((kind) => operands.filter((operand) => operand.kind === kind));
}

/** Lowers an annotation that acts where it stands. */
export function lowerAnnotation(context: FunctionContext, annotation: ParsedAnnotation): void {
  const { builder, frame } = context;
  builder.endStatement();
  const number = addAnnotation(context, annotation, builder.pc);
  if (annotation.form.action === 'none' || annotation.form.action === 'cost') return;
  context.isInAnnotation = true;
  withTemporaries(context, () => {
    let words = 0;
    for (const operand of annotation.operands) words += operandWords(operand);
    const slots = words === 0 ? 0 : frame.allocate(words);
    let slot = slots;
    for (const operand of orderOperands(annotation.operands)) {
      lowerOperandInto(context, operand, slot);
      slot += operandWords(operand);
    }
    builder.emit('annotate', number, 0, slots);
    builder.relocate('annotation', 0, undefined);
  });
  context.isInAnnotation = false;
}

function lowerOperandInto(
  context: FunctionContext,
  operand: AnnotationOperand,
  slot: number,
): void {
  const { builder, parts } = context;
  switch (operand.kind) {
    case 'expression':
      parts.lowerInto(context, operand.expression, slot);
      return;
    case 'word':
      builder.emit('const', slot, operand.value);
      return;
    case 'owner':
      builder.emit('const', slot, operand.code);
      if (operand.value === undefined || operand.code === OWNER_DEFAULT) {
        builder.emit('const', slot + 1, 0);
      } else {
        parts.lowerInto(context, operand.value, slot + 1);
      }
      return;
  }
}

/** Lowers a statement with the annotations before it: anchors, notes, cost. */
export function lowerAnnotatedStatement(
  context: FunctionContext,
  annotations: readonly ParsedAnnotation[],
  lower: () => void,
): void {
  const { builder } = context;
  let regions = 0;
  const { racyMarks } = context;
  const own: { readonly annotation: ParsedAnnotation; readonly mark: RacyMark }[] = [];
  builder.endStatement();
  for (const annotation of annotations) {
    if (annotation.form.action === 'cost') {
      builder.emit('costBegin', context.unit.costNumber(costName(annotation)));
      regions += 1;
    } else if (annotation.form.action === 'racy') {
      const place = racyPlaceOf(annotation);
      if (place !== undefined) own.push({ annotation, mark: { place, isUsed: false } });
    }
    noteNextStatement(context, annotation);
  }
  context.costDepth += regions;
  if (own.length > 0) context.racyMarks = [...racyMarks, ...own.map(({ mark }) => mark)];
  lower();
  builder.endStatement();
  context.costDepth -= regions;
  context.racyMarks = racyMarks;
  for (const { annotation, mark } of own) {
    if (mark.isUsed) continue;
    context.unit.sink.report('racy-unused', annotation.span, annotation.roles['place'] ?? '');
  }
  if (builder.isReachable) {
    for (let index = 0; index < regions; index += 1) builder.emit('costEnd');
  }
}

/** The name of a `//@ cost` annotation. */
export function costName({ roles }: ParsedAnnotation): string {
  return roles['name'] ?? '';
}

function noteNextStatement(context: FunctionContext, annotation: ParsedAnnotation): void {
  const { annotations, anchors, builder } = context;
  const number = addAnnotation(context, annotation, undefined);
  builder.atNextStatement((pc) => {
    const mark = annotations[number];
    if (mark !== undefined) mark.pc = pc;
    if (annotation.form.name !== 'anchor') return;
    const { roles, span } = annotation;
    anchors.push({ name: roles['name'] ?? '', title: roles['title'], span, pc });
  });
}

/** Ends the regions of `//@ cost` that a jump to a place with `depth` open ones leaves. */
export function closeCostRegions(context: FunctionContext, depth: number): void {
  for (let open = context.costDepth; open > depth; open -= 1) context.builder.emit('costEnd');
}
