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
/** The same for a scenario with a duration, which says itself when it ends: about a minute. */
export const STEP_LIMIT_WITH_DURATION = 2_000_000_000;
/**
 * The same for booting, which nobody can interrupt: a second or two. The largest scenario that can be
 * written takes a third of it.
 */
export const BOOT_STEP_LIMIT = 30_000_000;
/** The generator of random decisions has a state of 32 bits. */
export const LARGEST_SEED = 0xffffffff;
/** Frames that are not for pages of the start: the kernel, its stacks and tables, and what the run allocates. */
export const RESERVED_FRAMES = 384;
/** Frames of one task: its program, its stacks, its page tables. */
export const FRAMES_OF_A_TASK = 10;
/** Pages of the start whose references the machine can keep account of, with room for those of the run. */
export const MOST_RESIDENT_PAGES = 2048;
