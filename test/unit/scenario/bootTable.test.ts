/**
 * The boot table: what C reads at boot, word by word, and where maps and stacks are placed.
 */
import { describe, expect, it } from 'vitest';
import { asAddress } from '../../../src/base/brand.ts';
import type { Diagnostic } from '../../../src/base/diagnostic.ts';
import {
  placeMaps,
  placeTaskMaps,
  placeTasks,
  symbolsOfMaps,
  textBaseOf,
} from '../../../src/scenario/addressSpace.ts';
import { buildBootTable } from '../../../src/scenario/bootTable.ts';
import { loadScenario, type Scenario } from '../../../src/scenario/loadScenario.ts';
import { placeEvents } from '../../../src/scenario/scenarioEvents.ts';
import { assemble } from '../../../src/x86/assemble.ts';

const BASE = 0xc0200000;

function load(maps: string, events = ''): Scenario {
  const text = `{ "version": 1, "title": "t", "files": [{ "name": "a.bin", "pages": 4, "content": "pattern", "cached": [1, 3], "dirty": [2], "holes": [3, 0] }],
    "processes": [{ "name": "p", "limits": { "stackBytes": 65536 }, "maps": [${maps}] }],
    "tasks": [{ "name": "one", "process": "p", "program": "x.s" }, { "name": "two", "process": "p", "cpu": 0, "program": "x.s", "args": [7, 0, -1] }], "events": [${events}] }`;
  const { scenario, diagnostics } = loadScenario({ path: 's.jsonc', text });
  if (scenario === undefined) throw new Error(diagnostics[0]?.message);
  return scenario;
}

describe('placeMaps', () => {
  const maps =
    '{ "name": "a", "file": "a.bin", "pages": 4, "prot": "r", "flags": "private" }, { "name": "b", "anon": true, "pages": 1, "prot": "rw", "flags": ["shared"] }';

  it('gives addresses upwards with a free page between, and symbols for programs', () => {
    const scenario = load(maps);
    const diagnostics: Diagnostic[] = [];
    const [placed = []] = placeMaps(scenario.data, scenario.document, diagnostics);
    expect(diagnostics).toEqual([]);
    expect([...symbolsOfMaps(placed)]).toEqual([
      ['a', 0x40000000],
      ['a_end', 0x40004000],
      ['b', 0x40005000],
      ['b_end', 0x40006000],
    ]);
    expect(placed.map(({ file, prot, flags }) => [file, prot, flags])).toEqual([
      [0, 1, 0x12],
      [-1, 3, 0x31],
    ]);
  });

  it('reports maps that overlap each other, a program or a stack', () => {
    const at = (address: string) =>
      `{ "name": "c", "anon": true, "at": "${address}", "pages": 2, "prot": "rw", "flags": "private" }`;
    const complain = (text: string): string[] => {
      const scenario = load(text);
      const diagnostics: Diagnostic[] = [];
      placeMaps(scenario.data, scenario.document, diagnostics);
      return diagnostics.map((item) => item.message);
    };
    expect(complain(`${maps}, ${at('0x40003000')}`)).toEqual(['`c` overlaps `a`']);
    expect(complain(at('0x08049000'))).toEqual(['`c` overlaps `the program of one`']);
    expect(complain(at('0xbfdfe000'))).toEqual(['`c` overlaps `the stack of two`']);
    expect(complain(at('0x1000'))).toEqual([]);
  });
});

