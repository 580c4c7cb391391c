// What ships: the list of packed files is the golden list of test/golden/package/files.txt, bundles aside.
//
// The bundles are only there after a build, so `npm run package` compares them; all the rest is compared here.
import { describe, expect, it } from 'vitest';
import { listPackedFiles, readGoldenList } from '../../scripts/package.mjs';

describe('the package', () => {
  it('contains the files of the golden list and nothing else', async () => {
    const isSource = (line: string): boolean => !line.startsWith('dist/');
    expect((await listPackedFiles()).filter(isSource)).toEqual(readGoldenList().filter(isSource));
  });
});
