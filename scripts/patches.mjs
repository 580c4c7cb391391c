/**
 * `npm run patches`: brings the patches of media/patches back in step with media/kernel after an edit
 * of the tree, in the order of the catalog, because some are made against the result of others.
 *
 * Line numbers and context may have changed; where the changed lines themselves were edited, the
 * patch must be mended by hand, and its first failing hunk is named. The text above the first `---` of
 * a patch stays. To mend or to make one:
 *
 *   npm run patches -- --out KERNEL FOLDER    writes the files of a kernel into a new folder
 *   npm run patches -- --in KERNEL FOLDER     makes the kernel's patch from the files of the folder,
 *                                             which must be the same files, none more and none less
 *
 * For a new kernel write its entry in the catalog first, take out the kernel that it is made from, and
 * take the edited folder in under the new name.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parse } from 'jsonc-parser';
import { changesOf, kernelsOf, readPatch, rebaseKernels, writePatch } from './kernelPatches.mjs';
import { root } from './paths.mjs';

const MEDIA = path.join(root, 'media');
/** So many older states are looked at for one in which a patch applied. */
const HISTORY = 40;

/** Older states, once they have been asked for. */
let commits;

const catalog = parse(readMedia('patches/catalog.jsonc') ?? '');
const [option, name, folder] = process.argv.slice(2);

if (option === undefined) rebaseAll();
else if (option === '--out' && folder !== undefined) takeOut();
else if (option === '--in' && folder !== undefined) takeIn();
else {
  console.error('usage: npm run patches [-- --out KERNEL FOLDER | --in KERNEL FOLDER]');
  process.exitCode = 2;
}

/** A text below `media/`, or `undefined`. */
function readMedia(file) {
  const full = path.join(MEDIA, file);
  return existsSync(full) ? readFileSync(full, 'utf8') : undefined;
}

/** The files of a folder by path inside it. */
function readTree(from) {
  const paths = readdirSync(from, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => /\.[ch]$/.test(file))
    .sort();
  return new Map(paths.map((file) => [file, readFileSync(path.join(from, file), 'utf8')]));
}

/** What git prints, or `undefined` when it fails. */
function git(...words) {
  try {
    return execFileSync('git', ['-C', root, ...words], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 1 << 24,
    });
  } catch {
    // No repository, no such commit or no such file: then there is no older state to learn from.
    return undefined;
  }
}

/** Older states of tree and patches, the newest first, read from git when they are asked for. */
function* history() {
  commits ??=
    git('log', `-${String(HISTORY)}`, '--format=%H', '--', 'media/kernel', 'media/patches')
      ?.split('\n')
      .filter((line) => line !== '')
      .map((commit) => {
        const texts = new Map();
        return {
          read(file) {
            if (!texts.has(file)) texts.set(file, git('show', `${commit}:media/${file}`));
            return texts.get(file);
          },
        };
      }) ?? [];
  yield* commits;
}

function rebase() {
  const tree = readTree(path.join(MEDIA, 'kernel'));
  return rebaseKernels({ catalog, tree, read: readMedia, history });
}

function report(problems) {
  for (const { path: file, file: source, hunk, total } of problems) {
    const place = `hunk ${String(hunk)} of ${String(total)} for ${source}`;
    console.error(`media/${file}: ${place} does not apply; mend it by hand`);
  }
  process.exitCode = problems.length === 0 ? 0 : 1;
}

function rebaseAll() {
  const { texts, problems } = rebase();
  for (const [file, text] of texts) {
    if (text === readMedia(file)) continue;
    writeFileSync(path.join(MEDIA, file), text);
    console.log(`media/${file}: written anew`);
  }
  report(problems);
}

function takeOut() {
  const { trees, problems } = rebase();
  const files = trees.get(name);
  if (files === undefined) {
    report(problems);
    throw new Error(`the kernel ${name} could not be made`);
  }
  if (existsSync(folder)) throw new Error(`${folder} is there already`);
  for (const [file, text] of files) {
    const target = path.join(folder, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}

function takeIn() {
  const kernel = kernelsOf(catalog).find((item) => item.name === name);
  const parent = kernel?.from === undefined ? undefined : rebase().trees.get(kernel.from);
  if (parent === undefined) throw new Error(`the catalog has no kernel ${name} made from another`);
  const { changes, problems } = changesOf(parent, readTree(folder));
  if (problems.length > 0) {
    for (const problem of problems) console.error(`${folder}: ${problem}`);
    process.exitCode = 1;
    return;
  }
  const directed = changes.map(({ file, before, after }) =>
    kernel.isTakenBack ? { file, before: after, after: before } : { file, before, after },
  );
  const { preamble } = readPatch(readMedia(kernel.path) ?? '');
  writeFileSync(path.join(MEDIA, kernel.path), writePatch(preamble, directed));
  console.log(`media/${kernel.path}: ${String(changes.length)} files`);
}
