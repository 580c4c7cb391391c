// What hovers say about annotations, from text alone; and that no annotation of the shipped kernel leaves them silent.
import { describe, expect, it } from 'vitest';
import { formShape } from '../../../src/c/annotationForm.ts';
import { ANNOTATION_MEANINGS } from '../../../src/kernel/annotationWords.ts';
import { kernelLanguage } from '../../../src/kernel/kernelLanguage.ts';
import { describeAnnotations, listMemberNotes } from '../../../src/view/annotationHelp.ts';
import { kernelFiles, readMedia } from '../../support/kernelMedia.ts';

const FORMS = kernelLanguage.forms.map((form) => ({
  name: form.name,
  shape: formShape(form),
  meaning: ANNOTATION_MEANINGS[form.name] ?? '',
}));

const LINES = `
int f(pte_t *pte)
{
	//@ anchor look : The PTE is read
	//@ note Nobody holds its lock here.
	//@ racy *pte : whoever acts on it looks again
	/* a comment between */
	entry = *pte;
	other = 1;
	//@ acquire write l
	//@ anchor silent
	//@ assert a ? b : holds(c) : it is held
	third = 2;
	//@ pin vma by &mm->mmap_sem
	//@ cost MAP
	return 0;
}`.split('\n');

function describeLine(part: string): readonly string[] {
  return describeAnnotations(
    LINES,
    LINES.findIndex((line) => line.includes(part)),
    FORMS,
  );
}

describe('help for annotations', () => {
  it('says of a statement what stands above it, comments between', () => {
    expect(describeLine('entry =')).toEqual([
      '**The PTE is read**',
      'Nobody holds its lock here.',
      '`*pte` is accessed without its lock: whoever acts on it looks again.',
    ]);
    expect(describeLine('return 0')).toEqual([
      '`vma` may be used until the hold of `&mm->mmap_sem` ends.',
      'Its virtual time is the price `MAP` of the preset.',
    ]);
  });

  it('tells a condition from its text', () => {
    expect(describeLine('third = 2')).toEqual([
      'Checked here: `a ? b : holds(c)`. Otherwise it is held.',
    ]);
  });

  it('is silent where nothing is said', () => {
    expect(describeLine('other = 1')).toEqual([]);
    expect(describeLine('a comment between')).toEqual([]);
    expect(describeAnnotations(LINES, 0, FORMS)).toEqual([]);
  });

  it('explains an annotation and how it is written', () => {
    expect(describeLine('acquire write l')).toEqual([
      '`//@ acquire read|write LOCK [for OWNER]`',
      ANNOTATION_MEANINGS['acquire'],
    ]);
  });

  it('says by which lock a member is guarded', () => {
    const lines = `
struct area {
	//@ guard start read by mm->sem || file->lock write by mm->sem
	//@ guard next read by lock write by lock
	unsigned long start;
	int state; //@ racy state : wakers look at it
};
//@ racy loose : not in a struct
`.split('\n');
    expect(listMemberNotes(lines).map(({ member, text }) => [member, text])).toEqual([
      [
        'start',
        '`start` of `struct area` is read with `mm->sem` or `file->lock`, and changed with `mm->sem` held for writing.',
      ],
      ['next', '`next` of `struct area` needs `lock`, held for writing to change it.'],
      ['state', '`state` of `struct area` is accessed without a lock: wakers look at it.'],
    ]);
  });

  it('has a meaning for every form', () => {
    expect(Object.keys(ANNOTATION_MEANINGS).sort()).toEqual(
      kernelLanguage.forms.map(({ name }) => name).sort(),
    );
  });

  it('has a line for every form in the page about annotations', () => {
    const page = readMedia('walkthrough/annotations.md');
    const told = new Set([...page.matchAll(/`\/\/@ ([a-z]+)/g)].map(([, name]) => name));
    expect(FORMS.map(({ name }) => name).filter((name) => !told.has(name))).toEqual([]);
  });

  it('explains every annotation of the kernel tree, and says every note below it', () => {
    const silent: string[] = [];
    for (const [path, text] of kernelFiles()) {
      const lines = text.split('\n');
      const members = listMemberNotes(lines);
      lines.forEach((line, index) => {
        const [, form, rest = ''] = /\/\/@ (\w+) *(.*)$/.exec(line) ?? [];
        if (form === undefined) return;
        const place = `${path}:${String(index + 1)}`;
        if (describeAnnotations(lines, index, FORMS).length !== 2) silent.push(place);
        const isOfMember = members.some(({ member }) => rest.startsWith(`${member} `));
        if (form === 'guard' && !isOfMember) silent.push(place);
        if (form !== 'note' && (form !== 'racy' || isOfMember)) return;
        const said = /^(?:.*? : )?(.*)$/.exec(rest)?.[1] ?? rest;
        const below = lines.findIndex(
          (other, at) => at > index && !/^\s*(?:\/\/|\/?\*)/.test(other),
        );
        const paragraphs = describeAnnotations(lines, below, FORMS);
        if (!paragraphs.some((paragraph) => paragraph.includes(said))) silent.push(place);
      });
    }
    expect(silent).toEqual([]);
  });
});
