/**
 * What the rules tell at the end of a run without having stopped it.
 */
import type { Pc } from '../../base/brand.ts';
import { asPc } from '../../base/brand.ts';
import { REPORT_HOLD, REPORT_MAJOR } from './faultRules.ts';
import type { RuleContext } from './ruleContext.ts';
import type { RuleName } from './ruleNames.ts';
import { REPORTS } from './ruleStore.ts';
import { pageName, placeName, taskName } from './ruleWords.ts';

/** One thing that a run has shown. */
export interface RuleReport {
  readonly rule: RuleName;
  readonly message: string;
  readonly task: number;
  readonly pc: Pc;
}

/** All of them, in the order in which they happened, as far as the rules are on. */
export function listReports(context: RuleContext): readonly RuleReport[] {
  const { store, rules } = context;
  return Array.from({ length: store.count(REPORTS) }, (_, index) => {
    const [kind = 0, task = 0, page = 0, pc = 0, low = 0, high = 0] = [0, 1, 2, 3, 4, 5].map(
      (word) => store.entry(REPORTS, index, word),
    );
    const name = taskName(context, task);
    const ns = high * 2 ** 31 + low;
    const rule: RuleName = kind === REPORT_HOLD ? 'hold-spans-disk' : 'major-without-miss';
    const where = placeName(context, pc);
    const message =
      kind === REPORT_HOLD
        ? `${name} held mmap_sem for ${milliseconds(ns)} while it waited for the disk to read ${pageName(context, page)}, at ${where}. Whoever wanted the lock for writing waited with it.`
        : kind === REPORT_MAJOR
          ? `A fault of ${name} was counted as major, although the page was in the cache.`
          : `A fault of ${name} missed the page cache and was counted as minor: the bit VM_FAULT_MAJOR was lost on the way.`;
    return { rule, message, task, pc: asPc(pc) };
  }).filter(({ rule }) => rules.has(rule));
}

function milliseconds(ns: number): string {
  return `${(ns / 1e6).toFixed(ns < 1e5 ? 3 : 1)} ms`;
}
