/**
 * What the annotation forms mean, in a sentence or two each, for hovers and completion in the editor.
 */

/** By the name of the form; a test holds it against the table of forms. */
export const ANNOTATION_MEANINGS: Readonly<Record<string, string>> = {
  anchor:
    'Names the next statement. Scenarios, tours and tests speak of anchors, never of lines; one with a title is a moment of the story.',
  note: 'Said of the next statement in hovers and tours.',
  plumbing: 'Step Into passes over this function unless asked.',
  flags: 'The debugger shows the bits of this variable or member by the macros with that prefix.',
  cost: 'The virtual time of this function or statement is a price of the preset, whatever is inside.',
  assert: 'Checked every time a task comes here. If it is false, the run stops.',
  acquire:
    'A lock changes hands here: the task, or who is named, owns it from now on. It stands inside the primitive, so that a call that is forgotten is noticed.',
  drop: 'The lock has no such owner any more.',
  get: 'Somebody owns one more reference to this object: the running task, if nobody is named.',
  put: 'Its owner gives a reference back.',
  move: 'A reference passes from one owner to another; the count stays what it is.',
  guard:
    'Accesses to this member need a lock; of several with `||` between them one is enough. An access without it breaks a rule.',
  pin: 'The running task may use this object until its hold of the lock ends. Later uses break a rule, even if it has taken the lock again.',
  racy: 'Deliberately accessed without its lock. Others may act just before the access, and the rules about locks let it pass.',
  wait: 'The running task begins to wait for the lock.',
  resume: 'The running task no longer waits for the lock.',
};
