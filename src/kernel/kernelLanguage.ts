/**
 * The annotations of the kernel's C: what may stand behind `//@`, who can own locks and references,
 * and what annotations may ask.
 *
 * A table of data. The compiler parses by it, the machine acts on it, and neither knows the words.
 * `acquire`, `drop`, `get`, `put`, `move`, `wait` and `resume` stand inside primitives, where
 * ownership really changes, never at their callers. `guard`, `pin` and `racy` are for the rules.
 */
import {
  GHOST_HOLDS,
  GHOST_HOLDS_READ,
  GHOST_HOLDS_WRITE,
  GHOST_NOT_HELD,
  GHOST_REFS,
  OWNER_DEFAULT,
  type AnnotationForm,
  type AnnotationLanguage,
  type FormPart,
} from '../bytecode/annotation.ts';
import { MODE_READ, MODE_WRITE } from '../machine/ghostView.ts';

/** Owner codes of owners that are not tasks; 0 is a task. */
export const OWNER_IO = 1;
export const OWNER_CACHE = 2;
/** The value is the kernel address of the page table entry. */
export const OWNER_PTE = 3;
export const OWNER_PAGEVEC = 4;

function expression(role: string): FormPart {
  return { kind: 'expression', role };
}

function literal(text: string): FormPart {
  return { kind: 'literal', text };
}

const MODE: FormPart = {
  kind: 'word',
  role: 'mode',
  choices: { read: MODE_READ, write: MODE_WRITE },
};

const FOR_OWNER: FormPart = {
  kind: 'optional',
  parts: [literal('for'), { kind: 'owner', role: 'owner' }],
};

const FORMS: readonly AnnotationForm[] = [
  {
    name: 'anchor',
    placement: 'statement',
    action: 'none',
    parts: [
      { kind: 'name', role: 'name' },
      { kind: 'optional', parts: [literal(':'), { kind: 'text', role: 'title' }] },
    ],
  },
  {
    name: 'note',
    placement: 'statementOrFunction',
    action: 'none',
    parts: [{ kind: 'text', role: 'text' }],
  },
  { name: 'plumbing', placement: 'function', action: 'none', parts: [] },
  {
    name: 'flags',
    placement: 'anywhere',
    action: 'none',
    parts: [
      { kind: 'name', role: 'name' },
      { kind: 'name', role: 'prefix' },
    ],
  },
  {
    name: 'cost',
    placement: 'statementOrFunction',
    action: 'cost',
    parts: [{ kind: 'name', role: 'name' }],
  },
  {
    name: 'assert',
    placement: 'here',
    action: 'assert',
    parts: [expression('condition'), literal(':'), { kind: 'text', role: 'text' }],
  },
  {
    name: 'acquire',
    placement: 'here',
    action: 'acquire',
    parts: [MODE, expression('lock'), FOR_OWNER],
  },
  { name: 'drop', placement: 'here', action: 'drop', parts: [expression('lock'), FOR_OWNER] },
  { name: 'get', placement: 'here', action: 'get', parts: [expression('object'), FOR_OWNER] },
  { name: 'put', placement: 'here', action: 'put', parts: [expression('object'), FOR_OWNER] },
  {
    name: 'move',
    placement: 'here',
    action: 'move',
    parts: [
      expression('object'),
      literal('from'),
      { kind: 'owner', role: 'from' },
      literal('to'),
      { kind: 'owner', role: 'to' },
    ],
  },
  {
    name: 'guard',
    placement: 'field',
    action: 'guard',
    parts: [
      { kind: 'name', role: 'name' },
      literal('read'),
      literal('by'),
      expression('readLock'),
      literal('write'),
      literal('by'),
      expression('writeLock'),
    ],
  },
  {
    name: 'pin',
    placement: 'here',
    action: 'pin',
    parts: [expression('object'), literal('by'), expression('lock')],
  },
  {
    name: 'racy',
    placement: 'fieldOrStatement',
    action: 'racy',
    parts: [expression('place'), literal(':'), { kind: 'text', role: 'why' }],
  },
  { name: 'wait', placement: 'here', action: 'wait', parts: [MODE, expression('lock')] },
  { name: 'resume', placement: 'here', action: 'resume', parts: [expression('lock')] },
];

/** What the compiler is given to compile a kernel tree. */
export const kernelLanguage: AnnotationLanguage = {
  forms: FORMS,
  owners: [
    // The running task; inside an interrupt it is `io`, as where an owner is left out.
    { word: 'current', code: OWNER_DEFAULT, hasArgument: false },
    { word: 'io', code: OWNER_IO, hasArgument: false },
    { word: 'cache', code: OWNER_CACHE, hasArgument: false },
    { word: 'pte', code: OWNER_PTE, hasArgument: true },
    { word: 'pagevec', code: OWNER_PAGEVEC, hasArgument: false },
  ],
  queries: [
    { name: 'holds_read', code: GHOST_HOLDS_READ },
    { name: 'holds_write', code: GHOST_HOLDS_WRITE },
    { name: 'holds', code: GHOST_HOLDS },
    { name: 'not_held', code: GHOST_NOT_HELD },
    { name: 'refs', code: GHOST_REFS },
  ],
};
