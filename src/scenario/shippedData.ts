/**
 * Data files that ship (tours, the catalog of patches): JSON with comments, checked by a schema.
 *
 * A scenario is not one of them: it may be the user's, so everything wrong with it is told at once,
 * as diagnostics. A broken file of ours is one `UserError`, which names the place.
 */
import type * as z from 'zod';
import { UserError } from '../base/errors.ts';
import { positionOf, type Span } from '../base/span.ts';
import { JsoncDocument } from './jsoncDocument.ts';

const REMEDY = 'Correct the file, or reinstall the extension if you did not change it.';

/**
 * Reads a data file.
 *
 * Errors: `UserError` with the code that names the file and the place in it.
 */
export function readShippedData<Schema extends z.ZodType>(
  schema: Schema,
  path: string,
  text: string,
  code: string,
): z.infer<Schema> {
  const document = new JsoncDocument({ path, text });
  const broken = (span: Span, what: string): UserError => {
    const { line1 } = positionOf(span.file, span.start);
    return new UserError(code, `${path}:${String(line1)}: ${what}`, REMEDY);
  };
  const [error] = document.errors;
  if (error !== undefined) throw broken(error.span, error.message);
  const result = schema.safeParse(document.value());
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const keys = (issue?.path ?? []).map((key) => (typeof key === 'number' ? key : String(key)));
  const what = keys.length === 0 ? '' : `${keys.join('.')}: `;
  throw broken(document.spanOf(keys), `${what}${issue?.message ?? 'not in its form'}`);
}
