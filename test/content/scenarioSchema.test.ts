/**
 * The JSON schema that editors use for scenario files is made from the validator's own source.
 * After a change of the schema, write it again with `npx vitest run test/content/scenarioSchema -u`.
 */
import { describe, expect, it } from 'vitest';
import { scenarioJsonSchema } from '../../src/scenario/scenarioSchema.ts';

describe('media/schemas/scenario.schema.json', () => {
  it('is the schema of the validator', async () => {
    const text = `${JSON.stringify(scenarioJsonSchema(), undefined, 2)}\n`;
    await expect(text).toMatchFileSnapshot('../../media/schemas/scenario.schema.json');
  });
});
