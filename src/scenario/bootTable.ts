/**
 * Writes the boot table: the scenario as plain words that C code reads at boot.
 *
 * The layout is the one of `media/kernel/include/faultline/scenario.h`: little-endian words,
 * pointers are absolute addresses inside the table. The host writes no struct of Linux.
 */
import { residentPages } from './fileChecks.ts';
import { PAGE_BYTES, firstSectorsOf } from './fileContent.ts';
import type { PlacedMap, PlacedTask } from './addressSpace.ts';
import type { EventTask } from './scenarioEvents.ts';
import { ARGUMENT_REGISTERS, type ScenarioData, type ScenarioFile } from './scenarioSchema.ts';

/** `FL1T`: the first word of the table. */
const MAGIC = 0x464c5431;

/** Words of the records. */
const FILE_WORDS = 10;
const PROCESS_WORDS = 5;
const TASK_WORDS = 5 + ARGUMENT_REGISTERS.length;
const EVENT_WORDS = 7;

/** What goes into the table. */
export interface BootTableInput {
  readonly data: ScenarioData;
  readonly cpuCount: number;
  readonly readaheadPages: number;
  /** All maps by process, programs and stacks included. */
  readonly maps: readonly (readonly PlacedMap[])[];
  readonly tasks: readonly PlacedTask[];
  /** Where each task starts. */
  readonly entries: readonly number[];
  readonly events: readonly EventTask[];
}

/** The bytes of the table for a machine that places it at `base`. */
export function buildBootTable(input: BootTableInput, base: number): Uint8Array {
  const { data, maps, tasks, events } = input;
  const writer = new TableWriter(base);
  const table = writer.reserve(11);
  const files = data.files ?? [];
  const fileRecords = writer.reserve(FILE_WORDS * files.length);
  const processRecords = writer.reserve(PROCESS_WORDS * data.processes.length);
  const taskRecords = writer.reserve(TASK_WORDS * tasks.length);
  const eventRecords = writer.reserve(EVENT_WORDS * events.length);

  writer.write(table, [
    MAGIC,
    files.length,
    writer.addressOf(fileRecords),
    data.processes.length,
    writer.addressOf(processRecords),
    tasks.length,
    writer.addressOf(taskRecords),
    input.cpuCount,
    input.readaheadPages,
    events.length,
    writer.addressOf(eventRecords),
  ]);
  const sectors = firstSectorsOf(files);
  files.forEach((file, index) => {
    const record = fileRecord(writer, file, sectors[index] ?? 0);
    writer.write(fileRecords + FILE_WORDS * index, record);
  });
  data.processes.forEach((process, index) => {
    const placed = maps[index] ?? [];
    const records = writer.reserve(11 * placed.length);
    writer.write(processRecords + PROCESS_WORDS * index, [
      writer.addText(process.name),
      placed.length,
      writer.addressOf(records),
      process.limits?.stackBytes ?? 0,
      process.limits?.addressSpaceBytes ?? 0,
    ]);
    placed.forEach((map, mapIndex) => {
      const image = map.image === undefined ? 0 : writer.addBytes(map.image);
      writer.write(records + 11 * mapIndex, [
        writer.addText(map.name),
        map.file,
        map.start,
        map.bytes,
        map.pageOffset,
        map.prot,
        map.flags,
        map.advice,
        map.populate ? 1 : 0,
        image,
        map.image?.length ?? 0,
      ]);
    });
  });
  tasks.forEach((task, index) => {
    const name = writer.addText(data.tasks[index]?.name ?? '');
    const entry = input.entries[index] ?? 0;
    writer.write(taskRecords + TASK_WORDS * index, [
      name,
      task.process,
      task.cpu,
      entry,
      task.stackTop,
      ...task.args,
    ]);
  });
  writeEvents(writer, eventRecords, events);
  return writer.finish();
}

/** Writes what the kernel tasks of events are to do. */
function writeEvents(writer: TableWriter, records: number, events: readonly EventTask[]): void {
  events.forEach((event, index) => {
    writer.write(records + EVENT_WORDS * index, [
      writer.addText(event.name),
      event.kind,
      event.file,
      event.task,
      event.number,
      ...writer.addList(event.pages),
    ]);
  });
}

/** The words of a file. */
function fileRecord(writer: TableWriter, file: ScenarioFile, sector: number): readonly number[] {
  const { holes = [], dirty = [] } = file;
  return [
    writer.addText(file.name),
    file.pages * PAGE_BYTES,
    sector,
    ...writer.addList(residentPages(file)),
    file.asksToWrite === true ? 1 : 0,
    ...writer.addList(dirty),
    ...writer.addList(holes.toSorted((one, other) => one - other)),
  ];
}

/** A growing table; places are word indices, `addressOf` makes pointers of them. */
class TableWriter {
  private readonly base: number;
  private readonly words: number[] = [];

  constructor(base: number) {
    this.base = base;
  }

  /** The place of new words, which are 0. */
  reserve(count: number): number {
    const place = this.words.length;
    for (let index = 0; index < count; index += 1) this.words.push(0);
    return place;
  }

  addressOf(place: number): number {
    return this.base + 4 * place;
  }

  write(place: number, values: readonly number[]): void {
    values.forEach((value, index) => {
      this.words[place + index] = value;
    });
  }

  /** Adds words and returns how many, and where. */
  addList(values: readonly number[]): readonly [number, number] {
    const place = this.reserve(values.length);
    this.write(place, values);
    return [values.length, this.addressOf(place)];
  }

  /** Adds bytes and returns their address. */
  addBytes(bytes: ArrayLike<number>): number {
    const place = this.reserve(Math.ceil(bytes.length / 4));
    for (let index = 0; index < bytes.length; index += 1) {
      const at = place + (index >> 2);
      this.words[at] = (this.words[at] ?? 0) | ((bytes[index] ?? 0) << (8 * (index & 3)));
    }
    return this.addressOf(place);
  }

  /** Adds a text with a final zero and returns its address; other characters than ASCII become `?`. */
  addText(text: string): number {
    const bytes = Array.from(text, (character) =>
      character < '\x80' ? character.charCodeAt(0) : 0x3f,
    );
    return this.addBytes([...bytes, 0]);
  }

  finish(): Uint8Array {
    const bytes = new Uint8Array(4 * this.words.length);
    const view = new DataView(bytes.buffer);
    this.words.forEach((word, index) => {
      view.setUint32(4 * index, word >>> 0, true);
    });
    return bytes;
  }
}
