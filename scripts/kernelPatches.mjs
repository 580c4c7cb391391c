/**
 * What `npm run patches` does, on plain texts: makes the kernels of the catalog one from the other
 * and writes each patch anew against the kernel that it is made from now.
 *
 * A patch whose lines are all there is applied as it is. Where the tree was edited beside its lines,
 * the patch is carried over from an older state of tree and patches in which it applied: a change goes
 * to where its lines have gone, and only if they and the lines at its borders are the same. Without
 * such a state up to two lines of context may differ. What cannot be carried over is named by its hunk.
 */
import { applyPatch, createTwoFilesPatch, diffArrays, parsePatch, reversePatch } from 'diff';

/** Lines of context around the changes of a patch that is written. */
const CONTEXT = 3;
/** So many lines of context may differ where nothing better is known. */
const FUZZ = 2;

/** All kernels of a catalog in its order, each as `{ name, from, path, isTakenBack }`. */
export function kernelsOf({ kernels, labs }) {
  return [
    ...kernels.map(({ name, from, patch, isTakenBack = false }) => ({
      name,
      from,
      path: from === undefined ? undefined : `patches/${patch}.patch`,
      isTakenBack,
    })),
    ...labs.map(({ name, from }) => ({
      name,
      from,
      path: `patches/labs/${name}.patch`,
      isTakenBack: false,
    })),
  ];
}

/** A patch as its text above the first `---` and its items, one for each file; new ones have none. */
export function readPatch(text) {
  const start = text.search(/^--- /m);
  if (start < 0) return { preamble: text, items: [] };
  return { preamble: text.slice(0, start), items: parsePatch(text.slice(start)) };
}

