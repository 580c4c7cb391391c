/**
 * Prices of virtual time.
 *
 * A preset is a machine of a time: its disk and its CPU. Kernel code that stands under
 * `//@ cost NAME` costs the price of that name instead of the sum of its statements; all names that
 * the kernel trees may use are in the table below, with the same price in every preset unless the
 * preset says otherwise.
 * Source: the time constants of the fact sheet (2.6.36 on a Core 2 or Nehalem class machine);
 * round figures that reproduce the orders of magnitude, not measurements.
 */
import type { CostTable } from '../machine/machineConfig.ts';
import type { PRESET_NAMES } from './scenarioSchema.ts';

/** The name of a table of prices. */
export type PresetName = (typeof PRESET_NAMES)[number];

interface NamedCost {
  readonly name: string;
  readonly ns: number;
  /** What the price stands for. */
  readonly what: string;
}

/** Every name that may stand in `//@ cost NAME`. */
export const NAMED_COSTS: readonly NamedCost[] = [
  { name: 'rwsem_fast', ns: 25, what: 'taking or dropping an rwsem without waiting' },
  { name: 'rwsem_slow', ns: 300, what: 'queueing on an rwsem, up to the sleep' },
  { name: 'atomic', ns: 20, what: 'one locked instruction' },
  { name: 'spinlock', ns: 20, what: 'taking or dropping a free spinlock' },
  { name: 'find_vma', ns: 100, what: 'looking up a VMA' },
  { name: 'find_get_page', ns: 80, what: 'looking up a page in the page cache' },
  { name: 'page_table_walk', ns: 250, what: 'walking page tables down to a PTE' },
  { name: 'pte_install', ns: 250, what: 'writing a PTE and its counters' },
  {
    name: 'readahead_submit',
    ns: 20_000,
    what: 'allocating and submitting the pages of a read-around',
  },
  { name: 'readpage_submit', ns: 2_000, what: 'allocating and submitting one page' },
  { name: 'disk_complete', ns: 5_000, what: 'completing the pages of a read in the interrupt' },
  { name: 'wake_up', ns: 500, what: 'waking a task' },
  { name: 'mmap_body', ns: 30_000, what: 'creating a mapping under the write lock' },
  { name: 'munmap_body', ns: 30_000, what: 'removing mappings under the write lock' },
  {
    name: 'tlb_shootdown',
    ns: 2_000,
    what: 'making other CPUs flush their TLBs, and waiting for it',
  },
  { name: 'page_alloc', ns: 200, what: 'allocating a page frame' },
  { name: 'clear_page', ns: 400, what: 'filling a page with zeros' },
  { name: 'copy_page', ns: 1_000, what: 'copying a page (COW)' },
  {
    name: 'balance_dirty',
    ns: 100,
    what: 'looking whether a writer of a file must be slowed down',
  },
  { name: 'evict', ns: 50_000, what: 'one pass of page reclaim' },
  { name: 'exit', ns: 20_000, what: 'taking an exiting task apart' },
  { name: 'free', ns: 0, what: 'book-keeping that no real machine does' },
];

type BaseCosts = Omit<CostTable, 'named'>;

/** What a CPU of 2010 takes. Source: time constants of the fact sheet. */
const CPU_2010 = {
  statementNs: 2,
  userInstructionNs: 1,
  trapNs: 700,
  systemCallNs: 105,
  interruptNs: 1_000,
  contextSwitchNs: 4_300,
};

/**
 * The two figures that are calibrated from the published result (Source: commit d065bd810b6d): one read takes
 * 1 s / 55 and a mapping with its unmapping 1 s / 15000, both less what the kernel adds here around the disk
 * (about 70 us) and around the two calls (about 300 ns each).
 */
const PAPER_READ_NS = 18_110_000;
const PAPER_CALL_NS = 33_000;

interface Preset {
  readonly base: BaseCosts;
  /** Prices of cost regions that differ from the table above. */
  readonly named?: Readonly<Record<string, number>>;
}

const PRESETS: Readonly<Record<PresetName, Preset>> = {
  /** A 7200 rpm disk: seek 8.5 ms, half a rotation 4 ms. The time of the pages is inside. */
  'disk-2010': {
    base: { ...CPU_2010, diskReadNs: 12_500_000, diskSeekNs: 0, diskPageNs: 0 },
  },
  /** The same disk in parts: half a rotation 4.17 ms, pages at 100 MB/s, 8.5 ms to seek over 1 GiB. */
  'disk-seek': {
    base: { ...CPU_2010, diskReadNs: 4_170_000, diskSeekNs: 8_500_000, diskPageNs: 40_960 },
  },
  /** The machine of the published result; nothing but the two figures is fitted to it. */
  paper: {
    base: { ...CPU_2010, diskReadNs: PAPER_READ_NS, diskSeekNs: 0, diskPageNs: 0 },
    named: { mmap_body: PAPER_CALL_NS, munmap_body: PAPER_CALL_NS },
  },
  /** An SSD of that time: a random read of 4 KiB. */
  ssd: { base: { ...CPU_2010, diskReadNs: 80_000, diskSeekNs: 0, diskPageNs: 0 } },
};

/** The keys of a cost table that `machine.costs` may also name. */
const BASE_COST_NAMES = Object.keys(PRESETS['disk-2010'].base) as readonly (keyof BaseCosts)[];

/** Every price that a scenario can set: those of the board, then those of the kernel's cost regions. */
export const COST_NAMES: readonly string[] = [
  ...BASE_COST_NAMES,
  ...NAMED_COSTS.map(({ name }) => name),
];

/** Whether there is a price of that name. */
export function isCostName(name: string): boolean {
  return COST_NAMES.includes(name);
}

/** The prices of a preset with the differences of a scenario. */
export function createCostTable(
  preset: PresetName,
  differences: Readonly<Record<string, number>>,
): CostTable {
  const { base: usual, named: usualNamed = {} } = PRESETS[preset];
  const base: Record<keyof BaseCosts, number> = { ...usual };
  for (const name of BASE_COST_NAMES) base[name] = differences[name] ?? base[name];
  const named = new Map(
    NAMED_COSTS.map(({ name, ns }) => [name, differences[name] ?? usualNamed[name] ?? ns]),
  );
  return { ...base, named };
}
