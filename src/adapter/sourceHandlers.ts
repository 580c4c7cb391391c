/**
 * Requests about the texts of a session: `source`, `loadedSources`, `modules`, and `locations`, which leads
 * from a value or a declaration to its place.
 */
import { UserError } from '../base/errors.ts';
import { positionOf } from '../base/span.ts';
import type { HandlerTable } from './handler.ts';
import { listModules } from './modules.ts';
import { optionalNumber, optionalObject, requireNumber } from './rawArguments.ts';
import type { SessionControl } from './sessionControl.ts';

export function sourceHandlers(session: SessionControl): HandlerTable {
  return {
    source: (raw) => {
      const named = optionalObject(raw, 'source');
      const reference = optionalNumber(raw, 'sourceReference') ?? 0;
      const path = typeof named['path'] === 'string' ? { path: named['path'] } : {};
      const file = session.run?.catalog.fileOf({ ...path, sourceReference: reference });
      if (file === undefined) {
        throw new UserError(
          'no-source',
          'This source is not part of the run.',
          'Launch again.',
          true,
        );
      }
      const mimeType = file.path.endsWith('.s') ? 'text/x-asm' : 'text/x-c';
      return { body: { content: file.text, mimeType } };
    },
    loadedSources: () => ({ body: { sources: session.run?.catalog.all() ?? [] } }),
    modules: (raw) => {
      const modules = session.run === undefined ? [] : listModules(session.run);
      const start = Math.max(0, optionalNumber(raw, 'startModule') ?? 0);
      const count = optionalNumber(raw, 'moduleCount') ?? 0;
      const end = count <= 0 ? modules.length : start + count;
      return { body: { modules: modules.slice(start, end), totalModules: modules.length } };
    },
    locations: (raw) => {
      const { catalog } = session.requireStopped();
      const place = session.references.places.get(requireNumber(raw, 'locationReference'));
      const source = place && catalog.sourceOf(place.file);
      if (place === undefined || source === undefined) {
        throw new UserError('stale-place', 'This place is gone.', 'Refresh the variables.', true);
      }
      const { client } = session;
      const start = positionOf(place.file, place.start);
      const end = positionOf(place.file, place.end);
      return {
        body: {
          source,
          line: client.toClientLine(start.line1),
          column: client.toClientColumn(start.column1),
          endLine: client.toClientLine(end.line1),
          endColumn: client.toClientColumn(end.column1),
        },
      };
    },
  };
}
