/**
 * The kernel's memory by names of C, kept so that it can be compared with that of another run.
 *
 * Taken are the bytes of all globals, of the structs that stand for tasks, address spaces, mapped ranges and
 * cached pages, and of the locals of calls that have not returned. Two pictures are compared object by object and by
 * name: what lies elsewhere in the other run (a page in another frame) is the same object all the same. Only
 * scalars are told, by the expression that leads to them.
 * Cost: the bytes of these objects; names and texts only for those that differ.
 */
import { asAddress, hex, type Address } from '../base/brand.ts';
import { isScalar, sizeOf, type CType } from '../bytecode/ctype.ts';
import type { MemoryReader } from '../bytecode/memoryReader.ts';
import type { Program } from '../bytecode/program.ts';
import { listAddressSpaces, pageLabel } from '../kernel/taskWaits.ts';
import { MM_STRUCT, VM_AREA_STRUCT } from '../kernel/kernelStructs.ts';
import { kernelView, listedTasks, type DebugTarget } from './debugTarget.ts';
import { listScopes } from './scopes.ts';
import { stackRows } from './stackRows.ts';
import { valueContextOf } from './taskWords.ts';
import type { TypedValue } from './typedValue.ts';
import { listMembers } from './valueMembers.ts';
import { valueText, type ValueContext } from './valueText.ts';

/** A scalar that differs; absent where the object does not exist. */
export interface MemoryDifference {
  /** `(struct mm_struct of reader).mmap_sem.count`, `toucher: do_page_fault: release_flag`. */
  readonly name: string;
  readonly before: string | undefined;
  readonly now: string | undefined;
}

interface NamedObject {
  readonly name: string;
  readonly item: TypedValue & { readonly address: Address };
  readonly bytes: Uint8Array;
  readonly isLocal: boolean;
}

/** Something with a name, before its bytes are taken. */
interface Named {
  readonly name: string;
  readonly item: TypedValue;
  readonly isLocal?: boolean;
}

/** Elements of an array that are looked at. */
const MOST_ELEMENTS = 4096;

/** The bytes of the named objects at one moment. */
export class MemoryPicture implements MemoryReader {
  readonly objects = new Map<string, NamedObject>();
  private readonly context: ValueContext;
  /** The object whose values are written at present. */
  private current: NamedObject | undefined;

  constructor(target: DebugTarget) {
    const { program } = target;
    for (const { name, item, isLocal = false } of listNamed(target)) {
      const { address, type } = item;
      const size = sizeOf(type) ?? 0;
      if (address === undefined || size === 0 || this.objects.has(name)) continue;
      const bytes = Uint8Array.from(
        { length: size },
        (_, at) => target.machine.readByte(asAddress(address + at)) ?? 0,
      );
      this.objects.set(name, { name, item: { ...item, address }, bytes, isLocal });
    }
    const names = new Map([...this.objects.values()].map((item) => [item.item.address, item.name]));
    const describePointer = (_type: CType, address: Address): string | undefined =>
      names.get(address);
    this.context = { program, memory: this, describePointer };
  }

  readByte(address: Address): number | undefined {
    const { current } = this;
    return current === undefined ? undefined : current.bytes[address - current.item.address];
  }

  /** The scalars of an object by their paths in it. */
  scalarsOf(name: string): ReadonlyMap<string, string> {
    const texts = new Map<string, string>();
    const object = this.objects.get(name);
    if (object === undefined) return texts;
    this.current = object;
    this.addScalars(texts, object.item, '');
    this.current = undefined;
    return texts;
  }

  private addScalars(texts: Map<string, string>, item: TypedValue, path: string): void {
    if (isScalar(item.type)) {
      texts.set(path, valueText(this.context, item));
      return;
    }
    if (item.type.kind !== 'record' && item.type.kind !== 'array') return;
    for (const member of listMembers(this.context, item, undefined, {
      start: 0,
      count: MOST_ELEMENTS,
    })) {
      const isIndex = member.name.startsWith('[');
      this.addScalars(texts, member.item, `${path}${isIndex ? '' : '.'}${member.name}`);
    }
  }
}

function areEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

/** What differs, in the order of the objects. */
export function compareMemory(
  before: MemoryPicture,
  now: MemoryPicture,
): readonly MemoryDifference[] {
  const names = [...new Set([...now.objects.keys(), ...before.objects.keys()])];
  return names.flatMap((name): MemoryDifference[] => {
    const [there, here] = [before.objects.get(name), now.objects.get(name)];
    // Where the calls differ, the tasks stand elsewhere, which says it better.
    const isElsewhere = there === undefined || here === undefined;
    if (isElsewhere && (there ?? here)?.isLocal === true) return [];
    if (there === undefined || here === undefined) {
      const exists = (item: NamedObject | undefined): string | undefined =>
        item === undefined ? undefined : `exists, at ${hex(item.item.address, 8)}`;
      return [{ name, before: exists(there), now: exists(here) }];
    }
    if (areEqual(there.bytes, here.bytes)) return [];
    const [old, present] = [before.scalarsOf(name), now.scalarsOf(name)];
    return [...present].flatMap(([path, text]) => {
      const was = old.get(path);
      return was === text ? [] : [{ name: fullName(name, path), before: was, now: text }];
    });
  });
}

/** The expression that leads to a scalar: `(struct mm_struct of reader).mmap_sem.count`. */
function fullName(name: string, path: string): string {
  return `${name}${path}`;
}

function record(program: Program, tag: string): CType | undefined {
  const layout = program.records.get(tag);
  return layout && { kind: 'record', layout };
}

/** Counters of the whole kernel, which have names of their own. */
const COUNTERS: ReadonlySet<string> = new Set(['vm_event_states', 'perf_sw_counts']);

/** Everything that has a name, with names that are the same in every run of the scenario. */
function listNamed(target: DebugTarget): Named[] {
  const { program, machine, readers } = target;
  const view = kernelView(target);
  const struct = (tag: string, whose: string, address: number): Named[] => {
    const type = record(program, tag);
    const name = `(struct ${tag} of ${whose})`;
    return type === undefined ? [] : [{ name, item: { type, address: asAddress(address) } }];
  };
  const globals = program.globals.flatMap(({ name, type, storage, functionIndex, unit }) => {
    if (name === '' || COUNTERS.has(name) || storage.kind !== 'static') return [];
    const owner = program.functions[functionIndex ?? -1]?.name;
    const isTwice = program.globals.some((item) => item.name === name && item.unit !== unit);
    const prefix = owner === undefined ? (isTwice ? `${String(unit)}:` : '') : `${owner}: `;
    return [{ name: `${prefix}${name}`, item: { type, address: storage.address } }];
  });
  const tasks = listedTasks(target);
  return [
    ...globals,
    ...tasks.flatMap(({ id, name }) => struct('task_struct', name, machine.task(id).cookie)),
    ...listAddressSpaces(view).flatMap(({ mm }) => [
      ...struct(MM_STRUCT, mm.name, mm.address),
      ...readers
        .readVmas(machine, mm.address)
        .flatMap(({ address, start }) =>
          struct(VM_AREA_STRUCT, `${mm.name} from ${hex(start)}`, address),
        ),
    ]),
    ...readers
      .readCachedPages(machine)
      .flatMap((page) => struct('page', pageLabel(view, page), page.address)),
    ...tasks.flatMap(({ id, name }) =>
      stackRows(target, id).flatMap((row) => {
        if (row.kind !== 'kernel') return [];
        const isMissing = valueContextOf(target, row).isMissing;
        const functionName = program.functions[row.frame.functionIndex]?.name ?? '?';
        return listScopes(target, row).flatMap((scope) =>
          scope.kind === 'locals'
            ? scope.members
                .filter(({ item }) => isMissing?.(item) !== true)
                .map((member) => ({
                  name: `${name}: ${functionName}: ${member.name}`,
                  item: member.item,
                  isLocal: true,
                }))
            : [],
        );
      }),
    ),
  ];
}
