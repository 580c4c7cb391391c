/**
 * Where everything of a scenario's processes lies in user memory.
 *
 *   0x08048000 + 0x10000 * task   the task's program (read and execute, resident); on the page behind
 *                                 it, its data (read and write, resident)
 *   0x40000000 upwards            maps without an address of their own, a free page between them
 *   below 0xbff00000 - 0x100000 * task   the task's stack of 16 KiB (resident, grows down)
 */
import { asAddress, type Address } from '../base/brand.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import type { AsmImage } from '../x86/assemble.ts';
import { PAGE_BYTES } from './fileContent.ts';
import type { JsoncDocument } from './jsoncDocument.ts';
import { scenarioMessages } from './scenarioMessages.ts';
import { ARGUMENT_REGISTERS, type ScenarioData, type ScenarioMap } from './scenarioSchema.ts';

const TEXT_BASE = 0x08048000;
const TEXT_DISTANCE = 0x10000;
const FIRST_MAP = 0x40000000;
const STACK_TOP = 0xbff00000;
const STACK_DISTANCE = 0x100000;
const STACK_BYTES = 4 * PAGE_BYTES;

/** Source: include/asm-generic/mman-common.h of 2.6.36. */
const PROT_BITS: Readonly<Record<string, number>> = { r: 1, w: 2, x: 4 };
const MAP_BITS = { shared: 0x01, private: 0x02, fixed: 0x10, anonymous: 0x20, growsdown: 0x100 };
const ADVICE = { normal: 0, random: 1, sequential: 2 };

/** One mapping as the boot table wants it. */
export interface PlacedMap {
  readonly name: string;
  /** Index of the file, or -1 for anonymous memory. */
  readonly file: number;
  readonly start: Address;
  readonly bytes: number;
  readonly pageOffset: number;
  readonly prot: number;
  readonly flags: number;
  readonly advice: number;
  readonly populate: boolean;
  readonly image: Uint8Array | undefined;
}

/** How a task starts. */
export interface PlacedTask {
  readonly process: number;
  readonly cpu: number;
  readonly stackTop: Address;
  /** What the registers of `ARGUMENT_REGISTERS` hold at the start. */
  readonly args: readonly number[];
}

/** The start addresses of the maps of a process by name, and `NAME_end`: symbols of its programs. */
export type MapSymbols = ReadonlyMap<string, number>;

/** Where the program of a task starts. */
export function textBaseOf(taskIndex: number): Address {
  return asAddress(TEXT_BASE + TEXT_DISTANCE * taskIndex);
}

/** The maps of every process that come from the scenario, with addresses. Errors: maps that overlap. */
export function placeMaps(
  data: ScenarioData,
  document: JsoncDocument,
  diagnostics: Diagnostic[],
): readonly (readonly PlacedMap[])[] {
  return data.processes.map((process, processIndex) => {
    const placed: PlacedMap[] = [];
    const reserved = reservedRanges(data, process.name);
    let next = FIRST_MAP;
    process.maps?.forEach((map, mapIndex) => {
      const bytes = map.pages * PAGE_BYTES;
      const start = map.at === undefined ? next : Number(map.at);
      if (map.at === undefined) next += bytes + PAGE_BYTES;
      const other = [
        ...placed.map((item) => ({
          name: item.name,
          start: item.start,
          end: item.start + item.bytes,
        })),
        ...reserved,
      ].find((range) => start < range.end && range.start < start + bytes);
      if (other !== undefined) {
        const span = document.spanOf([
          'processes',
          processIndex,
          'maps',
          mapIndex,
          map.at === undefined ? 'name' : 'at',
        ]);
        diagnostics.push(scenarioMessages.overlap(span, map.name, other.name));
      }
      placed.push(placeMap(map, start, data));
    });
    return placed;
  });
}

interface Range {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** What programs and stacks of a process's tasks take, and what lies outside of user memory. */
function reservedRanges(data: ScenarioData, process: string): Range[] {
  const ranges: Range[] = [
    { name: 'the first page', start: 0, end: PAGE_BYTES },
    { name: 'kernel memory', start: 0xc0000000, end: 0x100000000 },
  ];
  data.tasks.forEach((task, index) => {
    if (task.process !== process) return;
    const text = textBaseOf(index);
    const top = STACK_TOP - STACK_DISTANCE * index;
    ranges.push({ name: `the program of ${task.name}`, start: text, end: text + TEXT_DISTANCE });
    ranges.push({ name: `the stack of ${task.name}`, start: top - STACK_DISTANCE, end: top });
  });
  return ranges;
}

function placeMap(map: ScenarioMap, start: number, data: ScenarioData): PlacedMap {
  const flags = typeof map.flags === 'string' ? [map.flags] : map.flags;
  let bits = MAP_BITS.fixed;
  for (const flag of flags) bits |= MAP_BITS[flag];
  if (map.file === undefined) bits |= MAP_BITS.anonymous;
  let prot = 0;
  for (const letter of map.prot) prot |= PROT_BITS[letter] ?? 0;
  return {
    name: map.name,
    file: data.files?.findIndex((file) => file.name === map.file) ?? -1,
    start: asAddress(start),
    bytes: map.pages * PAGE_BYTES,
    pageOffset: map.offset ?? 0,
    prot,
    flags: bits,
    advice: ADVICE[map.advice ?? 'normal'],
    populate: map.populate ?? false,
    image: undefined,
  };
}

/** The symbols that maps give to the programs of their process. */
export function symbolsOfMaps(maps: readonly PlacedMap[]): MapSymbols {
  return new Map(
    maps.flatMap(({ name, start, bytes }) => [
      [name, start] as const,
      [`${name}_end`, start + bytes] as const,
    ]),
  );
}

/** The maps of a task's own: its program, the data of its program, and its stack. */
export function placeTaskMaps(
  taskIndex: number,
  taskName: string,
  image: AsmImage,
): readonly PlacedMap[] {
  const top = STACK_TOP - STACK_DISTANCE * taskIndex;
  const flags = MAP_BITS.private | MAP_BITS.anonymous | MAP_BITS.fixed;
  const common = { file: -1, pageOffset: 0, advice: ADVICE.normal, populate: true, flags };
  const { data } = image;
  const dataMap = data && {
    ...common,
    name: `${taskName}.data`,
    start: data.base,
    bytes: wholePages(data.bytes.length),
    prot: 3,
    image: data.bytes,
  };
  return [
    {
      ...common,
      name: `${taskName}.text`,
      start: image.base,
      bytes: wholePages(image.bytes.length),
      prot: 5,
      image: image.bytes,
    },
    ...(dataMap === undefined ? [] : [dataMap]),
    {
      ...common,
      name: `${taskName}.stack`,
      start: asAddress(top - STACK_BYTES),
      bytes: STACK_BYTES,
      prot: 3,
      flags: flags | MAP_BITS.growsdown,
      image: undefined,
    },
  ];
}

/** The bytes of the pages that some bytes need, at least of one. */
function wholePages(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / PAGE_BYTES)) * PAGE_BYTES;
}

/** Process, CPU and registers of every task at its start. */
export function placeTasks(data: ScenarioData, cpuCount: number): readonly PlacedTask[] {
  return data.tasks.map((task, index) => ({
    process: data.processes.findIndex((process) => process.name === task.process),
    cpu: task.cpu ?? index % cpuCount,
    stackTop: asAddress(STACK_TOP - STACK_DISTANCE * index),
    args: ARGUMENT_REGISTERS.map((_, register) => task.args?.[register] ?? 0),
  }));
}
