/**
 * Builds the numbers of a stop: counters from the kernel's memory, times of locks from ghost state.
 *
 * They are the figures that `faultline run --format json` reports when the run has ended there.
 */
import type { Address, TaskId } from '../base/brand.ts';
import { readUnsigned } from '../bytecode/memoryReader.ts';
import { OWNER_IO } from '../kernel/kernelLanguage.ts';
import type { KernelView } from '../kernel/taskWaits.ts';
import { readVmEvents } from '../kernel/vmEvents.ts';
import type { GhostHold, GhostWait, LockStatistics } from '../machine/ghostView.ts';
import type { LockTimes, NumbersModel } from './numbersModel.ts';

/** A lock of which the times are told, by its name. */
export interface NamedLock {
  readonly address: Address;
  readonly name: string;
}

/** Under this name the locks of all pages stand together. */
export const PAGE_LOCKS = 'page locks';
/** Whoever holds a page lock that is no task: the disk, on behalf of which it stays locked. */
const DISK = 'disk';
/** So many figures the machine keeps; then there is no room for new ones. */
const MOST_FIGURES = 1536;

/** The owner of figures: a task, or the disk. */
type Owner = TaskId | typeof DISK;
type OwnerFigures = LockStatistics['owners'][number];

/** The numbers. `tasks` are those of the scenario, in its order. Cost: one pass over the figures of all locks. */
export function buildNumbers(
  view: KernelView,
  tasks: readonly TaskId[],
  locks: readonly NamedLock[],
): NumbersModel {
  const { machine, readers } = view;
  const { cpuCount } = machine.config;
  const { SW_PAGE_FAULTS, SW_PAGE_FAULTS_MAJ, SW_PAGE_FAULTS_MIN } = readers.readCounters(
    machine,
    cpuCount,
  );
  const statistics = machine.ghost.lockStats();
  const kept = statistics.reduce((sum, { owners }) => sum + owners.length, 0);
  return {
    counters: [
      ...readVmEvents(machine.program, readers, machine, cpuCount),
      ...Object.entries({ SW_PAGE_FAULTS, SW_PAGE_FAULTS_MAJ, SW_PAGE_FAULTS_MIN }),
    ],
    faults: tasks.map((task) => {
      const { majFlt, minFlt } = readers.readTask(machine, machine.task(task).cookie);
      return { task: view.nameOf(task), major: majFlt, minor: minFlt };
    }),
    locks: new TimesTable(view, tasks, statistics).list(locks),
    ...(kept >= MOST_FIGURES ? { isCut: true } : {}),
  };
}

type MutableTimes = { -readonly [K in keyof LockTimes]: LockTimes[K] };

class TimesTable {
  private readonly view: KernelView;
  private readonly tasks: readonly TaskId[];
  private readonly statistics: readonly LockStatistics[];
  private readonly nowNs: number;
  private readonly holds: readonly GhostHold[];
  private readonly waits: readonly GhostWait[];

  constructor(view: KernelView, tasks: readonly TaskId[], statistics: readonly LockStatistics[]) {
    this.view = view;
    this.tasks = tasks;
    this.statistics = statistics;
    this.nowNs = view.machine.nowNs();
    this.holds = view.machine.ghost.holds();
    this.waits = view.machine.ghost.waits();
  }

  list(locks: readonly NamedLock[]): readonly LockTimes[] {
    const isPageLock = this.pageLockTest();
    const pages = this.statistics.filter(({ lock }) => isPageLock(lock));
    return [
      ...locks.flatMap(({ address, name }) =>
        this.rows(
          name,
          this.statistics.filter(({ lock }) => lock === address),
          (lock) => lock === address,
        ),
      ),
      ...this.rows(PAGE_LOCKS, pages, isPageLock),
    ];
  }

  /** The lock of a page is its `flags` word, which lies in the table of page frames. */
  private pageLockTest(): (lock: number) => boolean {
    const { machine, readers } = this.view;
    const first = readUnsigned(machine, readers.layout.global('mem_map'), 4) ?? 0;
    const frames = readUnsigned(machine, readers.layout.global('max_mapnr'), 4) ?? 0;
    const end = first + frames * readers.layout.sizeOf('page');
    return (lock) => lock >= first && lock < end;
  }

  /** One row for each user of some locks. */
  private rows(
    name: string,
    statistics: readonly LockStatistics[],
    isMeant: (lock: number) => boolean,
  ): readonly LockTimes[] {
    const byOwner = new Map<Owner, MutableTimes>();
    for (const { owners } of statistics) {
      for (const figures of owners) {
        const owner = ownerOf(figures);
        if (owner === undefined) continue;
        const times = byOwner.get(owner) ?? this.emptyTimes(name, owner);
        byOwner.set(owner, times);
        times.longestReadHoldNs = Math.max(times.longestReadHoldNs, figures.readHoldMaxNs);
        times.longestWriteHoldNs = Math.max(times.longestWriteHoldNs, figures.writeHoldMaxNs);
        times.longestWaitNs = Math.max(times.longestWaitNs, figures.waitMaxNs);
        times.waits += figures.contended;
      }
    }
    return [...this.tasks, DISK].flatMap((owner) => {
      const times = byOwner.get(owner as Owner);
      return times === undefined ? [] : [this.withPresent(times, owner as Owner, isMeant)];
    });
  }

  private emptyTimes(lock: string, owner: Owner): MutableTimes {
    return {
      lock,
      task: owner === DISK ? DISK : this.view.nameOf(owner),
      longestReadHoldNs: 0,
      longestWriteHoldNs: 0,
      longestWaitNs: 0,
      waits: 0,
    };
  }

  /** What lasts now; of several holds, the one that lasts longest. */
  private withPresent(
    times: MutableTimes,
    owner: Owner,
    isMeant: (lock: number) => boolean,
  ): LockTimes {
    const isOwners = ({ task, ownerCode }: GhostHold): boolean =>
      owner === DISK ? task === undefined && ownerCode === OWNER_IO : task === owner;
    // Holds are in the order in which they began.
    const hold = this.holds.find((item) => isMeant(item.lock) && isOwners(item));
    const wait = this.waits.find((item) => isMeant(item.lock) && item.task === owner);
    const since = (ns: number): number => Math.max(0, this.nowNs - ns);
    return {
      ...times,
      ...(hold === undefined ? {} : { holdNs: since(hold.sinceNs), holdMode: hold.mode }),
      ...(wait === undefined ? {} : { waitNs: since(wait.sinceNs) }),
    };
  }
}

function ownerOf({ task, ownerCode }: OwnerFigures): Owner | undefined {
  return task ?? (ownerCode === OWNER_IO ? DISK : undefined);
}
