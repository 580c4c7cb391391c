// `npm run csmith`: random programs of csmith, compared between gcc -m32 -O0 and `faultline cc`.
//
//   npm run csmith -- --from 1 --count 1000     consecutive seeds, csmith's default options and --no-float
//   npm run csmith -- --cc=--no-checks          an option for `faultline cc`; may be repeated
//   npm run csmith -- --csmith=--builtins       an option for csmith; may be repeated
//   --workers 2   --keep FOLDER (test-results/csmith)
//
// It measures dist/cli.js as it stands, so build first. A seed agrees when both programs print the same and end with the
// same status. It is dropped only when gcc's binary takes more than 0.2 s of processor time. Programs that differ, that we
// refuse or that never end stay in the folder, with what both sides said; the exit code is 1 when there are any.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { copyRuntime, runtimeFolder } from './csmith/runtime.mjs';
import { projectNode, root } from './paths.mjs';

/** Processor time of gcc's binary from which a seed does not count: it may never end, which csmith allows. */
const gccSeconds = 0.2;
/** Wall time after which we give up waiting for our side, in milliseconds; far beyond what a seed that counts needs. */
const ourPatience = 600_000;

const { values } = parseArgs({
  options: {
    from: { type: 'string', default: '1' },
    count: { type: 'string', default: '100' },
    workers: { type: 'string', default: String(Math.min(2, availableParallelism())) },
    keep: { type: 'string', default: path.join(root, 'test-results/csmith') },
    cc: { type: 'string', multiple: true, default: [] },
    csmith: { type: 'string', multiple: true, default: [] },
  },
});
const first = Number(values.from);
const end = first + Number(values.count);
const cli = path.join(root, 'dist/cli.js');
if (!existsSync(cli)) {
  console.error('dist/cli.js is missing: run `npm run build` first.');
  process.exit(2);
}

const scratch = mkdtempSync(path.join(tmpdir(), 'faultline-csmith-'));
mkdirSync(values.keep, { recursive: true });
copyRuntime(scratch);
const counts = { agree: 0, dropped: 0, differ: 0, refused: 0, slow: 0, failed: 0 };
let next = first;
try {
  await Promise.all(Array.from({ length: Number(values.workers) }, work));
} finally {
  rmSync(scratch, { recursive: true });
}
console.log(`seeds ${first} to ${end - 1}: ${describeCounts()}`);
process.exitCode = counts.differ + counts.refused + counts.slow + counts.failed > 0 ? 1 : 0;

function describeCounts() {
  return Object.entries(counts)
    .map(([verdict, count]) => `${count} ${verdict}`)
    .join(', ');
}

async function work() {
  while (next < end) {
    const seed = next++;
    const source = path.join(scratch, `${seed}.c`);
    const binary = path.join(scratch, String(seed));
    const { verdict, detail } = await compare(seed, source, binary);
    counts[verdict] += 1;
    if (verdict !== 'agree' && verdict !== 'dropped') {
      console.log(`seed ${seed}: ${verdict}`);
      await rename(source, path.join(values.keep, `${seed}.c`));
      await writeFile(path.join(values.keep, `${seed}.txt`), detail);
    }
    await rm(source, { force: true });
    await rm(binary, { force: true });
    const done = Object.values(counts).reduce((sum, count) => sum + count, 0);
    if (done % 50 === 0) console.log(`${done} seeds: ${describeCounts()}`);
  }
}

/** What became of a seed, and the words of both sides. */
async function compare(seed, source, binary) {
  const made = await run('csmith', ['--no-float', ...values.csmith, '--seed', String(seed)]);
  if (made.status !== 0) return { verdict: 'failed', detail: `csmith: ${made.stderr}` };
  await writeFile(source, made.stdout);
  const flags = ['-m32', '-O0', '-std=gnu99', '-w', '-I', runtimeFolder];
  const built = await run('gcc', [...flags, source, '-o', binary]);
  if (built.status !== 0) return { verdict: 'failed', detail: `gcc: ${built.stderr}` };
  // The shell ends what takes more than a second of processor time, however busy the machine is.
  const script = `ulimit -t 1; TIMEFORMAT='%U %S'; time "$0"`;
  const theirs = await run('bash', ['-c', script, binary]);
  const seconds = theirs.stderr.trim().split(/\s+/).slice(-2).map(Number);
  if (!(seconds[0] + seconds[1] <= gccSeconds)) return { verdict: 'dropped' };
  const ours = await run(projectNode(), [cli, 'cc', '-I', scratch, ...values.cc, source]);
  const isSame = ours.status === theirs.status && ours.stdout === theirs.stdout;
  const words = ({ status, stdout, stderr }) => `status ${status}\n${stdout}\n${stderr}\n`;
  const detail = `gcc: ${words(theirs)}\nours: ${words(ours)}`;
  if (ours.isEnded || ours.status === 3) return { verdict: 'slow', detail };
  if (ours.status === 2) return { verdict: 'refused', detail };
  return { verdict: isSame ? 'agree' : 'differ', detail };
}

/** Runs a program to its end or to the end of our patience. */
function run(program, args) {
  const options = {
    timeout: ourPatience,
    killSignal: 'SIGKILL',
    maxBuffer: 64 * 1024 * 1024,
    cwd: scratch,
  };
  return new Promise((resolve) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      const isEnded = error?.killed === true;
      const status = error === null ? 0 : (error.code ?? error.signal);
      resolve({ status, stdout, stderr, isEnded });
    });
  });
}
