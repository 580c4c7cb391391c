// Where translations begin: every text of the extension can be translated, and the bundle lists exactly those.
import { describe, expect, it } from 'vitest';
import { bundleText, readAllTexts, readBundle, readTexts } from '../../scripts/l10n.mjs';

/** Words that are for no reader, or come from where nothing is translated. */
const NOT_TRANSLATED = [
  // The title of the mail with the patch.
  'Release mmap_sem when page fault blocks on disk transfer',
  // Ends a sentence of the adapter.
  'cannot be read ({})',
  // HTML, rules of style and of the content's security.
  /^<!DOCTYPE html>/,
  /^(?:default|script)-src /,
  'none none none solid',
];

describe('the texts of the extension', () => {
  it('stand in l10n/bundle.l10n.json, which npm run l10n writes', () => {
    expect(readBundle()).toBe(bundleText());
  });

  it('are literals, all of them', () => {
    const { plain, problems } = readAllTexts();
    expect(problems).toEqual([]);
    const forgotten = plain.filter(
      (text) =>
        !NOT_TRANSLATED.some((known) =>
          typeof known === 'string' ? known === text : known.test(text),
        ),
    );
    expect(forgotten).toEqual([]);
  });

  it('number what is put into them from 0 without a gap', () => {
    for (const text of readAllTexts().texts) {
      const holes = [...text.matchAll(/\{(\d+)\}/g)].map(([, index]) => Number(index));
      const numbers = [...new Set(holes)].sort();
      expect(numbers, text).toEqual(numbers.map((_, index) => index));
    }
  });
});

describe('the search for texts', () => {
  it('tells translatable texts from others, and finds calls that name no text', () => {
    const source = [
      "import * as vscode from 'vscode';",
      "show(vscode.l10n.t('Run {0} now', vscode.l10n.t('this task')), 'A forgotten text');",
      'show(`Another ${word} text`, vscode.l10n.t(`With ${word} inside`), "debug-alt");',
      "throw new BugError('a text for the finder of a bug');",
    ].join('\n');
    expect(readTexts(source)).toEqual({
      texts: ['Run {0} now', 'this task'],
      plain: ['A forgotten text', 'Another {} text'],
      problems: ['vscode.l10n.t(`With ${word} inside`)'],
    });
  });
});