describe('buildBootTable', () => {
  it('writes the words that the C side reads', () => {
    const scenario = load(
      '{ "name": "a", "file": "a.bin", "pages": 3, "offset": 1, "prot": "r", "flags": "private", "advice": "random", "populate": true }',
      `{ "at": { "atNs": 1 }, "do": "evict", "file": "a.bin", "pages": [3, 1] }, { "at": { "atNs": 1 }, "do": "failRead", "file": "a.bin", "page": 2 },
       { "at": { "atNs": 1 }, "do": "signal", "task": "two", "signal": "SIGKILL" }`,
    );
    const { data, document } = scenario;
    const image = assemble(
      { path: 'x.s', text: 'nop\n_start: ret' },
      { base: textBaseOf(0), symbols: new Map() },
    ).image;
    if (image === undefined) throw new Error('not assembled');
    const maps = [[...placeTaskMaps(0, 'one', image), ...(placeMaps(data, document, [])[0] ?? [])]];
    const tasks = placeTasks(data, 2);
    const events = placeEvents(data, 2, tasks);
    const bytes = buildBootTable(
      { data, cpuCount: 2, readaheadPages: 32, maps, tasks, entries: [image.entry, 5], events },
      BASE,
    );
    const view = new DataView(bytes.buffer);
    const word = (address: number): number => view.getUint32(address - BASE, true);
    const words = (address: number, count: number): number[] =>
      Array.from({ length: count }, (_, index) => word(address + 4 * index));
    const text = (address: number): string => {
      let result = '';
      for (let at = address - BASE; bytes[at] !== 0; at += 1)
        result += String.fromCharCode(bytes[at] ?? 0);
      return result;
    };

    const [
      magic,
      nrFiles,
      files = 0,
      nrProcesses,
      processes = 0,
      nrTasks,
      taskRecords = 0,
      cpus,
      readahead,
      nrEvents,
      eventRecords = 0,
    ] = words(BASE, 11);
    expect([magic, nrFiles, nrProcesses, nrTasks, cpus, readahead, nrEvents]).toEqual([
      0x464c5431, 1, 1, 2, 2, 32, 2,
    ]);

    const [eventName = 0, ...evict] = words(eventRecords, 7);
    expect([text(eventName), ...evict.slice(0, 5)]).toEqual(['[evict]', 1, 0, 0, 0, 2]);
    expect(words(evict[5] ?? 0, 2)).toEqual([3, 1]);
    const [signalName = 0, ...signal] = words(eventRecords + 28, 7);
    expect([text(signalName), ...signal.slice(0, 5)]).toEqual(['[signal]', 2, 0, 1, 9, 0]);

    const [fileName = 0, fileBytes, sector, nrCached, cached = 0, asks, ...lists] = words(
      files,
      10,
    );
    expect([text(fileName), fileBytes, sector, nrCached]).toEqual(['a.bin', 16384, 0x1000, 3]);
    expect(asks).toBe(0);
    expect(words(cached, 3)).toEqual([1, 2, 3]);
    const [nrDirty, dirty = 0, nrHoles, holes = 0] = lists;
    expect([nrDirty, ...words(dirty, 1)]).toEqual([1, 2]);
    expect([nrHoles, ...words(holes, 2)]).toEqual([2, 0, 3]);

    const [processName = 0, nrMaps, mapRecords = 0, stackLimit, asLimit] = words(processes, 5);
    expect([text(processName), nrMaps, stackLimit, asLimit]).toEqual(['p', 3, 65536, 0]);
    const [
      textName = 0,
      textFile,
      start,
      size,
      ,
      prot,
      flags,
      ,
      populate,
      imageAt = 0,
      imageBytes,
    ] = words(mapRecords, 11);
    expect([text(textName), textFile, start, size, prot, flags, populate, imageBytes]).toEqual([
      'one.text',
      0xffffffff,
      0x08048000,
      4096,
      5,
      0x32,
      1,
      2,
    ]);
    expect([...bytes.slice(imageAt - BASE, imageAt - BASE + 2)]).toEqual([0x90, 0xc3]);
    const [stackName = 0, , stackStart, stackBytes, , , stackFlags] = words(mapRecords + 44, 11);
    expect([text(stackName), stackStart, stackBytes, stackFlags]).toEqual([
      'one.stack',
      0xbfefc000,
      16384,
      0x132,
    ]);
    expect(words(mapRecords + 88 + 4, 10)).toEqual([0, 0x40000000, 12288, 1, 1, 0x12, 1, 1, 0, 0]);

    const [taskName = 0, ...one] = words(taskRecords, 11);
    expect([text(taskName), ...one]).toEqual([
      'one',
      ...[0, 0, 0x08048001, 0xbff00000],
      ...[0, 0, 0, 0, 0, 0],
    ]);
    expect(words(taskRecords + 44, 11).slice(1)).toEqual([
      ...[0, 0, 5, 0xbfe00000],
      ...[7, 0, 0xffffffff, 0, 0, 0],
    ]);
    expect(asAddress(taskName)).toBeGreaterThan(BASE);
  });
});
