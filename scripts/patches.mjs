/**
 * `npm run patches`: brings the patches of media/patches back in step with media/kernel after an
 * edit of the tree.
 *
 * The patch that made the tree what it is (release-mmap-sem) is taken back and written anew; every
 * other patch is applied on top and written anew. Line numbers and context may have changed, within
 * the fuzz of two lines; where the changed lines themselves were edited, the patch must be mended by
 * hand, and its first failing file is named. The text above the first `---` of a patch stays.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { applyPatch, createTwoFilesPatch, parsePatch, reversePatch } from 'diff';
import { root } from './paths.mjs';

const KERNEL = join(root, 'media/kernel');
const PATCHES = join(root, 'media/patches');
/** The patch that is in the tree already. */
const APPLIED = 'release-mmap-sem.patch';

let failures = 0;
for (const name of readdirSync(PATCHES).sort()) {
  if (!name.endsWith('.patch')) continue;
  const path = join(PATCHES, name);
  const text = readFileSync(path, 'utf8');
  const rebased = rebase(text, name === APPLIED);
  if (typeof rebased !== 'string') {
    console.error(`${name}: does not apply to ${rebased.file}; edit the patch by hand`);
    failures += 1;
  } else if (rebased !== text) {
    writeFileSync(path, rebased);
    console.log(`${name}: written anew`);
  }
}
process.exitCode = failures === 0 ? 0 : 1;

/** The patch against the tree as it is now, or the file to which it does not apply. */
function rebase(text, isApplied) {
  const preamble = text.slice(0, text.indexOf('--- '));
  let result = preamble;
  for (const item of parsePatch(text.slice(preamble.length))) {
    const file = item.newFileName.replace(/^b\//, '');
    const tree = readFileSync(join(KERNEL, file), 'utf8');
    const change = isApplied ? reversePatch(item) : item;
    const other = applyPatch(tree, change, { fuzzFactor: 2, autoConvertLineEndings: false });
    if (other === false) return { file };
    const [before, after] = isApplied ? [other, tree] : [tree, other];
    const names = [`a/${file}`, `b/${file}`];
    const written = createTwoFilesPatch(...names, before, after, undefined, undefined, {
      context: 3,
    });
    // The library puts a line of equal signs on top, which is not part of a unified diff.
    result += written.replace(/^=+\n/, '');
  }
  return result;
}
