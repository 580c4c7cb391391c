/**
 * Which kernel *Restart With Other Kernel* goes to.
 *
 * Between the kernel with the patch and the one without, one key goes there and back, and from the one
 * without the patch back to where the user came from. On every other kernel there are several answers, so
 * the user is asked, with the likely ones first: the one before, what a lab was made from, then the pair.
 */
import { SHIPPED_KERNEL, type PatchCatalog } from './patchCatalog.ts';

/** The kernel without the patch: what every other one is compared with. */
const UNPATCHED = 'unpatched';

/** One kernel to go to at once, or those that a list begins with. */
export type OtherKernels =
  | { readonly kind: 'one'; readonly kernel: string }
  | { readonly kind: 'ask'; readonly first: readonly string[] };

/**
 * `kernel` is what the session runs, a name or the path of a folder; `before` what it ran before, when it
 * came here by the same command.
 */
export function otherKernels(
  { labs }: PatchCatalog,
  kernel: string,
  before: string | undefined,
): OtherKernels {
  if (kernel === UNPATCHED) return { kind: 'one', kernel: before ?? SHIPPED_KERNEL };
  if (kernel === SHIPPED_KERNEL && (before ?? UNPATCHED) === UNPATCHED) {
    return { kind: 'one', kernel: UNPATCHED };
  }
  const origin = labs.find(({ name }) => name === kernel)?.from;
  const likely = [before, origin, UNPATCHED, SHIPPED_KERNEL];
  const first = new Set(likely.filter((name) => name !== undefined && name !== kernel));
  return { kind: 'ask', first: [...first].flatMap((name) => name ?? []) };
}
