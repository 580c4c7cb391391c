// One file, many spellings: what clients are told, and what they may send back.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { AdapterHost } from '../../../src/adapter/host.ts';
import { kernelOfUri, SourceCatalog } from '../../../src/adapter/sourceCatalog.ts';
import type { SourceFile } from '../../../src/base/span.ts';

const HOST: AdapterHost = {
  media: { read: () => undefined, list: () => [] },
  mediaPath: (path) => `/opt/faultline/media/${path}`,
  readFile: () => Promise.resolve(undefined),
  readFolder: () => Promise.resolve(undefined),
  yieldToHost: () => Promise.resolve(),
  now: () => 0,
};

const FILE: SourceFile = { path: 'mm/filemap.c', text: 'int x;\n' };

describe('SourceCatalog', () => {
  it('names the files of shipped trees by URI inside VS Code', () => {
    const catalog = new SourceCatalog(HOST, 'uri');
    catalog.add(FILE, { kind: 'tree', kernel: 'unpatched', path: 'mm/filemap.c' });
    expect(catalog.sourceOf(FILE)?.path).toBe('faultline:/unpatched/mm/filemap.c');
    expect(catalog.fileOf({ path: 'faultline:/unpatched/mm/filemap.c' })).toBe(FILE);
    expect(catalog.fileOf({ path: 'faultline:///unpatched/mm/filemap.c' })).toBe(FILE);
    expect(catalog.fileOf({ path: 'faultline:/patched/mm/filemap.c' })).toBeUndefined();
  });

  it('names them by real path over stdio where a file ships', () => {
    const catalog = new SourceCatalog(HOST, 'path');
    catalog.add(FILE, { kind: 'tree', kernel: 'patched', path: 'mm/filemap.c' });
    const path = '/opt/faultline/media/kernel/mm/filemap.c';
    const checksum = createHash('sha256').update(FILE.text).digest('hex');
    expect(catalog.sourceOf(FILE)).toEqual({
      name: 'filemap.c',
      path,
      checksums: [{ algorithm: 'SHA256', checksum }],
    });
    expect(catalog.fileOf({ path })).toBe(FILE);
  });

  it('serves computed trees by reference over stdio', () => {
    const catalog = new SourceCatalog(HOST, 'path');
    catalog.add(FILE, { kind: 'tree', kernel: 'unpatched', path: 'mm/filemap.c' });
    const source = catalog.sourceOf(FILE);
    expect(source?.sourceReference).toBeGreaterThan(0);
    expect(catalog.fileOf({ sourceReference: source?.sourceReference ?? 0 })).toBe(FILE);
  });

  it('takes a path with a link in it and the path behind it for the same file', () => {
    const realPath = (path: string): string => path.replace(/^\/(?:opt|link)\//, '/real/');
    const catalog = new SourceCatalog({ ...HOST, realPath }, 'path');
    catalog.add(FILE, { kind: 'tree', kernel: 'patched', path: 'mm/filemap.c' });
    for (const root of ['/opt', '/link', '/real']) {
      const path = `${root}/faultline/media/kernel/mm/filemap.c`;
      expect(catalog.fileOf({ path })).toBe(FILE);
    }
    expect(catalog.fileOf({ path: '/other/media/kernel/mm/filemap.c' })).toBeUndefined();
  });

  it('takes two spellings of a Windows path for the same file', () => {
    const catalog = new SourceCatalog(HOST, 'path');
    catalog.add(FILE, { kind: 'file', path: 'C:\\lab\\kernel\\mm\\filemap.c' });
    expect(catalog.fileOf({ path: 'c:/lab/kernel/mm/filemap.c' })).toBe(FILE);
  });
});

describe('kernelOfUri', () => {
  it('says which kernel a URI belongs to', () => {
    expect(kernelOfUri('faultline:/unpatched/mm/filemap.c')).toBe('unpatched');
    expect(kernelOfUri('/home/me/filemap.c')).toBeUndefined();
  });
});
