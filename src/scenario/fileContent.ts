/**
 * What is in the files of a scenario, and the disk that holds them.
 *
 * `pattern` is a pure function of the file's name and the offset:
 *   byte = (hash(name) + 31 * page + offset in the page) mod 256
 * where hash is 32-bit FNV-1a over the name's characters. So a byte read from the wrong file, page
 * or offset is almost always a wrong byte. It is computed when it is read, so a large file costs nothing. Texts
 * and base64 are padded with zeros; holes read as zeros.
 */
import type { DiskImage } from '../machine/machineConfig.ts';
import type { ScenarioFile } from './scenarioSchema.ts';

export const PAGE_BYTES = 4096;
/** Files start at multiples of this, in their order, the first at one of them. */
const SECTORS_PER_PIECE = 0x1000;
/** Sectors of 512 bytes in a page. */
export const SECTORS_PER_PAGE = 8;

const EIO = -5;

/** The byte of a file with content `pattern`. */
export function patternByte(name: string, offset: number): number {
  return (patternBase(name) + 31 * Math.trunc(offset / PAGE_BYTES) + (offset % PAGE_BYTES)) & 0xff;
}

function patternBase(name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  }
  return hash & 0xff;
}

/** The sectors at which the first pages of files lie. */
export function firstSectorsOf(files: readonly ScenarioFile[]): readonly number[] {
  let next = SECTORS_PER_PIECE;
  return files.map(({ pages }) => {
    const first = next;
    next += Math.ceil((pages * SECTORS_PER_PAGE) / SECTORS_PER_PIECE) * SECTORS_PER_PIECE;
    return first;
  });
}

/** Where a file lies on the disk. */
export interface PlacedFile {
  readonly name: string;
  /** That of its first page; the others follow without gaps. */
  readonly sector: number;
  readonly pages: number;
}

/** The files of a scenario on its disk, by which reads can be named. */
export function placeFiles(files: readonly ScenarioFile[]): readonly PlacedFile[] {
  const sectors = firstSectorsOf(files);
  return files.map(({ name, pages }, index) => ({ name, pages, sector: sectors[index] ?? 0 }));
}

/** How many bytes a file's own text has; `undefined` for a pattern, which fills all pages. */
export function contentLength(file: ScenarioFile): number | undefined {
  return file.content === 'pattern' ? undefined : fixedContent(file.content).length;
}

/** One byte of a file. */
export function fileByte(file: ScenarioFile, offset: number): number {
  if (file.holes?.includes(Math.trunc(offset / PAGE_BYTES)) === true) return 0;
  if (file.content === 'pattern') return patternByte(file.name, offset);
  return fixedContent(file.content)[offset] ?? 0;
}

function fixedContent(
  content: { readonly text: string } | { readonly base64: string },
): readonly number[] {
  return 'text' in content ? encodeUtf8(content.text) : decodeBase64(content.base64);
}

/** Source: RFC 3629. */
function encodeUtf8(text: string): number[] {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const tail = (shift: number): number => 0x80 | ((code >> shift) & 0x3f);
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), tail(0));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), tail(6), tail(0));
    else bytes.push(0xf0 | (code >> 18), tail(12), tail(6), tail(0));
  }
  return bytes;
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Source: RFC 4648, section 4. */
function decodeBase64(text: string): number[] {
  const bytes: number[] = [];
  let bits = 0;
  let count = 0;
  for (const character of text.replace(/=+$/, '')) {
    bits = ((bits << 6) | BASE64.indexOf(character)) & 0xffff;
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes.push((bits >> count) & 0xff);
    }
  }
  return bytes;
}

/** A file as the disk has it. */
interface FileOnDisk {
  readonly firstSector: number;
  readonly pages: number;
  /** `undefined` for a pattern. */
  readonly content: readonly number[] | undefined;
  readonly base: number;
  readonly holes: ReadonlySet<number>;
  /** How often the reads of a page fail. */
  readonly failures: ReadonlyMap<number, number>;
}

/** The disk with all files of a scenario. Reads outside of files fail, and so do the reads that `errors` lists. */
export function createDiskImage(files: readonly ScenarioFile[]): DiskImage {
  const sectors = firstSectorsOf(files);
  const onDisk = files.map((file, index): FileOnDisk => ({
    firstSector: sectors[index] ?? 0,
    pages: file.pages,
    content: file.content === 'pattern' ? undefined : fixedContent(file.content),
    base: patternBase(file.name),
    holes: new Set(file.holes),
    failures: new Map(file.errors?.map(({ page, times }) => [page, times])),
  }));
  return {
    readPage(sector, into, earlierFailures) {
      const file = onDisk.findLast(({ firstSector }) => firstSector <= sector);
      const page = Math.trunc((sector - (file?.firstSector ?? 0)) / SECTORS_PER_PAGE);
      if (file === undefined || page >= file.pages) return EIO;
      if (earlierFailures < (file.failures.get(page) ?? 0)) return EIO;
      if (file.holes.has(page)) into.fill(0);
      else fillPage(file, page, into);
      return 0;
    },
  };
}

function fillPage({ content, base }: FileOnDisk, page: number, into: Uint8Array): void {
  const first = base + 31 * page;
  for (let offset = 0; offset < PAGE_BYTES; offset += 1) {
    into[offset] =
      content === undefined ? first + offset : (content[page * PAGE_BYTES + offset] ?? 0);
  }
}
