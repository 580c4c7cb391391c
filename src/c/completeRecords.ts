/**
 * Structs that a unit only declares, completed by the definition of another unit.
 *
 * C needs no definition to pass a pointer on, but a debugger wants to follow it wherever it stands.
 * Code is not touched: a unit that compiled never used the size or the members of such a struct.
 */
import type { CType, RecordLayout } from '../bytecode/ctype.ts';
import type { Program } from '../bytecode/program.ts';

/** Fills in every incomplete struct and union of a program whose tag has a definition. */
export function completeRecords(program: Omit<Program, 'hash'>): void {
  const seen = new Set<CType | RecordLayout>();
  const pending: CType[] = [];
  for (const { type } of program.globals) pending.push(type);
  for (const info of program.functions) {
    pending.push(info.type);
    for (const scope of info.scopes) {
      for (const { type } of scope.variables) pending.push(type);
    }
  }
  for (const layout of program.records.values()) pending.push({ kind: 'record', layout });
  for (const type of program.typedefs.values()) pending.push(type);
  for (let type = pending.pop(); type !== undefined; type = pending.pop()) {
    if (seen.has(type)) continue;
    seen.add(type);
    pending.push(...partsOf(program, type, seen));
  }
}

/** The types that a type is made of; a record is completed on the way. */
function partsOf(
  program: Omit<Program, 'hash'>,
  type: CType,
  seen: Set<CType | RecordLayout>,
): readonly CType[] {
  switch (type.kind) {
    case 'pointer':
      return [type.target];
    case 'array':
      return [type.element];
    case 'function':
      return [type.returns, ...type.parameters.map((parameter) => parameter.type)];
    case 'record': {
      const { layout } = type;
      if (seen.has(layout)) return [];
      seen.add(layout);
      complete(program, layout);
      return (layout.fields ?? []).map((field) => field.type);
    }
    case 'void':
    case 'integer':
    case 'enum':
      return [];
  }
}

function complete(program: Omit<Program, 'hash'>, layout: RecordLayout): void {
  if (layout.fields !== undefined || layout.tag === undefined) return;
  const definition = program.records.get(layout.tag);
  if (definition?.keyword !== layout.keyword) return;
  layout.fields = definition.fields;
  layout.size = definition.size;
  layout.align = definition.align;
  layout.span = definition.span;
}
