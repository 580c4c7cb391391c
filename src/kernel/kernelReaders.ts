/**
 * Typed readers of the kernel's structs: from an address in memory to plain data.
 *
 * They only read, through `MemoryReader`, at the places that the compiled kernel itself tells
 * (`kernelLayout.ts`). Memory may hold anything, since students edit the kernel: lists are followed
 * for a bounded number of steps and unreadable words count as 0.
 */
import { asAddress, hex, type Address } from '../base/brand.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { readUnsigned, type MemoryReader } from '../bytecode/memoryReader.ts';
import type { Program } from '../bytecode/program.ts';
import { resolveKernelLayout, type KernelLayout } from './kernelLayout.ts';
import type { FieldOf, StructTag } from './kernelNames.ts';

/** `struct task_struct`; its address is the task's cookie. */
export interface TaskStruct {
  readonly address: Address;
  readonly state: number;
  readonly comm: string;
  readonly pid: number;
  /** 0 once it has exited. */
  readonly mm: Address;
  readonly majFlt: number;
  readonly minFlt: number;
  readonly inIowait: number;
  readonly exitCode: number;
  /** The signal that killed it; number 0 for none. */
  readonly exitSignal: { readonly number: number; readonly code: number };
}

/** `struct mm_struct`: an address space. */
export interface MmStruct {
  readonly address: Address;
  /** The process's name in the scenario. */
  readonly name: string;
  readonly mmapSem: Address;
  readonly mapCount: number;
}

/** A task in the wait list of an rwsem. */
export interface RwsemWaiter {
  readonly address: Address;
  /** 0 once the lock has been granted to it. */
  readonly task: Address;
  readonly isWriter: boolean;
}

/** `struct rw_semaphore` with its queue, first come first. */
export interface RwSemaphore {
  readonly address: Address;
  /** The raw word, unsigned. */
  readonly count: number;
  readonly waiters: readonly RwsemWaiter[];
}

/** `struct vm_area_struct`: one mapped range. */
export interface VmAreaStruct {
  readonly address: Address;
  readonly start: Address;
  /** Exclusive. */
  readonly end: Address;
  readonly flags: number;
  readonly pageOffset: number;
  /** 0 for anonymous memory. */
  readonly file: Address;
}

/** An inode: a file of the scenario. */
export interface Inode {
  readonly address: Address;
  readonly name: string;
  readonly bytes: number;
  readonly sector: number;
}

/** `struct page`: one page frame. */
export interface PageStruct {
  readonly address: Address;
  readonly frameNumber: number;
  readonly flags: number;
  readonly isLocked: boolean;
  readonly isUpToDate: boolean;
  readonly isDirty: boolean;
  readonly count: number;
  /** How many page table entries map it. */
  readonly mapCount: number;
  /** The address space it caches a page of; 0 for none. */
  readonly mapping: Address;
  readonly index: number;
}

/** A task in a wait queue for a bit of a word, such as the page lock. */
export interface BitWaiter {
  readonly task: Address;
  /** The address of the word. */
  readonly word: Address;
  readonly bit: number;
}

/** What the block layer holds back, or has not handed to the disk yet. */
export interface QueuedRequest {
  readonly sector: number;
  readonly pages: number;
}

/** Counters of the whole kernel, by the names of the command line's contract. */
export interface KernelCounters {
  readonly PGFAULT: number;
  readonly PGMAJFAULT: number;
  readonly SW_PAGE_FAULTS: number;
  readonly SW_PAGE_FAULTS_MAJ: number;
  readonly SW_PAGE_FAULTS_MIN: number;
}

/** No list of the kernel is followed further than this. */
const LONGEST_LIST = 10_000;
const LONGEST_NAME = 256;
/** Nor are more page frames looked at. */
const MOST_FRAMES = 1 << 20;

