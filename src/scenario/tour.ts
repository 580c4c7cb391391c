/**
 * Tours: a list of moments with a few sentences each, what to look at and one prediction.
 *
 * A tour is data (`media/tours/*.jsonc`); the tour player of the extension moves the machine to each
 * moment, and a test runs every tour and checks every claim. A prediction has no stored answer: the
 * right choice is the one whose claims hold at the moment to which running on leads.
 */
import * as z from 'zod';
import { readShippedData } from './shippedData.ts';

const claimSchema = z.union([
  z.strictObject({
    task: z.string(),
    activity: z.enum(['new', 'running', 'runnable', 'sleeping', 'exited']).optional(),
    waitsFor: z.string().optional(),
    attempt: z.number().optional(),
    majorFaults: z.number().optional(),
    minorFaults: z.number().optional(),
  }),
  z.strictObject({
    lock: z.string(),
    holders: z.array(z.string()).optional(),
    queue: z.array(z.string()).optional(),
    rawCount: z.string().optional(),
  }),
  z.strictObject({
    page: z.string(),
    isLocked: z.boolean().optional(),
    isUpToDate: z.boolean().optional(),
    count: z.number().optional(),
  }),
  z.strictObject({ disk: z.enum(['busy', 'idle']) }),
  z.strictObject({
    expression: z.string(),
    function: z.string().optional(),
    equals: z.number(),
  }),
]);

const questionSchema = z.strictObject({
  text: z.string(),
  /** Where running on leads; the next step's moment when left out. */
  until: z
    .strictObject({
      anchor: z.string(),
      task: z.string().optional(),
      occurrence: z.number().optional(),
    })
    .optional(),
  choices: z
    .array(z.strictObject({ text: z.string(), claims: z.array(claimSchema).min(1) }))
    .min(2),
  explanation: z.string(),
});

const stepSchema = z.strictObject({
  title: z.string(),
  anchor: z.string(),
  /** The task that arrives; any when left out, as for an interrupt. */
  task: z.string().optional(),
  occurrence: z.number().int().positive().optional(),
  text: z.string(),
  lookAt: z.string(),
  claims: z.array(claimSchema).min(1),
  question: questionSchema.optional(),
});

const tourSchema = z.strictObject({
  version: z.literal(1),
  title: z.string(),
  chapters: z
    .array(
      z.strictObject({
        kernel: z.string(),
        scenario: z.string(),
        steps: z.array(stepSchema).min(1),
      }),
    )
    .min(1),
});

/** A tour as its file says it. */
export type Tour = z.infer<typeof tourSchema>;
/** One step: a moment with its sentences. */
export type TourStep = z.infer<typeof stepSchema>;

/**
 * Reads a tour.
 *
 * Errors: `UserError` `broken-tour` that names the file and the place in it.
 */
export function loadTour(path: string, text: string): Tour {
  return readShippedData(tourSchema, path, text, 'broken-tour');
}
