/**
 * What files contain and what the disk gives back, compared with the pattern's definition.
 */
import { describe, expect, it } from 'vitest';
import {
  createDiskImage,
  fileByte,
  firstSectorsOf,
  patternByte,
} from '../../../src/scenario/fileContent.ts';
import type { ScenarioFile } from '../../../src/scenario/scenarioSchema.ts';

function fileOf(content: ScenarioFile['content'], more: Partial<ScenarioFile> = {}): ScenarioFile {
  return { name: 'a.bin', pages: 2, content, ...more };
}

describe('the pattern', () => {
  it('is a function of name, page and offset', () => {
    // FNV-1a of "data.bin", computed by hand from its definition.
    let hash = 0x811c9dc5;
    for (const character of 'data.bin')
      hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
    expect(patternByte('data.bin', 0)).toBe(hash & 0xff);
    expect(patternByte('data.bin', 20 * 4096 + 0x123)).toBe(
      ((hash & 0xff) + 20 * 31 + 0x123) & 0xff,
    );
  });

  it('differs between neighboring bytes, pages and files', () => {
    expect(patternByte('a', 5)).not.toBe(patternByte('a', 6));
    expect(patternByte('a', 5)).not.toBe(patternByte('a', 4096 + 5));
    expect(patternByte('a', 5)).not.toBe(patternByte('b', 5));
  });
});

describe('the disk', () => {
  /** The first sector of the first or second of two files of 2 pages. */
  const firstSectorOf = (index: number): number =>
    firstSectorsOf([fileOf('pattern'), fileOf('pattern')])[index] ?? 0;
  const page = new Uint8Array(4096);

  it('holds texts and base64, padded with zeros', () => {
    const disk = createDiskImage([fileOf({ text: 'Zoë' }), fileOf({ base64: 'AAEC/w==' })]);
    expect(disk.readPage(firstSectorOf(0), page, 0)).toBe(0);
    expect([...page.slice(0, 5)]).toEqual([0x5a, 0x6f, 0xc3, 0xab, 0]);
    expect(disk.readPage(firstSectorOf(1), page, 0)).toBe(0);
    expect([...page.slice(0, 5)]).toEqual([0, 1, 2, 255, 0]);
  });

  it('gives the same bytes as the files', () => {
    const file = fileOf('pattern');
    const disk = createDiskImage([file]);
    expect(disk.readPage(firstSectorOf(0) + 8, page, 0)).toBe(0);
    for (const offset of [0, 1, 255, 256, 4095])
      expect(page[offset]).toBe(fileByte(file, 4096 + offset));
  });

  it('fails behind the end of a file and where the scenario says so', () => {
    const disk = createDiskImage([fileOf('pattern', { errors: [{ page: 1, times: 2 }] })]);
    expect(disk.readPage(firstSectorOf(0) + 16, page, 0)).toBe(-5);
    expect(disk.readPage(0, page, 0)).toBe(-5);
    expect(
      [0, 1, 2].map((failures) => disk.readPage(firstSectorOf(0) + 8, page, failures)),
    ).toEqual([-5, -5, 0]);
  });

  it('gives zeros for holes', () => {
    const file = fileOf('pattern', { holes: [1] });
    const disk = createDiskImage([file]);
    page.fill(1);
    expect(disk.readPage(firstSectorOf(0) + 8, page, 0)).toBe(0);
    expect(page.every((byte) => byte === 0)).toBe(true);
    expect([fileByte(file, 4096), fileByte(file, 8191)]).toEqual([0, 0]);
    expect(disk.readPage(firstSectorOf(0), page, 0)).toBe(0);
    expect(page[1]).toBe(fileByte(file, 1));
  });

  it('holds files of 1 GiB, the next one behind', () => {
    const large = fileOf('pattern', { pages: 262_144 });
    const small = { ...fileOf('pattern'), name: 'b.bin' };
    const disk = createDiskImage([large, small]);
    const [first = 0, second = 0] = firstSectorsOf([large, small]);
    expect(disk.readPage(first + 8 * 262_143, page, 0)).toBe(0);
    expect(page[7]).toBe(patternByte('a.bin', 262_143 * 4096 + 7));
    expect(disk.readPage(second, page, 0)).toBe(0);
    expect(page[7]).toBe(patternByte('b.bin', 7));
  });
});
