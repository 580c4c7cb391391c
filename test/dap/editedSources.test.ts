// A lab file that is edited after the launch: checksums tell it apart, and the session says so.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { shippedKernel } from '../support/adapterHost.ts';
import { DapStory } from '../support/dapStory.ts';

const LAB = '/lab/kernel';

class LabSession {
  readonly files = shippedKernel();
  readonly story = new DapStory({
    readFolder: (path) =>
      Promise.resolve(path === LAB ? { path, files: new Map(this.files) } : undefined),
    readFile: (path) => {
      const text = this.files.get(path.slice(LAB.length + 1));
      return Promise.resolve(text === undefined ? undefined : { path, text });
    },
  });

  edit(path: string): void {
    this.files.set(path, `/* new */\n${this.files.get(path) ?? ''}`);
  }

  /** What a breakpoint in a file is told besides its place. */
  async message(path: string): Promise<string | undefined> {
    const { breakpoint } = { breakpoint: await this.story.breakAt(path, 'release_flag') };
    expect(breakpoint.verified).toBe(true);
    return breakpoint.message;
  }

  get warnings(): readonly string[] {
    return this.story.client.events
      .filter(({ event }) => event === 'output')
      .map(({ body }) => body as DebugProtocol.OutputEvent['body'])
      .filter(({ category }) => category === 'stderr')
      .map(({ output }) => output);
  }
}

const FAULT = 'arch/x86/mm/fault.c';
const EDITED =
  'fault.c has been edited since this run was launched: what runs is the text as it was. Restart to run the new one.';

describe('a source', () => {
  it('comes with the checksum of the text that was compiled', async () => {
    const { story, files } = new LabSession();
    const capabilities = (await story.client.ask('initialize')) as DebugProtocol.Capabilities;
    expect(capabilities.supportedChecksumAlgorithms).toEqual(['SHA256']);
    await story.launch({ scenario: 'cold-fault', kernel: LAB });
    const { sources } = (await story.client.ask('loadedSources')) as {
      sources: DebugProtocol.Source[];
    };
    expect(sources.length).toBeGreaterThan(50);
    for (const { path = '', checksums, origin } of sources) {
      expect(checksums).toHaveLength(1);
      const text = files.get(path.slice(LAB.length + 1));
      if (text === undefined || origin !== undefined) continue;
      const digest = createHash('sha256').update(text).digest('hex');
      expect(checksums).toEqual([{ algorithm: 'SHA256', checksum: digest }]);
    }
    const { stackFrames } = (await story.client.ask('stackTrace', {
      threadId: story.threadId,
    })) as { stackFrames: DebugProtocol.StackFrame[] };
    expect(stackFrames[0]?.source).toEqual(
      sources.find(({ path }) => path === stackFrames[0]?.source?.path),
    );
  });

  it('that is edited after the launch says so at its breakpoints, and once in the console', async () => {
    const session = new LabSession();
    await session.story.launch({ scenario: 'cold-fault', kernel: LAB });
    expect(await session.message(FAULT)).toBeUndefined();
    session.edit(FAULT);
    expect(await session.message(FAULT)).toBe(EDITED);
    expect(await session.message(FAULT)).toBe(EDITED);
    expect(session.warnings).toEqual([`${EDITED}\n`]);
    session.files.delete(FAULT);
    expect(await session.message(FAULT)).toContain('is gone since this run was launched');
  });

  it('is that of the new text after a restart, and nothing is said any more', async () => {
    const session = new LabSession();
    const { story } = session;
    await story.launch({ scenario: 'cold-fault', kernel: LAB });
    const before = (await story.sourceOf(FAULT)).checksums;
    session.edit(FAULT);
    const line = (await story.stack())[0]?.line ?? 0;
    const arrival = story.client.waitFor('stopped');
    await story.client.ask('restart');
    await arrival;
    expect((await story.sourceOf(FAULT)).checksums).not.toEqual(before);
    expect((await story.stack())[0]?.line).toBe(line + 1);
    expect(await session.message(FAULT)).toBeUndefined();
  });

  it('that ships is never said to be edited', async () => {
    const { story } = new LabSession();
    await story.launch({ scenario: 'cold-fault' });
    expect((await story.breakAt(FAULT, 'release_flag')).message).toBeUndefined();
  });
});