/** The file that an item of a patch changes; patches here neither create nor delete files. */
export function fileOf({ newFileName }) {
  return newFileName.replace(/^b\//, '').replace(/\t.*$/, '');
}

/** A patch as text: the preamble, and the changes of each file between two states of it. */
export function writePatch(preamble, changes) {
  const parts = changes.map(({ file, before, after }) => {
    const names = [`a/${file}`, `b/${file}`];
    const options = { context: CONTEXT };
    const text = createTwoFilesPatch(...names, before, after, undefined, undefined, options);
    // The library puts a line of equal signs on top, which is not part of a unified diff.
    return text.replace(/^=+\n/, '');
  });
  return preamble + parts.join('');
}

/**
 * The changes from a kernel to an edited copy of its files, as `writePatch` takes them, and as `problems`
 * the files that the copy has more or less: patches here neither create nor delete files.
 */
export function changesOf(kernel, edited) {
  const added = [...edited.keys()].filter((file) => !kernel.has(file));
  const missing = [...kernel.keys()].filter((file) => !edited.has(file));
  const problems = [
    ...added.map((file) => `${file} is new; a patch here cannot create a file`),
    ...missing.map((file) => `${file} is missing; a patch here cannot delete a file`),
  ];
  const changes = [...edited]
    .filter(([file, text]) => kernel.has(file) && kernel.get(file) !== text)
    .map(([file, text]) => ({ file, before: kernel.get(file), after: text }));
  return { changes, problems };
}

/** The text with all hunks of an item applied, or `false`. */
function apply(text, item, fuzzFactor) {
  return applyPatch(text, item, { fuzzFactor, autoConvertLineEndings: false });
}

/** The number (from 1) of the first hunk that does not apply behind those before it. */
function failingHunk(text, item) {
  for (let count = 1; count <= item.hunks.length; count += 1) {
    if (apply(text, { ...item, hunks: item.hunks.slice(0, count) }, 0) === false) return count;
  }
  return item.hunks.length;
}

/** For each line of `before` its index in `after`, or `undefined` if it is gone. */
function mapLines(before, after) {
  const map = [];
  let index = 0;
  for (const { added, removed, value } of diffArrays(before, after)) {
    if (!added) map.push(...value.map((_line, at) => (removed ? undefined : index + at)));
    if (!removed) index += value.length;
  }
  return map;
}

/**
 * Makes the change from `base` to `changed` in `now`, which was edited elsewhere since `base`.
 * `undefined` when a line of the change, or one at its borders, is not the same any more.
 */
export function carryOver(base, changed, now) {
  const [baseLines, changedLines, nowLines] = [base, changed, now].map((text) => text.split('\n'));
  const map = mapLines(baseLines, nowLines);
  const result = [];
  let taken = 0;
  let line = 0;
  let inserted = [];
  let first;
  const flush = () => {
    if (first === undefined) return true;
    // The line above, the removed lines and the line below must still follow each other.
    for (let at = Math.max(first, 1); at <= Math.min(line, baseLines.length - 1); at += 1) {
      if (map[at] === undefined || map[at - 1] === undefined) return false;
      if (map[at] !== map[at - 1] + 1) return false;
    }
    const start = first === 0 ? 0 : map[first - 1] + 1;
    result.push(...nowLines.slice(taken, start), ...inserted);
    taken = start + line - first;
    inserted = [];
    first = undefined;
    return true;
  };
  for (const { added, removed, value } of diffArrays(baseLines, changedLines)) {
    if (added || removed) first ??= line;
    else if (!flush()) return undefined;
    if (added) inserted.push(...value);
    else line += value.length;
  }
  if (!flush()) return undefined;
  result.push(...nowLines.slice(taken));
  return result.join('\n');
}

/** One file of a kernel in an older state; `undefined` when it cannot be made there. */
function oldFile(state, kernels, name, file) {
  const kernel = kernels.find((item) => item.name === name);
  if (kernel === undefined) return undefined;
  if (kernel.from === undefined) return state.read(`kernel/${file}`);
  const before = oldFile(state, kernels, kernel.from, file);
  const text = state.read(kernel.path);
  if (before === undefined || text === undefined) return undefined;
  const item = readPatch(text).items.find((candidate) => fileOf(candidate) === file);
  if (item === undefined) return before;
  const after = apply(before, kernel.isTakenBack ? reversePatch(item) : item, 0);
  return after === false ? undefined : after;
}

/**
 * The kernels of a catalog, made from the tree, with each patch as it is to be written.
 *
 * `read(path)` gives a text below `media/` as it is now; `history` older states, the newest first,
 * each with a `read` of its own. Returns `{ trees, texts, problems }`: the files of each kernel, the
 * new texts of patches by path, and what could not be carried over.
 */
export function rebaseKernels({ catalog, tree, read, history }) {
  const kernels = kernelsOf(catalog);
  const trees = new Map();
  const texts = new Map();
  const problems = [];
  for (const kernel of kernels) {
    if (kernel.from === undefined) {
      trees.set(kernel.name, tree);
      continue;
    }
    const parent = trees.get(kernel.from);
    // What could not be made has been told; what is made from it cannot be judged.
    if (parent === undefined) continue;
    const { preamble, items } = readPatch(read(kernel.path) ?? '');
    const child = new Map(parent);
    const failures = [];
    for (const item of items) {
      const file = fileOf(item);
      const after = changedFile(parent.get(file), item, { kernel, kernels, history });
      if (after === undefined) {
        const hunk = failingHunk(
          parent.get(file) ?? '',
          kernel.isTakenBack ? reversePatch(item) : item,
        );
        failures.push({ path: kernel.path, file, hunk, total: item.hunks.length });
      } else child.set(file, after);
    }
    problems.push(...failures);
    if (failures.length > 0) continue;
    trees.set(kernel.name, child);
    const changes = items.map((item) => {
      const file = fileOf(item);
      const [before, after] = kernel.isTakenBack ? [child, parent] : [parent, child];
      return { file, before: before.get(file), after: after.get(file) };
    });
    texts.set(kernel.path, writePatch(preamble, changes));
  }
  return { trees, texts, problems };
}

/** One file of a kernel: the parent's with the item of the patch, by the surest way that works. */
function changedFile(before, item, { kernel, kernels, history }) {
  if (before === undefined) return undefined;
  const change = kernel.isTakenBack ? reversePatch(item) : item;
  const exact = apply(before, change, 0);
  if (exact !== false) return exact;
  const file = fileOf(item);
  for (const state of history()) {
    const base = oldFile(state, kernels, kernel.from, file);
    const after = oldFile(state, kernels, kernel.name, file);
    if (base === undefined || after === undefined || base === after) continue;
    const carried = carryOver(base, after, before);
    if (carried !== undefined) return carried;
    break;
  }
  const fuzzy = apply(before, change, FUZZ);
  return fuzzy === false ? undefined : fuzzy;
}
