/**
 * What is in the files of a scenario, and the disk that holds them.
 *
 * `pattern` is a pure function of the file's name and the offset:
 *   byte = (hash(name) + 31 * page + offset in the page) mod 256
 * where hash is 32-bit FNV-1a over the name's characters. So a byte read from the wrong file, page
 * or offset is almost always a wrong byte. Texts and base64 are padded with zeros.
 */
import type { DiskImage } from '../machine/machineConfig.ts';
import type { ScenarioFile } from './scenarioSchema.ts';

export const PAGE_BYTES = 4096;
/** File number i starts at sector `SECTORS_PER_FILE * (i + 1)`. */
export const SECTORS_PER_FILE = 0x1000;
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

/** The sector at which a file's first page lies. */
export function firstSectorOf(fileIndex: number): number {
  return SECTORS_PER_FILE * (fileIndex + 1);
}

/** How many bytes a file's own text has; `undefined` for a pattern, which fills all pages. */
export function contentLength(file: ScenarioFile): number | undefined {
  return file.content === 'pattern' ? undefined : fixedContent(file.content).length;
}

/** One byte of a file. */
export function fileByte(file: ScenarioFile, offset: number): number {
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

/** The disk with all files of a scenario. Reads outside of files fail, and so do the reads that `errors` lists. */
export function createDiskImage(files: readonly ScenarioFile[]): DiskImage {
  const contents = files.map((file) =>
    file.content === 'pattern' ? undefined : fixedContent(file.content),
  );
  const bases = files.map((file) => patternBase(file.name));
  const failures = files.map(
    (file) => new Map(file.errors?.map(({ page, times }) => [page, times])),
  );
  return {
    readPage(sector, into, earlierFailures) {
      const fileIndex = Math.trunc(sector / SECTORS_PER_FILE) - 1;
      const page = Math.trunc((sector % SECTORS_PER_FILE) / SECTORS_PER_PAGE);
      const file = files[fileIndex];
      if (file === undefined || page >= file.pages) return EIO;
      if (earlierFailures < (failures[fileIndex]?.get(page) ?? 0)) return EIO;
      const content = contents[fileIndex];
      const base = (bases[fileIndex] ?? 0) + 31 * page;
      for (let offset = 0; offset < PAGE_BYTES; offset += 1) {
        into[offset] =
          content === undefined ? base + offset : (content[page * PAGE_BYTES + offset] ?? 0);
      }
      return 0;
    },
  };
}
