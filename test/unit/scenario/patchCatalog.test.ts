/**
 * The catalog of kernels: what it refuses, how kernels are made from each other, whose expectations
 * hold.
 */
import { describe, expect, it } from 'vitest';
import {
  expectedLike,
  listKernels,
  listLabs,
  patchCatalog,
  readPatchCatalog,
  stepsToKernel,
} from '../../../src/scenario/patchCatalog.ts';
import { media } from '../../support/nodeMedia.ts';

function read(kernels: readonly object[], labs: readonly object[] = []): string {
  try {
    readPatchCatalog('own.jsonc', JSON.stringify({ version: 1, kernels, labs }, undefined, 1));
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

const TREE = { name: 'patched', title: 'the tree' };
const LAB = {
  name: 'odd',
  title: 'Something is odd',
  from: 'patched',
  mutation: 'M1',
  scenario: 'cold-fault',
  task: 'Find it.',
  notice: 'It is here.',
  symptom: { outcome: 'deadlock' },
};

describe('readPatchCatalog', () => {
  it('takes kernels that are made from those above them, and labs', () => {
    expect(read([TREE, { name: 'a', title: 'A', from: 'patched', patch: 'a' }], [LAB])).toBe('');
  });

  it.each([
    ['a wrong word', [{ ...TREE, titel: 'x' }], [], /^own\.jsonc:\d+: .*titel/],
    ['two of one name', [TREE, TREE], [], /patched: there are two kernels of this name/],
    ['a lab named like a kernel', [TREE], [{ ...LAB, name: 'patched' }], /two kernels/],
    ['an origin below', [TREE, { name: 'a', title: 'A', from: 'b', patch: 'a' }], [], /called b/],
    ['no patch', [TREE, { name: 'a', title: 'A', from: 'patched' }], [], /a: it has no patch/],
    ['no origin', [TREE, { name: 'a', title: 'A' }], [], /not made from any other/],
    [
      'an unknown model',
      [TREE, { name: 'a', title: 'A', from: 'patched', patch: 'a', behavesLike: 'c' }],
      [],
      /called c/,
    ],
    ['a lab from nowhere', [TREE], [{ ...LAB, from: 'no' }], /odd: no kernel above it/],
  ])('refuses %s', (_, kernels, labs, message) => {
    expect(read(kernels, labs)).toMatch(message);
  });
});

describe('the catalog that ships', () => {
  const catalog = patchCatalog(media);

  it('shows the tree and the kernel without the patch first', () => {
    expect(listKernels(media)).toEqual([
      'patched',
      'unpatched',
      'mainline',
      'mainline-rc1',
      'base',
      'killable',
      'tried',
      'account-on-completion',
    ]);
  });

  it('makes kernels on top of each other, forwards and backwards', () => {
    expect(stepsToKernel(catalog, 'patched')).toEqual([]);
    expect(stepsToKernel(catalog, 'base')).toEqual([
      { path: 'patches/release-mmap-sem.patch', direction: 'reverse' },
      { path: 'patches/lock-page-in-one-place.patch', direction: 'reverse' },
    ]);
    expect(stepsToKernel(catalog, 'account-on-completion').map(({ path }) => path)).toEqual([
      'patches/mainline.patch',
      'patches/tried.patch',
      'patches/account-on-completion.patch',
    ]);
  });

  it('expects of a later form what is expected of the earlier one', () => {
    expect(expectedLike(catalog, 'patched')).toEqual(['patched']);
    expect(expectedLike(catalog, 'base')).toEqual(['base', 'unpatched']);
    expect(expectedLike(catalog, 'tried')).toEqual(['tried', 'mainline', 'patched']);
  });

  it('expects of a lab what is expected of the kernel that it was made from', () => {
    for (const { name, from } of listLabs(media)) {
      expect(expectedLike(catalog, name).slice(0, 2)).toEqual([name, from]);
    }
  });
});
