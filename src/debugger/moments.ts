/**
 * Anchors as places to go to. An anchor with a title is a moment of the story.
 */
import type { Pc } from '../base/brand.ts';
import { closestName } from '../base/closestName.ts';
import { UserError } from '../base/errors.ts';
import type { Anchor, Program } from '../bytecode/program.ts';

/** Where moments are. */
export function momentPcs(program: Program): Pc[] {
  return program.anchors.filter((anchor) => anchor.title !== undefined).map((anchor) => anchor.pc);
}

/** The moment at a place; `undefined` when there is none. */
export function momentAt(program: Program, pc: Pc | undefined): Anchor | undefined {
  return program.anchors.find((anchor) => anchor.pc === pc && anchor.title !== undefined);
}

/**
 * Where the anchor with a name is; a name may stand in several functions.
 *
 * Errors: `UserError` `unknown-anchor`.
 */
export function anchorPcs(program: Program, name: string): Pc[] {
  const pcs = program.anchors.filter((anchor) => anchor.name === name).map((anchor) => anchor.pc);
  if (pcs.length > 0) return pcs;
  const meant = closestName(
    name,
    program.anchors.map((anchor) => anchor.name),
  );
  throw new UserError(
    'unknown-anchor',
    `This kernel has no anchor "${name}".`,
    meant === undefined
      ? 'Use the name of a `//@ anchor` in the running kernel tree.'
      : `Did you mean "${meant}"?`,
  );
}
