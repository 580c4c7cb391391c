/**
 * The schema of scenario files: the one source of validation, of the types in TypeScript and of the
 * JSON schema that editors use.
 *
 * A number may be written as `"$NAME"`, which stands for a parameter of the scenario. So there are
 * two forms of the same schema: the authored one, which knows parameters, and the resolved one, in
 * which every number is a number.
 */
import * as z from 'zod';

/** A name that user programs can use as a symbol. */
const symbolName = z.string().regex(/^[A-Za-z_]\w*$/, 'a name of letters, digits and `_`');

const KERNEL_WORDS = 'the name of a kernel, or `*` for every kernel';

/** Names of machine presets. */
export const PRESET_NAMES = ['disk-2010', 'disk-seek', 'paper', 'ssd'] as const;

/** The most pages that one file or map may have: 1 GiB. */
export const LARGEST_PAGES = 262_144;

/** The most tasks of a scenario, copies included. */
export const MOST_TASKS = 32;

/** Registers that hold the arguments of a task at its start, in order. */
export const ARGUMENT_REGISTERS = ['eax', 'ebx', 'ecx', 'edx', 'esi', 'edi'] as const;

/** In the arguments of a task: the number of the copy, from 0. */
export const COPY_NAME = 'copy';

/** How a run can end. */
export const OUTCOMES = ['completed', 'deadlock', 'oops', 'violation', 'limit'] as const;

/** Signals that an event may send. */
export const SIGNAL_NAMES = [
  'SIGILL',
  'SIGBUS',
  'SIGFPE',
  'SIGKILL',
  'SIGSEGV',
  'SIGTERM',
] as const;

/** The name of a signal that an event may send. */
export type SignalName = (typeof SIGNAL_NAMES)[number];

/** One word for how a run ended. */
export type Outcome = (typeof OUTCOMES)[number];

const exitText = z
  .string()
  .regex(
    /^(?:exited:\d+|running|blocked|SIGSEGV:(?:MAPERR|ACCERR)|SIGBUS:(?:ADRERR|MCEERR_AR)|SIGKILL|SIGTERM)$/,
    '`exited:N`, `running`, `blocked`, `SIGSEGV:MAPERR`, `SIGSEGV:ACCERR`, `SIGBUS:ADRERR`, `SIGBUS:MCEERR_AR`, `SIGKILL` or `SIGTERM`',
  );

/** An exact number, or bounds, both inclusive. */
const bound = z.union([
  z.int(),
  z.strictObject({ min: z.int().optional(), max: z.int().optional() }),
]);

/** What an expectation may say about one task's use of a lock, or everybody's. */
const lockFigures = {
  readHoldMaxNs: bound.optional(),
  readHoldTotalNs: bound.optional(),
  writeHoldMaxNs: bound.optional(),
  waitMaxNs: bound.optional(),
  contended: bound.optional(),
};

/** What an expectation may say; also the form of what a lab shows. */
export const expectationSchema = z.strictObject({
  outcome: z.enum(OUTCOMES).optional(),
  tasks: z
    .record(
      z.string(),
      z.strictObject({
        exit: exitText.optional(),
        maj_flt: bound.optional(),
        min_flt: bound.optional(),
        iterations: bound.optional(),
        mmapSemWaitMaxNs: bound.optional(),
      }),
    )
    .optional(),
  counters: z
    .strictObject({
      PGFAULT: bound.optional(),
      PGMAJFAULT: bound.optional(),
      SW_PAGE_FAULTS: bound.optional(),
      SW_PAGE_FAULTS_MAJ: bound.optional(),
      SW_PAGE_FAULTS_MIN: bound.optional(),
    })
    .optional(),
  locks: z
    .record(
      z.string(),
      z.strictObject({
        ...lockFigures,
        perTask: z.record(z.string(), z.strictObject(lockFigures)).optional(),
      }),
    )
    .optional(),
  pages: z
    .array(
      z.strictObject({
        file: z.string(),
        page: z.int().min(0),
        isCached: z.boolean().optional(),
        isUpToDate: z.boolean().optional(),
        isLocked: z.boolean().optional(),
        isDirty: z.boolean().optional(),
        count: bound.optional(),
        mapCount: bound.optional(),
      }),
    )
    .optional(),
  /** A user register at the end holds this byte: a number, or the one at an offset of a file. */
  bytes: z
    .array(
      z.strictObject({
        task: z.string(),
        register: z.enum(['eax', 'ebx', 'ecx', 'edx', 'esi', 'edi', 'ebp']),
        equals: z.union([
          z.int().min(0).max(255),
          z.strictObject({ file: z.string(), offset: z.int().min(0) }),
        ]),
      }),
    )
    .optional(),
});

/** What a scenario expects of a run on some kernel. */
export type Expectation = z.infer<typeof expectationSchema>;
/** An exact number, or bounds. */
export type Bound = z.infer<typeof bound>;

