/**
 * Runs that read more of a file than fits into memory: frames are reclaimed for whatever needs one, and the rules of
 * the kernel hold. A read for which nothing can be allocated fails like any other read.
 */
import { describe, expect, it } from 'vitest';
import { REFERENCES } from '../../src/machine/imageLayout.ts';
import { withPrograms } from '../../src/scenario/catalog.ts';
import { DEFAULT_FRAMES } from '../../src/scenario/machineDefaults.ts';
import { readMedia } from '../support/kernelMedia.ts';
import { editedTree, finish, prepare, shippedTree } from '../support/preparedRun.ts';

const TEXT = readMedia('scenarios/benchmark-2010.jsonc');
/** The benchmark with little memory. */
const CRAMPED = withPrograms(
  {
    path: 'scenarios/cramped.jsonc',
    text: TEXT.replace('"preset": "paper"', '"preset": "paper", "frames": 1024'),
  },
  (path) => ({ path, text: readMedia(`scenarios/${path}`) }),
);

describe('memory that is full of pages of a file', () => {
  it('is used again', { timeout: 120_000 }, () => {
    const parameters = { diskReadNs: 20_000, durationNs: 110_000_000 };
    const { summary } = finish(prepare(CRAMPED, shippedTree('patched'), { parameters }));
    expect(summary.violations).toEqual([]);
    expect(summary.outcome).toBe('completed');
    // There are 1024 frames, and the kernel has some of them.
    expect(summary.tasks[0]?.maj_flt).toBeGreaterThan(1100);
  });

  it('is kept account of: three references to every frame of the usual machine', () => {
    expect(REFERENCES.capacity * 0.75).toBeGreaterThanOrEqual(3 * DEFAULT_FRAMES);
  });
});

describe('a read for which there is no request', () => {
  it('fails, and its page is unlocked by the task that has locked it', () => {
    const tree = editedTree('patched', [
      {
        path: 'block/blk-core.c',
        from: 'struct request *rq = kmalloc(sizeof(*rq), GFP_NOFS);',
        to: 'struct request *rq = NULL;',
      },
    ]);
    const { summary } = finish(prepare('cold-fault', tree));
    expect(summary.violations).toEqual([]);
    expect(summary.tasks.map(({ exit }) => exit)).toEqual(['SIGBUS:ADRERR']);
  });
});
