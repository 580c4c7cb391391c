/**
 * What the documents say about files is true: links lead somewhere, the map of the source names every
 * room and only files that exist, and everything that ships as source carries its licence.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '../..');

function read(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}

function filesBelow(folder: string, ending: RegExp): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((name) => ending.test(name))
    .sort();
}

const documents = [
  'README.md',
  'CHANGELOG.md',
  'src/README.md',
  'l10n/README.md',
  ...filesBelow('test', /\.md$/),
  ...filesBelow('media', /\.md$/),
];

/** Targets of links and images that are neither addresses nor commands, without their fragments. */
function linkTargets(text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)|<img[^>]*\ssrc="([^"]+)"/g)]
    .map(([, link, image]) => (link ?? image ?? '').replace(/#.*$/, ''))
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target));
}

describe('the documents', () => {
  it.each(documents)('%s links only to what exists', (document) => {
    const folder = path.dirname(path.join(root, document));
    const dead = linkTargets(read(document)).filter(
      (target) => !existsSync(path.join(folder, target)),
    );
    expect(dead).toEqual([]);
  });

  it('are really searched: a dead link is found', () => {
    expect(linkTargets('[a](no/such.md#x) [b](https://x.y) ![c](z.png)')).toEqual([
      'no/such.md',
      'z.png',
    ]);
  });
});

describe('the map of the source', () => {
  const map = read('src/README.md');

  it('has a row for each room and for nothing else', () => {
    const rows = [...map.matchAll(/^\| `([a-z0-9]+)` \|/gm)].map(([, room]) => room ?? '');
    const folders = readdirSync(path.join(root, 'src'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    const later = ['explore'];
    expect(rows.filter((room) => room !== 'mmap_sem').sort()).toEqual(
      [...new Set([...folders, ...later])].sort(),
    );
  });

  it('names only files that exist', () => {
    const named = [...map.matchAll(/`((?:[a-z0-9]+\/)+[A-Za-z0-9]+\.(?:ts|c))`/g)].map(
      ([, file]) => file ?? '',
    );
    const dead = named.filter(
      (file) => !existsSync(path.join(root, 'src', file)) && !existsSync(path.join(root, file)),
    );
    expect(named.length).toBeGreaterThan(10);
    expect(dead).toEqual([]);
  });
});

describe('what ships as source', () => {
  it('carries the licence at its top, one line each', () => {
    const sources = filesBelow('media', /\.(?:c|h|s|jsonc)$/);
    const bare = sources.filter((file) => {
      const top = read(file).split('\n').slice(0, 2).join('\n');
      return !top.includes('SPDX-License-Identifier: GPL-2.0-only');
    });
    expect(bare).toEqual([]);
  });

  it('is under the licence that the package names', () => {
    const { license } = JSON.parse(read('package.json')) as { license: string };
    expect(license).toBe('GPL-2.0-only');
    expect(read('LICENSE')).toContain('GNU GENERAL PUBLIC LICENSE');
  });
});