const PAGE_BYTES = 4096;
/** User memory of a process. */
const MOST_BYTES = 0xc000_0000;

function buildSchema<Q extends z.ZodType>(quantity: (minimum: number, maximum: number) => Q) {
  const nanoseconds = quantity(0, Number.MAX_SAFE_INTEGER);
  const pageCount = quantity(1, LARGEST_PAGES);
  const pageIndex = quantity(0, LARGEST_PAGES - 1);

  const machine = z.strictObject({
    cpus: quantity(1, 8).optional().describe('Processors; 2 when left out.'),
    frames: quantity(1024, 32_768)
      .optional()
      .describe('Page frames of 4 KiB of memory; 4096 when left out.'),
    preset: z.enum(PRESET_NAMES).optional().describe('Prices of time; disk-2010 when left out.'),
    costs: z
      .record(z.string(), nanoseconds)
      .optional()
      .describe('Single prices that differ from the preset, in nanoseconds.'),
    readahead: quantity(0, 64).optional().describe('Pages of a read-around; 32 when left out.'),
  });

  const file = z.strictObject({
    name: z.string().min(1).max(60),
    pages: pageCount,
    content: z.union([
      z.literal('pattern'),
      z.strictObject({ text: z.string() }),
      z.strictObject({ base64: z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/, 'base64') }),
    ]),
    cached: z
      .union([z.literal('all'), z.array(pageIndex)])
      .optional()
      .describe('Pages that are in memory from the start.'),
    dirty: z
      .array(pageIndex)
      .optional()
      .describe('Pages that are in memory from the start and differ from the disk.'),
    holes: z
      .array(pageIndex)
      .optional()
      .describe('Pages that are not on the disk: they read as zeros, without waiting.'),
    errors: z
      .array(z.strictObject({ page: pageIndex, times: quantity(1, 1_000_000) }))
      .optional()
      .describe('Pages whose first reads fail.'),
    asksToWrite: z
      .boolean()
      .optional()
      .describe('The file system is asked before a page of a shared mapping becomes writable.'),
  });

  const mapFlag = z.enum(['private', 'shared', 'growsdown']);
  const map = z.strictObject({
    name: symbolName.max(60),
    file: z.string().optional().describe('The file that is mapped.'),
    anon: z.literal(true).optional().describe('Memory without a file.'),
    at: z
      .union([quantity(0x1000, 0xbfff_f000), z.string().regex(/^0x[0-9a-fA-F]+$/, 'an address')])
      .optional()
      .describe('Where it starts; chosen from 0x40000000 upwards when left out.'),
    pages: pageCount,
    offset: quantity(0, LARGEST_PAGES - 1)
      .optional()
      .describe('First page of the file.'),
    prot: z.string().regex(/^(?=.)r?w?x?$/, 'letters of `rwx` in this order'),
    flags: z.union([mapFlag, z.array(mapFlag)]),
    advice: z.enum(['normal', 'random', 'sequential']).optional(),
    populate: z.boolean().optional().describe('Every page is present from the start.'),
  });

  const start = z.union([
    z.strictObject({ atNs: nanoseconds }),
    z.strictObject({
      when: z.strictObject({
        task: z.string(),
        anchor: z.string(),
        count: quantity(1, 1_000_000).optional(),
      }),
    }),
  ]);

  return z.strictObject({
    $schema: z.string().optional(),
    version: z.literal(1),
    title: z.string().min(1),
    notes: z
      .array(z.string().min(1))
      .optional()
      .describe('Sentences that a report of a run ends with.'),
    machine: machine.optional(),
    parameters: z
      .record(
        symbolName,
        z.strictObject({ default: z.int(), min: z.int().optional(), max: z.int().optional() }),
      )
      .optional()
      .describe(
        'Numbers that can be set from outside; `"$NAME"` and symbols of programs use them.',
      ),
    files: z.array(file).max(13).optional(),
    processes: z
      .array(
        z.strictObject({
          name: z.string().min(1).max(60),
          limits: z
            .strictObject({
              stackBytes: quantity(PAGE_BYTES, MOST_BYTES)
                .optional()
                .describe('Most bytes of a stack (RLIMIT_STACK); 8 MiB when left out.'),
              addressSpaceBytes: quantity(PAGE_BYTES, MOST_BYTES)
                .optional()
                .describe('Most bytes that may be mapped (RLIMIT_AS); no limit when left out.'),
            })
            .optional()
            .describe('Limits of resources, as setrlimit() sets them.'),
          maps: z.array(map).optional(),
        }),
      )
      .min(1),
    tasks: z
      .array(
        z.strictObject({
          name: z.string().min(1).max(15),
          process: z.string(),
          count: quantity(0, MOST_TASKS)
            .optional()
            .describe('How many of them run, named NAME, NAME-2, NAME-3; 1 when left out.'),
          cpu: quantity(0, 7).optional(),
          program: z.string().min(1),
          args: z
            .array(quantity(-0x8000_0000, 0xffff_ffff))
            .max(ARGUMENT_REGISTERS.length)
            .optional()
            .describe(
              `What ${ARGUMENT_REGISTERS.join(', ')} hold at the start; "$copy" is the number of the copy, from 0.`,
            ),
          start: start.optional(),
        }),
      )
      .min(1)
      .max(16),
    events: z
      .array(buildEvent(quantity, start))
      .max(32)
      .optional()
      .describe('What happens to the programs from outside.'),
    duration: nanoseconds.optional().describe('Virtual nanoseconds after which the run ends.'),
    schedule: z.strictObject({ policy: z.string() }).optional(),
    expect: z.record(z.string().describe(KERNEL_WORDS), expectationSchema).optional(),
  });
}

