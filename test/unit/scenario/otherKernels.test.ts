// Where Restart With Other Kernel goes: at once within the pair, else by a list with the likely ones first.
import { describe, expect, it } from 'vitest';
import { otherKernels } from '../../../src/scenario/otherKernels.ts';
import { patchCatalog } from '../../../src/scenario/patchCatalog.ts';
import { media } from '../../support/nodeMedia.ts';

const catalog = patchCatalog(media);
const [lab] = catalog.labs.filter(({ from }) => from === 'patched');

describe('the other kernel', () => {
  it.each([
    ['patched', undefined, 'unpatched'],
    ['unpatched', undefined, 'patched'],
    ['patched', 'unpatched', 'unpatched'],
    ['unpatched', 'patched', 'patched'],
    ['unpatched', 'mainline', 'mainline'],
    ['unpatched', '/home/ann/lab/kernel', '/home/ann/lab/kernel'],
  ])('of %s, behind %s, is %s without a question', (kernel, before, other) => {
    expect(otherKernels(catalog, kernel, before)).toEqual({ kind: 'one', kernel: other });
  });

  it.each([
    ['mainline', undefined, ['unpatched', 'patched']],
    ['mainline', 'patched', ['patched', 'unpatched']],
    ['patched', 'mainline', ['mainline', 'unpatched']],
    ['/home/ann/lab/kernel', undefined, ['unpatched', 'patched']],
    [lab?.name ?? '', undefined, ['patched', 'unpatched']],
    [lab?.name ?? '', 'mainline', ['mainline', 'patched', 'unpatched']],
  ])('of %s, behind %s, is asked for: %s first', (kernel, before, first) => {
    expect(otherKernels(catalog, kernel, before)).toEqual({ kind: 'ask', first });
  });
});
