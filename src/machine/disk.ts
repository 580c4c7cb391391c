/**
 * The disk: one request at a time, in the order of submission.
 *
 * A request costs `diskReadNs`, the way of the head from where the request before ended, and `diskPageNs` for each
 * page, from the moment it becomes the first.
 * When it is done the pages are copied to their frames and an interrupt becomes pending; the handler
 * fetches what is done. A page that cannot be read fails its whole request. Whether a page fails may
 * depend on how often it has failed before, so those counts are state, and so is how often it is still
 * to fail because the scenario has let it go bad.
 */
import { hex } from '../base/brand.ts';
import { requireUsable } from './accessFaults.ts';
import type { DiskRequestView } from './diskView.ts';
import {
  DISK,
  DISK_AT,
  FAILED_SECTOR,
  FAILED_SECTORS_AT,
  HEADER,
  MAX_DISK_REQUESTS,
  MAX_FAILED_SECTORS,
  PAGE_BYTES,
  TIMES,
} from './imageLayout.ts';
import { type MachineState, STALE_EVENTS, unsigned } from './machineState.ts';
import { defineBytes } from './shadow.ts';
import { tell, tellAt } from './tellTrace.ts';
import { TRACE } from './trace.ts';

const SECTORS_PER_PAGE = 8;
/** What a read of a page gives that the scenario has let go bad. */
const READ_ERROR = -5;
const SECTORS_PER_GIB = 2 ** 21;
const MOST_PAGES = 4096;

function requestAt(request: number): number {
  return DISK_AT + (request % MAX_DISK_REQUESTS) * DISK.words;
}

/** Takes a request; bad arguments are faults. */
export function submitRequest(
  state: MachineState,
  sector: number,
  frames: number,
  pages: number,
  cookie: number,
): void {
  const request = state.word(HEADER.diskSubmitted);
  if (pages < 1 || pages > MOST_PAGES || state.memory.locate(frames, pages * 4) < 0) {
    state.raise({
      kind: 'badArgument',
      message: `fl_disk_submit was given ${String(pages)} frames listed at ${hex(frames, 8)}.`,
      address: unsigned(frames),
    });
    return;
  }
  if (request - state.word(HEADER.diskFetched) >= MAX_DISK_REQUESTS) {
    state.raise({
      kind: 'limit',
      message: `More than ${String(MAX_DISK_REQUESTS)} disk requests at once.`,
    });
    return;
  }
  const { words } = state;
  const at = requestAt(request);
  words[at + DISK.sector] = sector;
  words[at + DISK.pages] = pages;
  words[at + DISK.frames] = frames;
  words[at + DISK.cookie] = cookie;
  words[at + DISK.error] = 0;
  state.memory.markWord(at);
  words[HEADER.diskSubmitted] = request + 1;
  const now = state.clock(state.currentCpu);
  state.doubles[TIMES.diskSubmittedDouble + (request % MAX_DISK_REQUESTS)] = now;
  state.doubles[TIMES.diskCompletesDouble + (request % MAX_DISK_REQUESTS)] = 0;
  if (state.trace !== undefined) tell(state, TRACE.diskSubmit, -1, request, sector, pages);
  if (request === state.word(HEADER.diskCompleted)) startRequest(state, request, now);
}

function startRequest(state: MachineState, request: number, ns: number): void {
  const at = requestAt(request);
  const pages = state.word(at + DISK.pages);
  const { diskReadNs, diskPageNs } = state.costs;
  const seekNs = moveHead(state, state.word(at + DISK.sector), pages);
  state.doubles[TIMES.diskCompletesDouble + (request % MAX_DISK_REQUESTS)] =
    ns + diskReadNs + seekNs + diskPageNs * pages;
  state.nextEventNs = STALE_EVENTS;
  if (state.trace !== undefined) tellAt(state, TRACE.diskStart, -1, -1, ns, request);
}

/** Moves the head to a request and over its pages; returns how long the way to it takes. */
function moveHead(state: MachineState, sector: number, pages: number): number {
  const { diskSeekNs } = state.costs;
  if (diskSeekNs === 0) return 0;
  const way = Math.abs(unsigned(sector) - unsigned(state.word(HEADER.diskHead)));
  state.words[HEADER.diskHead] = sector + pages * SECTORS_PER_PAGE;
  return Math.round(diskSeekNs * Math.sqrt(way / SECTORS_PER_GIB));
}

/** Whether the disk is reading. */
export function isDiskBusy(state: MachineState): boolean {
  return state.word(HEADER.diskCompleted) < state.word(HEADER.diskSubmitted);
}

/** When the active request completes; `Infinity` when the disk is at rest. */
export function nextDiskNs(state: MachineState): number {
  if (!isDiskBusy(state)) return Infinity;
  const request = state.word(HEADER.diskCompleted);
  return state.double(TIMES.diskCompletesDouble + (request % MAX_DISK_REQUESTS));
}

