/**
 * What a scenario's machine has when the file does not say.
 */

export const DEFAULT_CPUS = 2;
/** Page frames of 4 KiB: 16 MiB. */
export const DEFAULT_FRAMES = 4096;
/** Source: VM_MAX_READAHEAD, 128 KiB, in 2.6.36. */
export const DEFAULT_READAHEAD_PAGES = 32;
export const DEFAULT_PRESET = 'disk-2010';
/** Instructions of kernel and user after which a run ends with outcome `limit`. */
export const STEP_LIMIT = 100_000_000;
/**
 * The same for booting, which nobody can interrupt: a second or two. The largest scenario that can be
 * written takes a third of it.
 */
export const BOOT_STEP_LIMIT = 30_000_000;
/** The generator of random decisions has a state of 32 bits. */
export const LARGEST_SEED = 0xffffffff;