/** What making readers for a kernel gave. */
export interface KernelReadersResult {
  /** Absent when the kernel lacks a name that the host reads. */
  readonly readers: KernelReaders | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Readers for a compiled kernel. Errors: a diagnostic for each missing name. */
export function createKernelReaders(program: Program): KernelReadersResult {
  const { layout, diagnostics } = resolveKernelLayout(program);
  return { readers: layout === undefined ? undefined : new KernelReaders(layout), diagnostics };
}

/** Where the fields of `struct page` are: many pages are read at a stop. */
interface PagePlaces {
  readonly bytes: number;
  readonly flags: number;
  readonly count: number;
  readonly mapCount: number;
  readonly mapping: number;
  readonly index: number;
  /** The numbers of bits in `flags`. */
  readonly locked: number;
  readonly upToDate: number;
  readonly dirty: number;
}

function pagePlaces(layout: KernelLayout): PagePlaces {
  const at = (field: FieldOf<'page'>): number => layout.field('page', field).offset;
  return {
    bytes: layout.sizeOf('page'),
    flags: at('flags'),
    count: at('_count'),
    mapCount: at('_mapcount'),
    mapping: at('mapping'),
    index: at('index'),
    locked: layout.constant('PG_locked'),
    upToDate: layout.constant('PG_uptodate'),
    dirty: layout.constant('PG_dirty'),
  };
}

export class KernelReaders {
  readonly layout: KernelLayout;
  private readonly page: PagePlaces;

  constructor(layout: KernelLayout) {
    this.layout = layout;
    this.page = pagePlaces(layout);
  }

  readTask(memory: MemoryReader, address: Address): TaskStruct {
    const word = this.wordsOf(memory, 'task_struct', address);
    const siginfo = asAddress(address + this.layout.field('task_struct', 'exit_siginfo').offset);
    return {
      address,
      state: word('state'),
      comm: readText(
        memory,
        address + this.layout.field('task_struct', 'comm').offset,
        this.layout.field('task_struct', 'comm').bytes,
      ),
      pid: word('pid'),
      mm: asAddress(word('mm')),
      majFlt: word('maj_flt'),
      minFlt: word('min_flt'),
      inIowait: word('in_iowait'),
      exitCode: word('exit_code') | 0,
      exitSignal: {
        number: this.readField(memory, 'siginfo', siginfo, 'si_signo'),
        code: this.readField(memory, 'siginfo', siginfo, 'si_code'),
      },
    };
  }

  /** The address space of a task; 0 once it has exited. */
  readMmOfTask(memory: MemoryReader, address: Address): Address {
    return asAddress(this.readField(memory, 'task_struct', address, 'mm'));
  }

  readMm(memory: MemoryReader, address: Address): MmStruct {
    const word = this.wordsOf(memory, 'mm_struct', address);
    return {
      address,
      name: readText(memory, word('name'), LONGEST_NAME),
      mmapSem: asAddress(address + this.layout.field('mm_struct', 'mmap_sem').offset),
      mapCount: word('map_count'),
    };
  }

  readRwsem(memory: MemoryReader, address: Address): RwSemaphore {
    const list = asAddress(address + this.layout.field('rw_semaphore', 'wait_list').offset);
    const waiters = this.readList(memory, list).map((node): RwsemWaiter => {
      const waiter = asAddress(node - this.layout.field('rwsem_waiter', 'list').offset);
      const flags = this.readField(memory, 'rwsem_waiter', waiter, 'flags');
      return {
        address: waiter,
        task: asAddress(this.readField(memory, 'rwsem_waiter', waiter, 'task')),
        isWriter: (flags & this.layout.constant('RWSEM_WAITING_FOR_WRITE')) !== 0,
      };
    });
    return { address, count: this.readField(memory, 'rw_semaphore', address, 'count'), waiters };
  }

  /** The VMAs of an address space, sorted by address. */
  readVmas(memory: MemoryReader, mm: Address): readonly VmAreaStruct[] {
    const vmas: VmAreaStruct[] = [];
    let address = asAddress(this.readField(memory, 'mm_struct', mm, 'mmap'));
    while (address !== 0 && vmas.length < LONGEST_LIST) {
      const word = this.wordsOf(memory, 'vm_area_struct', address);
      vmas.push({
        address,
        start: asAddress(word('vm_start')),
        end: asAddress(word('vm_end')),
        flags: word('vm_flags'),
        pageOffset: word('vm_pgoff'),
        file: asAddress(word('vm_file')),
      });
      address = asAddress(word('vm_next'));
    }
    return vmas;
  }

  /** The address space behind a `struct file`. */
  readFileMapping(memory: MemoryReader, file: Address): Address {
    return asAddress(this.readField(memory, 'file', file, 'f_mapping'));
  }