/** The active request is done: copies its pages and starts the next one. */
export function completeRequest(state: MachineState, ns: number): void {
  const request = state.word(HEADER.diskCompleted);
  const at = requestAt(request);
  const pages = state.word(at + DISK.pages);
  state.doubles[TIMES.diskCompletesDouble + (request % MAX_DISK_REQUESTS)] = ns;
  for (let page = 0; page < pages; page += 1) {
    const list = state.memory.locate(state.word(at + DISK.frames) + 4 * page, 4);
    const sector = state.word(at + DISK.sector) + page * SECTORS_PER_PAGE;
    const error = list < 0 ? 0 : readPage(state, sector, state.memory.wordAt(list));
    if (error === 0) continue;
    state.words[at + DISK.error] = error;
    break;
  }
  state.memory.markWord(at);
  state.words[HEADER.diskCompleted] = request + 1;
  if (state.trace !== undefined) tellAt(state, TRACE.diskDone, -1, -1, ns, request);
  if (isDiskBusy(state)) startRequest(state, request + 1, ns);
}

/** Reads one page to a frame; 0 or a negative errno. A frame outside of memory is a fault. */
export function readPage(state: MachineState, sector: number, frame: number): number {
  const { memory } = state;
  const offset = memory.locatePhysical(frame >>> 0, PAGE_BYTES);
  if (offset < 0 || frame & (PAGE_BYTES - 1)) {
    state.raise({
      kind: 'badArgument',
      message: `The disk was told to write to the frame at ${hex(frame, 8)}, which does not exist.`,
    });
    return 0;
  }
  state.watchpoints?.note(offset, PAGE_BYTES, 'write', 'disk');
  memory.mark(offset, offset + PAGE_BYTES);
  const into = memory.bytes.subarray(offset, offset + PAGE_BYTES);
  const failures = failedSector(state, sector);
  const before = failures < 0 ? 0 : state.word(failures + FAILED_SECTOR.failures);
  const toFail = failures < 0 ? 0 : state.word(failures + FAILED_SECTOR.toFail);
  if (toFail > 0) {
    state.words[failures + FAILED_SECTOR.toFail] = toFail - 1;
    return READ_ERROR;
  }
  const error = state.config.disk.readPage(sector, into, before);
  if (error !== 0) countFailure(state, sector, failures);
  return error;
}

function failedSector(state: MachineState, sector: number): number {
  const count = state.word(HEADER.failedSectorCount);
  for (let index = 0; index < count; index += 1) {
    const at = FAILED_SECTORS_AT + index * FAILED_SECTOR.words;
    if (state.word(at + FAILED_SECTOR.sector) === sector) return at;
  }
  return -1;
}

function countFailure(state: MachineState, sector: number, known: number): void {
  const at = known < 0 ? addFailedSector(state, sector) : known;
  if (at < 0) return;
  state.words[at + FAILED_SECTOR.failures] = state.word(at + FAILED_SECTOR.failures) + 1;
}

/** A new entry of the table; -1 with a fault when it is full. */
function addFailedSector(state: MachineState, sector: number): number {
  const count = state.word(HEADER.failedSectorCount);
  if (count >= MAX_FAILED_SECTORS) {
    state.raise({
      kind: 'limit',
      message: `More than ${String(MAX_FAILED_SECTORS)} pages of the disk have failed.`,
    });
    return -1;
  }
  state.words[HEADER.failedSectorCount] = count + 1;
  const at = FAILED_SECTORS_AT + count * FAILED_SECTOR.words;
  state.words[at + FAILED_SECTOR.sector] = sector;
  return at;
}

/** From now on so many reads of the page at a sector fail. */
export function failReads(state: MachineState, sector: number, times: number): void {
  const known = failedSector(state, sector);
  const at = known < 0 ? addFailedSector(state, sector) : known;
  if (at >= 0) state.words[at + FAILED_SECTOR.toFail] = times;
}

/** The handler fetches the next request that is done: its cookie, or 0; its error goes to `errorAddress`. */
export function fetchCompleted(state: MachineState, errorAddress: number): number {
  const request = state.word(HEADER.diskFetched);
  if (request >= state.word(HEADER.diskCompleted)) return 0;
  const offset = state.memory.locate(errorAddress, 4);
  if (offset < 0) {
    state.raise({
      kind: 'badArgument',
      message: `fl_disk_completed was given ${hex(errorAddress)}, where there is no memory.`,
      address: unsigned(errorAddress),
    });
    return 0;
  }
  if (!requireUsable(state, offset, 4, true, false)) return 0;
  defineBytes(state.memory, offset, 4);
  state.watchpoints?.note(offset, 4, 'write', 'task');
  state.words[HEADER.diskFetched] = request + 1;
  state.memory.setWordAt(offset, state.word(requestAt(request) + DISK.error));
  return state.word(requestAt(request) + DISK.cookie);
}

/** The requests that have not been fetched, oldest first. */
export function viewQueue(state: MachineState): readonly DiskRequestView[] {
  const views: DiskRequestView[] = [];
  const completed = state.word(HEADER.diskCompleted);
  const submitted = state.word(HEADER.diskSubmitted);
  for (let request = state.word(HEADER.diskFetched); request < submitted; request += 1) {
    const at = requestAt(request);
    const slot = request % MAX_DISK_REQUESTS;
    const completesNs = state.double(TIMES.diskCompletesDouble + slot);
    views.push({
      id: request + 1,
      sector: state.word(at + DISK.sector),
      pages: state.word(at + DISK.pages),
      cookie: unsigned(state.word(at + DISK.cookie)),
      state: request < completed ? 'done' : request === completed ? 'active' : 'queued',
      submittedNs: state.double(TIMES.diskSubmittedDouble + slot),
      completesNs: request <= completed ? completesNs : undefined,
    });
  }
  return views;
}
