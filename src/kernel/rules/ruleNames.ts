/**
 * The rules of the kernel by name: what must hold in every run of a correct kernel.
 *
 * Names are stable: they stand in reports, in labs and on the command line. Two of them are reports: they are shown at
 * the end of a run and stop nothing. `guard` is the rule behind annotations about fields other than a VMA's.
 * Source: the invariants I1 to I22 that the patch of October 2010 relies on.
 */
import { didYouMean } from '../../base/closestName.ts';
import { UserError } from '../../base/errors.ts';

/** Every rule with what it says, in one sentence. */
export const RULES = {
  'vma-after-drop':
    'A VMA is used only while the task holds mmap_sem, without a break since it was looked up.',
  'user-mode-holds-nothing':
    'A task in user mode holds no lock and owns no reference to a page, except through its mappings.',
  'rwsem-count': 'The count of mmap_sem says who is inside and whether somebody waits.',
  'mmap-sem-recursion': 'A task that holds mmap_sem does not take it again.',
  'released-result': 'A fault handler says that it has dropped mmap_sem exactly when it has.',
  'one-retry': 'A fault is tried at most twice, and the second time without asking for a release.',
  'one-fault-counted': 'A fault that succeeds is counted once, as major or as minor.',
  'fault-counters': 'The event counters count traps, passes and cache misses.',
  'page-count': 'The count of a page is the number of references that somebody owns.',
  'page-lock-owner': 'A locked page has somebody who will unlock it.',
  'lost-wakeup': 'Nobody sleeps on an unlocked page without a wake-up on its way.',
  'waited-page-referenced': 'Who waits for a page owns a reference to it.',
  'file-pte-install': 'A page of a file is mapped locked, up to date and under the PTE lock.',
  'truncated-page-mapped': 'A page that the file no longer has is not mapped.',
  'pte-permission': 'A PTE allows no more than its VMA.',
  'sleep-in-atomic': 'Nobody sleeps with a spinlock held, or takes mmap_sem with a page lock held.',
  rss: 'The counters of an address space count its PTEs.',
  'shared-dirty': 'A page that is mapped for shared writing is marked dirty before it is unlocked.',
  progress: 'Every fault gets somewhere, and whoever sleeps has somebody who will wake it.',
  'rwsem-fifo': 'mmap_sem is granted in the order of the queue.',
  guard: 'A guarded field is accessed with its lock held.',
  'hold-spans-disk': 'The first attempt of a fault does not hold mmap_sem while the disk works.',
  'major-without-miss': 'A fault is counted as major exactly when it missed the page cache.',
} as const;

/** The name of a rule. */
export type RuleName = keyof typeof RULES;

/** All names, in the order of the invariants. */
export const RULE_NAMES = Object.keys(RULES) as readonly RuleName[];

const isRuleName = (text: string): text is RuleName => Object.hasOwn(RULES, text);

/**
 * The rules that a text switches on: `on`, `off`, or names with commas between them.
 * Errors: `UserError` for a name that no rule has.
 */
export function parseRules(text: string): ReadonlySet<RuleName> {
  if (text === 'on') return new Set(RULE_NAMES);
  if (text === 'off') return new Set();
  const names = new Set<RuleName>();
  for (const part of text.split(',')) {
    const name = part.trim();
    if (!isRuleName(name)) {
      throw new UserError(
        'unknown-rule',
        `There is no rule \`${name}\`${didYouMean(name, RULE_NAMES)}.`,
        `Use on, off, or some of: ${RULE_NAMES.join(', ')}.`,
      );
    }
    names.add(name);
  }
  return names;
}