  /** The inode that an address space caches. */
  readInodeOfMapping(memory: MemoryReader, mapping: Address): Inode {
    const address = asAddress(this.readField(memory, 'address_space', mapping, 'host'));
    return {
      address,
      name: readText(memory, this.readField(memory, 'inode', address, 'name'), LONGEST_NAME),
      bytes: this.readField(memory, 'inode', address, 'i_size'),
      sector: this.readField(memory, 'inode', address, 'sector'),
    };
  }

  readPage(memory: MemoryReader, address: Address): PageStruct {
    return this.readPageAt(memory, address, this.readPageMap(memory).first);
  }

  /**
   * Every page of the page cache: in use, with an address space that is a file's. The low bit of
   * `mapping` marks anonymous pages. Cost: proportional to the number of page frames.
   */
  readCachedPages(memory: MemoryReader): readonly PageStruct[] {
    const { bytes, mapping: mappingOffset } = this.page;
    const { first, count } = this.readPageMap(memory);
    const end = first === 0 ? 0 : Math.min(count, MOST_FRAMES);
    const words = memory.wordsAt?.(asAddress(first), (end * bytes) >> 2);
    const pages: PageStruct[] = [];
    for (let index = 0; index < end; index += 1) {
      const at = index * bytes + mappingOffset;
      const mapping = words === undefined ? readWord(memory, first + at) : (words[at >> 2] ?? 0);
      if (mapping === 0 || (mapping & 1) === 1) continue;
      const page = this.readPageAt(memory, asAddress(first + index * bytes), first);
      if (page.count > 0) pages.push(page);
    }
    return pages;
  }

  /** The table of all page frames: its address and how many there are. */
  private readPageMap(memory: MemoryReader): { readonly first: number; readonly count: number } {
    return {
      first: readWord(memory, this.layout.global('mem_map')),
      count: readWord(memory, this.layout.global('max_mapnr')),
    };
  }

  private readPageAt(memory: MemoryReader, address: Address, first: number): PageStruct {
    const { page } = this;
    const flags = readWord(memory, address + page.flags);
    return {
      address,
      frameNumber: Math.trunc((address - first) / page.bytes),
      flags,
      isLocked: ((flags >>> page.locked) & 1) === 1,
      isUpToDate: ((flags >>> page.upToDate) & 1) === 1,
      isDirty: ((flags >>> page.dirty) & 1) === 1,
      count: readWord(memory, address + page.count) | 0,
      mapCount: (readWord(memory, address + page.mapCount) | 0) + 1,
      mapping: asAddress(readWord(memory, address + page.mapping)),
      index: readWord(memory, address + page.index),
    };
  }

  /** Everybody who waits for a bit of a page's flags, in the order of the queues. */
  readPageWaiters(memory: MemoryReader): readonly BitWaiter[] {
    const zone = this.layout.global('contig_zone');
    const bits = this.readField(memory, 'zone', zone, 'wait_table_bits');
    const table = zone + this.layout.field('zone', 'wait_table').offset;
    const headSize = this.layout.sizeOf('__wait_queue_head');
    const waiters: BitWaiter[] = [];
    for (let index = 0; index < 1 << Math.min(bits, 16); index += 1) {
      const head = table + index * headSize;
      const list = asAddress(head + this.layout.field('__wait_queue_head', 'task_list').offset);
      for (const node of this.readList(memory, list))
        waiters.push(this.readBitWaiter(memory, node));
    }
    return waiters;
  }

  /** The entry of a wait queue whose list node is given, made by `DEFINE_WAIT_BIT`. */
  private readBitWaiter(memory: MemoryReader, node: Address): BitWaiter {
    const wait = asAddress(node - this.layout.field('__wait_queue', 'task_list').offset);
    const entry = asAddress(wait - this.layout.field('wait_bit_queue', 'wait').offset);
    const key = asAddress(entry + this.layout.field('wait_bit_queue', 'key').offset);
    return {
      task: asAddress(this.readField(memory, '__wait_queue', wait, 'private')),
      word: asAddress(this.readField(memory, 'wait_bit_key', key, 'flags')),
      bit: this.readField(memory, 'wait_bit_key', key, 'bit_nr'),
    };
  }

