// It is not staged: a scenario, a program and names that nobody has used are written here, when the
// test runs, and debugged like any other.
import { expect, it } from 'vitest';
import { DapStory } from '../support/dapStory.ts';

const salt = String(process.pid % 1000);
const TASK = `walker${salt}`;
const FILE = `tape${salt}.img`;
const MAP = `reel${salt}`;

const SCENARIO = JSON.stringify({
  version: 1,
  title: `A walk over ${FILE}`,
  files: [{ name: FILE, pages: 9, content: 'pattern' }],
  processes: [
    {
      name: `house${salt}`,
      maps: [{ name: MAP, file: FILE, pages: 9, prot: 'r', flags: 'private' }],
    },
  ],
  tasks: [{ name: TASK, process: `house${salt}`, program: 'walk.task.s' }],
});

const PROGRAM = `        movl    $${MAP} + 7 * 4096 + 9, %edi
first${salt}:
        movzbl  (%edi), %ecx            # the page is read
again${salt}:
        movzbl  1(%edi), %edx           # the page is there now
        movl    $1, %eax
        xorl    %ebx, %ebx
        int     $0x80
`;

it('debugs a scenario that did not exist before this test ran', async () => {
  const files: Record<string, string> = {
    '/new/walk.jsonc': SCENARIO,
    '/new/walk.task.s': PROGRAM,
  };
  const story = new DapStory({
    readFile: (path) => {
      const text = files[path];
      return Promise.resolve(text === undefined ? undefined : { path, text });
    },
  });
  const entry = await story.launch({ scenario: '/new/walk.jsonc' });
  expect(entry).toMatch(new RegExp(`^entry ${TASK} — do_page_fault \\(attempt 1\\)`));
  expect((await story.stack()).at(-1)?.name).toBe(`first${salt}`);
  await story.seek('drop_mmap_sem');
  await story.move('next');
  await story.move('next');
  expect(story.stop.text).toContain(`page lock of ${FILE}:7.`);
  expect(await story.console(`why ${TASK}`)).toMatch(
    new RegExp(`^${TASK} → disk read #1, [\\d.]+ ms left$`),
  );
  expect(await story.value('page', 'filemap_fault')).toContain(`(${FILE}:7)`);
  await story.breakAt('walk.task.s', '1(%edi)');
  expect(await story.move('continue')).toMatch(
    new RegExp(`^breakpoint ${TASK} — again${salt}: movzbl`),
  );
  expect(await story.move('next')).toMatch(/^step .*: movl\s+\$1, %eax$/);
  expect(await story.move('continue')).toBe('terminated');
  expect(story.client.output).toContain(`${TASK}: exited:0, 1 major and 0 minor faults`);
  expect(story.bugs).toEqual([]);
});
