/**
 * One intervention as text: `POSITION@POINT:KIND:…`, numbers and names without blanks and commas.
 *
 *   kernel:ADDRESS:BYTES         physical:ADDRESS:BYTES        user:TASK:ADDRESS:BYTES
 *   register:TASK:NAME:VALUE     goto:TASK:PC                  signal:TASK:NUMBER
 *
 * Addresses and values are hexadecimal with `0x`, bytes are pairs of hexadecimal digits in the order of
 * their addresses; all else is decimal. A task is its slot of the machine's table, a PC a code index.
 * Only the form is checked here; whether it fits is seen where it is applied.
 */
import { asAddress, asPc, asTaskId, hex } from '../base/brand.ts';
import { unreachable } from '../base/errors.ts';
import { MAX_TASKS } from './imageLayout.ts';
import {
  type Intervention,
  MAX_SIGNAL,
  MAX_WRITTEN_BYTES,
  type RecordedIntervention,
} from './intervention.ts';
import { USER_REGISTER_NAMES } from './userCpu.ts';

/** The text that `parseIntervention` reads. */
export function formatIntervention({
  position,
  point,
  intervention,
}: RecordedIntervention): string {
  return [`${String(position)}@${String(point)}`, ...wordsOf(intervention)].join(':');
}

function wordsOf(intervention: Intervention): readonly string[] {
  const { kind } = intervention;
  switch (kind) {
    case 'kernel':
    case 'physical':
      return [kind, hex(intervention.address), formatBytes(intervention.bytes)];
    case 'user': {
      const { task, address, bytes } = intervention;
      return [kind, String(task), hex(address), formatBytes(bytes)];
    }
    case 'register': {
      const name = USER_REGISTER_NAMES[intervention.register] ?? '';
      return [kind, String(intervention.task), name, hex(intervention.value)];
    }
    case 'goto':
      return [kind, String(intervention.task), String(intervention.pc)];
    case 'signal':
      return [kind, String(intervention.task), String(intervention.signal)];
    default:
      return unreachable(kind);
  }
}

function formatBytes(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The intervention of a text, or what is wrong with it: a clause such as "`0x` is no address". */
export function parseIntervention(text: string): RecordedIntervention | string {
  const [place = '', kind = '', ...words] = text.split(':');
  const [, position, point] = /^(\d{1,15})@(\d{1,15})$/.exec(place) ?? [];
  if (position === undefined || point === undefined) return `\`${place}\` is no POSITION@POINT`;
  const intervention = parseKind(kind, words);
  if (typeof intervention === 'string') return intervention;
  return { position: Number(position), point: Number(point), intervention };
}

/** How many words follow each kind. */
const WORD_COUNTS: Readonly<Record<Intervention['kind'], number>> = {
  kernel: 2,
  physical: 2,
  user: 3,
  register: 3,
  goto: 2,
  signal: 2,
};

function isKind(kind: string): kind is Intervention['kind'] {
  return Object.hasOwn(WORD_COUNTS, kind);
}

function parseKind(kind: string, words: readonly string[]): Intervention | string {
  if (!isKind(kind)) {
    return `\`${kind}\` is no kind of intervention (${Object.keys(WORD_COUNTS).join(', ')})`;
  }
  const count = WORD_COUNTS[kind];
  if (words.length !== count) return `\`${kind}\` is followed by ${String(count)} words`;
  const [first = '', second = '', third = ''] = words;
  if (kind === 'kernel' || kind === 'physical') {
    const address = readHex(first);
    const bytes = readBytes(second);
    if (address === undefined) return `\`${first}\` is no address`;
    return typeof bytes === 'string' ? bytes : { kind, address: asAddress(address), bytes };
  }
  const number = readDecimal(first, MAX_TASKS - 1);
  if (number === undefined) return `\`${first}\` is no number of a task`;
  const task = asTaskId(number);
  switch (kind) {
    case 'user': {
      const address = readHex(second);
      const bytes = readBytes(third);
      if (address === undefined) return `\`${second}\` is no address`;
      return typeof bytes === 'string' ? bytes : { kind, task, address: asAddress(address), bytes };
    }
    case 'register': {
      const register = USER_REGISTER_NAMES.findIndex((name) => name === second);
      const value = readHex(third);
      if (register < 0) return `\`${second}\` is no register`;
      if (value === undefined) return `\`${third}\` is no value of a register`;
      return { kind, task, register, value };
    }
    case 'goto': {
      const pc = readDecimal(second, 2 ** 31 - 1);
      return pc === undefined ? `\`${second}\` is no code index` : { kind, task, pc: asPc(pc) };
    }
    case 'signal': {
      const signal = readDecimal(second, MAX_SIGNAL);
      return signal === undefined ? `\`${second}\` is no signal` : { kind, task, signal };
    }
  }
}

function readDecimal(text: string, most: number): number | undefined {
  if (!/^\d{1,10}$/.test(text)) return undefined;
  const value = Number(text);
  return value <= most ? value : undefined;
}

/** An unsigned 32-bit number. */
function readHex(text: string): number | undefined {
  return /^0x[0-9a-f]{1,8}$/.test(text) ? Number(text) : undefined;
}

function readBytes(text: string): Uint8Array | string {
  if (!/^(?:[0-9a-f]{2})+$/.test(text)) return 'bytes are pairs of hexadecimal digits';
  if (text.length > 2 * MAX_WRITTEN_BYTES) return `more than ${String(MAX_WRITTEN_BYTES)} bytes`;
  return Uint8Array.from({ length: text.length / 2 }, (_, index) =>
    Number(`0x${text.slice(2 * index, 2 * index + 2)}`),
  );
}
