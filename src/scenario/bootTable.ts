/**
 * Writes the boot table: the scenario as plain words that C code reads at boot.
 *
 * The layout is the one of `media/kernel/include/faultline/scenario.h`: little-endian words,
 * pointers are absolute addresses inside the table. The host writes no struct of Linux.
 */
import { PAGE_BYTES, firstSectorOf } from './fileContent.ts';
import type { PlacedMap, PlacedTask } from './addressSpace.ts';
import type { EventTask } from './scenarioEvents.ts';
import type { ScenarioData } from './scenarioSchema.ts';

/** `FL1T`: the first word of the table. */
const MAGIC = 0x464c5431;

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
  const fileRecords = writer.reserve(6 * files.length);
  const processRecords = writer.reserve(3 * data.processes.length);
  const taskRecords = writer.reserve(6 * tasks.length);
  const eventRecords = writer.reserve(7 * events.length);

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
  files.forEach((file, index) => {
    const cached =
      file.cached === 'all'
        ? Array.from({ length: file.pages }, (_, page) => page)
        : (file.cached ?? []);
    const pages = writer.reserve(cached.length);
    writer.write(pages, cached);
    const name = writer.addText(file.name);
    const record = [
      name,
      file.pages * PAGE_BYTES,
      firstSectorOf(index),
      cached.length,
      writer.addressOf(pages),
      file.asksToWrite === true ? 1 : 0,
    ];
    writer.write(fileRecords + 6 * index, record);
  });
  data.processes.forEach((process, index) => {
    const placed = maps[index] ?? [];
    const records = writer.reserve(11 * placed.length);
    writer.write(processRecords + 3 * index, [
      writer.addText(process.name),
      placed.length,
      writer.addressOf(records),
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
    writer.write(taskRecords + 6 * index, [
      name,
      task.process,
      task.cpu,
      entry,
      task.stackTop,
      task.argument,
    ]);
  });
  writeEvents(writer, eventRecords, events);
  return writer.finish();
}

function writeEvents(writer: TableWriter, records: number, events: readonly EventTask[]): void {
  events.forEach((event, index) => {
    const pages = writer.reserve(event.pages.length);
    writer.write(pages, event.pages);
    writer.write(records + 7 * index, [
      writer.addText(event.name),
      event.kind,
      event.file,
      event.task,
      event.number,
      event.pages.length,
      writer.addressOf(pages),
    ]);
  });
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