/** One event: what, when, and on which kernels. */
function buildEvent<Q extends z.ZodType, S extends z.ZodType>(
  quantity: (minimum: number, maximum: number) => Q,
  start: S,
) {
  const pageIndex = quantity(0, LARGEST_PAGES - 1);
  const common = {
    at: start.describe('A time, or the arrival of a task at an anchor.'),
    only: z
      .array(z.string())
      .optional()
      .describe('Kernels on which it happens; all when left out.'),
  };
  /** The kernel does the work, in a task of its own. */
  const work = {
    ...common,
    cpu: quantity(0, 7)
      .optional()
      .describe('Where the kernel task runs; a CPU without tasks when left out.'),
  };
  return z.discriminatedUnion('do', [
    z
      .strictObject({
        ...work,
        do: z.literal('truncate'),
        file: z.string(),
        pages: quantity(0, LARGEST_PAGES).describe('The new size.'),
      })
      .describe('A file becomes shorter.'),
    z
      .strictObject({
        ...work,
        do: z.literal('evict'),
        file: z.string(),
        pages: z.union([z.literal('all'), z.array(pageIndex).min(1)]),
      })
      .describe('Reclaim takes pages out of the cache, unless they are in use.'),
    z
      .strictObject({
        ...common,
        do: z.literal('failRead'),
        file: z.string(),
        page: pageIndex,
        times: quantity(1, 1_000_000).optional().describe('1 when left out.'),
      })
      .describe('The next reads of a page fail.'),
    z
      .strictObject({
        ...work,
        do: z.literal('signal'),
        task: z.string(),
        signal: z.enum(SIGNAL_NAMES),
      })
      .describe('A task gets a signal; each of them kills.'),
    z
      .strictObject({
        ...work,
        do: z.literal('pressure'),
        frames: quantity(0, 32_768).describe('Page frames that are free from then on.'),
      })
      .describe('Memory becomes short, or ceases to be.'),
  ]);
}

/** A number as it must be in the end. */
function resolvedQuantity(minimum: number, maximum: number) {
  return z.int().min(minimum).max(maximum);
}

/** A number, or the name of a parameter. */
function authoredQuantity(minimum: number, maximum: number) {
  return z.union([
    resolvedQuantity(minimum, maximum),
    z.string().regex(PARAMETER_REFERENCE, 'a whole number or "$PARAMETER"'),
  ]);
}

/** How a scenario refers to a parameter. */
export const PARAMETER_REFERENCE = /^\$[A-Za-z_]\w*$/;

/** The schema of a file as a person writes it. */
export const authoredScenarioSchema = buildSchema(authoredQuantity);

/** The schema after parameters have been put in. */
export const resolvedScenarioSchema = buildSchema(resolvedQuantity);

/** A scenario in which every number is a number, with its tasks as its file lists them. */
export type ListedScenario = z.infer<typeof resolvedScenarioSchema>;
export type ListedTask = ListedScenario['tasks'][number];

/** A task that runs: what its file lists with `count` is several of them. */
export interface ScenarioTask extends Omit<ListedTask, 'count'> {
  /** Which entry of `tasks` it comes from. */
  readonly entry: number;
}

/** A scenario as it runs. */
export interface ScenarioData extends Omit<ListedScenario, 'tasks'> {
  readonly tasks: readonly ScenarioTask[];
}
export type ScenarioFile = NonNullable<ScenarioData['files']>[number];
export type ScenarioProcess = ScenarioData['processes'][number];
export type ScenarioMap = NonNullable<ScenarioProcess['maps']>[number];
export type ScenarioStart = NonNullable<ScenarioTask['start']>;
export type ScenarioEvent = NonNullable<ScenarioData['events']>[number];

/** The JSON schema for editors. */
export function scenarioJsonSchema(): unknown {
  return z.toJSONSchema(authoredScenarioSchema, { io: 'input' });
}