  /** Requests in the block layer's queue that the disk has not been given. */
  readQueuedRequests(memory: MemoryReader): readonly QueuedRequest[] {
    const queue = this.layout.global('disk_queue');
    const head = asAddress(queue + this.layout.field('request_queue', 'queue_head').offset);
    return this.readList(memory, head).map((node) => {
      const request = asAddress(node - this.layout.field('request', 'queuelist').offset);
      const bio = asAddress(this.readField(memory, 'request', request, 'bio'));
      return {
        sector: this.readField(memory, 'bio', bio, 'bi_sector'),
        pages: this.readField(memory, 'bio', bio, 'bi_vcnt'),
      };
    });
  }

  /** Whether the block layer holds requests back in the hope of more. */
  isDiskQueuePlugged(memory: MemoryReader): boolean {
    const flags = this.readField(
      memory,
      'request_queue',
      this.layout.global('disk_queue'),
      'queue_flags',
    );
    return ((flags >>> this.layout.constant('QUEUE_FLAG_PLUGGED')) & 1) === 1;
  }

  /** The event counters, summed over the CPUs. */
  readCounters(memory: MemoryReader, cpuCount: number): KernelCounters {
    const sum = (
      global: 'vm_event_states' | 'perf_sw_counts',
      size: number,
      offset: number,
      index: number,
    ): number => {
      let total = 0;
      for (let cpu = 0; cpu < cpuCount; cpu += 1) {
        const address = asAddress(this.layout.global(global) + cpu * size + offset + 4 * index);
        total += readUnsigned(memory, address, 4) ?? 0;
      }
      return total;
    };
    const vm = (name: 'PGFAULT' | 'PGMAJFAULT'): number =>
      sum(
        'vm_event_states',
        this.layout.sizeOf('vm_event_state'),
        this.layout.field('vm_event_state', 'event').offset,
        this.layout.constant(name),
      );
    const perf = (
      name:
        | 'PERF_COUNT_SW_PAGE_FAULTS'
        | 'PERF_COUNT_SW_PAGE_FAULTS_MAJ'
        | 'PERF_COUNT_SW_PAGE_FAULTS_MIN',
    ): number =>
      sum(
        'perf_sw_counts',
        this.layout.sizeOf('perf_sw_count'),
        this.layout.field('perf_sw_count', 'count').offset,
        this.layout.constant(name),
      );
    return {
      PGFAULT: vm('PGFAULT'),
      PGMAJFAULT: vm('PGMAJFAULT'),
      SW_PAGE_FAULTS: perf('PERF_COUNT_SW_PAGE_FAULTS'),
      SW_PAGE_FAULTS_MAJ: perf('PERF_COUNT_SW_PAGE_FAULTS_MAJ'),
      SW_PAGE_FAULTS_MIN: perf('PERF_COUNT_SW_PAGE_FAULTS_MIN'),
    };
  }

  /** The nodes of a `list_head`, the head left out. */
  readList(memory: MemoryReader, head: Address): readonly Address[] {
    const nodes: Address[] = [];
    let node = asAddress(this.readField(memory, 'list_head', head, 'next'));
    while (node !== head && node !== 0 && nodes.length < LONGEST_LIST) {
      nodes.push(node);
      node = asAddress(this.readField(memory, 'list_head', node, 'next'));
    }
    return nodes;
  }

  /** The low word of a field, unsigned. */
  private readField<Tag extends StructTag>(
    memory: MemoryReader,
    tag: Tag,
    address: Address,
    field: FieldOf<Tag>,
  ): number {
    const { offset, bytes } = this.layout.field(tag, field);
    const width = bytes === 1 || bytes === 2 ? bytes : 4;
    return readUnsigned(memory, asAddress(address + offset), width) ?? 0;
  }

  private wordsOf<Tag extends StructTag>(
    memory: MemoryReader,
    tag: Tag,
    address: Address,
  ): (field: FieldOf<Tag>) => number {
    return (field) => this.readField(memory, tag, address, field);
  }
}

function readWord(memory: MemoryReader, address: number): number {
  return readUnsigned(memory, asAddress(address), 4) ?? 0;
}

/** What a text field is called when it cannot be read. */
function readText(memory: MemoryReader, address: number, limit: number): string {
  let text = '';
  for (let index = 0; index < limit; index += 1) {
    const byte = memory.readByte(asAddress(address + index));
    if (byte === undefined) return text === '' ? `(text at ${hex(address)})` : text;
    if (byte === 0) break;
    text += String.fromCharCode(byte);
  }
  return text;
}
