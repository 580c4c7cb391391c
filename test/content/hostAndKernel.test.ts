/**
 * The wall between host and kernel: TypeScript reads structs of the kernel and never writes one, the
 * rooms that execute or look do not ask which variant runs, and no Linux name stands in the machine.
 */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const source = path.join(import.meta.dirname, '../../src');

function filesOf(...rooms: string[]): { path: string; code: string }[] {
  return rooms.flatMap((room) =>
    readdirSync(path.join(source, room), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => ({
        path: `${room}/${name.replaceAll('\\', '/')}`,
        code: withoutComments(readFileSync(path.join(source, room, name), 'utf8')),
      })),
  );
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

/** `file: text` of everything that matches. */
function find(files: readonly { path: string; code: string }[], pattern: RegExp): string[] {
  return files.flatMap(({ path: name, code }) =>
    (code.match(pattern) ?? []).map((text) => `${name}: ${text.trim()}`),
  );
}

describe('the host', () => {
  it('has no way to write memory outside of the machine: no room imports what writes it', () => {
    const rooms = filesOf('kernel', 'scenario', 'debugger', 'view', 'adapter', 'extension', 'cli');
    const writers =
      /from '[./]*machine\/(?:memory|machineState|interpreter|intrinsics|atomics|mmu|bootMemory|imageLayout|imageTable|kernelCall|trapFrame)\.ts'/g;
    const others = rooms.filter(({ path: name }) => !name.includes('kernel/rules/'));
    expect(others.length).toBeLessThan(rooms.length);
    expect(find(others, writers)).toEqual([]);
  });

  it('writes the notes of the rules in one file, behind the model', () => {
    const rules = filesOf('kernel').filter(({ path: name }) => name.includes('kernel/rules/'));
    const writes =
      /(?:words|doubles|bytes|userRegisters)(?:\[[^\]]*\])+ = |\.(?:setWordAt|copyWithin|fill|set)\(/g;
    const found = find(rules, writes).filter((text) => !/: \.set\($/.test(text));
    expect(found.filter((text) => !text.includes('ruleStore.ts'))).toEqual([]);
    expect(found.length).toBeGreaterThan(0);
  });

  it('does not ask for the variant of the kernel where it executes or looks', () => {
    const rooms = filesOf('base', 'bytecode', 'c', 'machine', 'x86', 'kernel', 'debugger', 'view');
    expect(find(rooms, /['"`](?:un)?patched['"`]|['"`]mainline['"`]/g)).toEqual([]);
  });

  it('has no name of Linux in the machine', () => {
    expect(
      find(
        filesOf('machine'),
        /\b(?:task_struct|mmap_sem|rw_?sem\w*|page_struct|vma|mm_struct|PG_\w+|do_page_fault|filemap\w*)\b/gi,
      ),
    ).toEqual([]);
  });

  it('names structs of the kernel in the kernel room only', () => {
    const rooms = filesOf('machine', 'debugger', 'view', 'adapter', 'scenario');
    expect(
      find(rooms, /['"`](?:vm_area_struct|rw_semaphore|rwsem_waiter|mm_struct)['"`]/g),
    ).toEqual([]);
  });

  it('is really searched: a planted name is found', () => {
    expect(
      find(
        [{ path: 'x.ts', code: withoutComments("// 'patched'\nif (kernel === 'patched') {}") }],
        /['"`]patched['"`]/g,
      ),
    ).toEqual(["x.ts: 'patched'"]);
  });
});
