// Where values lead: from a pointer to a function, a task or a variable to its place in the sources.
import { afterEach, describe, expect, it } from 'vitest';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { DapStory } from '../support/dapStory.ts';

describe('locations', () => {
  let story = new DapStory();
  afterEach(() => {
    expect(story.bugs).toEqual([]);
    expect(story.client.violations).toEqual([]);
    story = new DapStory();
  });

  /** `file: characters` of what a reference leads to. */
  async function follow(locationReference: number | undefined): Promise<string> {
    if (locationReference === undefined) return 'nowhere';
    const place = (await story.client.ask('locations', { locationReference })) as Required<
      DebugProtocol.LocationsResponse['body'] & object
    >;
    const { sourceReference = 0 } = place.source;
    const { content } = (await story.client.ask('source', {
      source: place.source,
      sourceReference,
    })) as { content: string };
    const text = content.split('\n')[place.line - 1] ?? '';
    const end = place.endLine === place.line ? place.endColumn - 1 : undefined;
    return `${place.source.name ?? ''}: ${text.slice(place.column - 1, end).trim()}`;
  }

  async function evaluate(expression: string): Promise<number | undefined> {
    const body = (await story.client.ask('evaluate', { expression, context: 'watch' })) as {
      valueLocationReference?: number;
    };
    return body.valueLocationReference;
  }

  it('lead from a function, by name or by pointer, to its definition', async () => {
    await story.launch({ scenario: 'cold-fault' });
    expect(await follow(await evaluate('filemap_fault'))).toBe('filemap.c: filemap_fault');
    await story.seek('drop_mmap_sem');
    expect(await follow(await evaluate('&filemap_fault'))).toBe('filemap.c: filemap_fault');
    expect(await follow(await evaluate('vma->vm_ops->fault'))).toBe('filemap.c: filemap_fault');
    expect(await evaluate('vma')).toBeUndefined();
    expect(await evaluate('1 + 1')).toBeUndefined();
  });

  it('lead from a pointer to a task to where the task stands', async () => {
    await story.launch({ scenario: 'cold-fault' });
    await story.seek('drop_mmap_sem');
    const [innermost] = await story.stack();
    expect(innermost?.text).toContain(
      (await follow(await evaluate('current'))).replace(/^filemap\.c: /, '').slice(0, 20),
    );
  });

  it('lead from a variable to its declaration', async () => {
    await story.launch({ scenario: 'cold-fault' });
    await story.seek('drop_mmap_sem');
    const [frame] = await story.stack();
    const { scopes } = (await story.client.ask('scopes', { frameId: frame?.id })) as {
      scopes: DebugProtocol.Scope[];
    };
    const { variables } = (await story.client.ask('variables', {
      variablesReference: scopes[0]?.variablesReference,
    })) as { variables: DebugProtocol.Variable[] };
    expect(variables.length).toBeGreaterThan(2);
    for (const { name, declarationLocationReference } of variables) {
      expect(await follow(declarationLocationReference)).toBe(`filemap.c: ${name}`);
    }
  });

  it('are gone when the machine has moved', async () => {
    await story.launch({ scenario: 'cold-fault' });
    const locationReference = await evaluate('filemap_fault');
    await story.move('next');
    const answer = await story.client.send('locations', { locationReference });
    expect(answer).toMatchObject({ success: false, message: 'This place is gone.' });
  });
});
