/**
 * One copy of a header's function for all units.
 *
 * Each unit that uses a `static inline` function of a header has a copy of its own. Two copies from
 * the same place become one when their code is the same word for word and refers to the same things;
 * so a breakpoint in a header is one location. A copy that refers to a static variable of its unit
 * stays apart, and so do those that macros made different.
 */
import type { DataObject, FunctionObject, LinkTarget } from './objectCode.ts';

/** The copy that stands for a function; itself when it is alone. */
export function representativeOf(object: FunctionObject): FunctionObject {
  return object.twin ?? object;
}

/** Sets `twin` of every function that has an equal one in an earlier unit. */
export function shareInlineFunctions(functions: readonly FunctionObject[]): void {
  const groups = new Map<string, FunctionObject[]>();
  for (const object of functions) {
    if (!object.isStatic || object.code === undefined) continue;
    const { file, start } = object.code.nameSpan;
    const key = `${file.path}:${String(start)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [object]);
    else group.push(object);
  }
  const shared = [...groups.values()].filter((group) => group.length > 1);
  // Sharing one function can make its callers equal, so this goes on until nothing changes.
  for (let isChanged = true; isChanged;) {
    isChanged = false;
    for (const group of shared) {
      if (shareGroup(group)) isChanged = true;
    }
  }
}

function shareGroup(group: readonly FunctionObject[]): boolean {
  let isChanged = false;
  for (const [index, object] of group.entries()) {
    if (object.twin !== undefined) continue;
    const twin = group
      .slice(0, index)
      .find((earlier) => earlier.twin === undefined && isSameFunction(earlier, object));
    if (twin === undefined) continue;
    object.twin = twin;
    isChanged = true;
  }
  return isChanged;
}

function isSameFunction(one: FunctionObject, other: FunctionObject): boolean {
  const { code: first } = one;
  const { code: second } = other;
  if (first === undefined || second === undefined) return false;
  if (first.words.length !== second.words.length || first.frameSize !== second.frameSize) {
    return false;
  }
  if (!first.words.every((word, index) => word === second.words[index])) return false;
  if (first.relocations.length !== second.relocations.length) return false;
  return first.relocations.every((relocation, index) => {
    const match = second.relocations[index];
    if (match?.kind !== relocation.kind || match.word !== relocation.word) return false;
    const { target } = relocation;
    if (target === one && match.target === other) return true;
    return isSameTarget(target, match.target);
  });
}

function isSameTarget(one: LinkTarget | undefined, other: LinkTarget | undefined): boolean {
  if (one === other) return true;
  if (one === undefined || other === undefined) return false;
  if (one.kind === 'function') {
    return other.kind === 'function' && representativeOf(one) === representativeOf(other);
  }
  return other.kind === 'data' && isSameLiteral(one, other);
}

/** String literals with the same text may stand for each other. */
function isSameLiteral(one: DataObject, other: DataObject): boolean {
  if (one.debug !== undefined || other.debug !== undefined) return false;
  if (one.name !== '' || other.name !== '' || one.align !== 1 || other.align !== 1) return false;
  const { bytes } = other;
  if (one.bytes === undefined || bytes === undefined || one.size !== other.size) return false;
  return one.bytes.every((byte, index) => byte === bytes[index]);
}
