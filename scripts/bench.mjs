// `npm run bench`: how fast Faultline is, each figure beside a peer that says what it should be compared with.
//
//   npm run bench                  a table of everything
//   npm run bench -- compile       only the benchmarks with this text in their names
//   npm run bench -- --json        one line of JSON per benchmark: { name, ours, peer, unit, ratio }
//
// The benchmarks are in scripts/bench: every `.mjs` or `.ts` there exports `benchmarks`, a list of `{ name, ours, peer, unit }`,
// where `ours` and `peer` measure and return a figure, at once or as a promise. `ratio` is ours divided by the peer. A peer that
// is not installed (gcc) gives null. Those that measure dist/cli.js take it as it stands, so build first. The exit code is 1 when
// a benchmark does not do its work; slow is not wrong.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './paths.mjs';

const folder = path.join(root, 'scripts/bench');
const values = process.argv.slice(2);
const isJson = values.includes('--json');
const filter = values.find((value) => !value.startsWith('--')) ?? '';

try {
  if (!existsSync(path.join(root, 'dist/cli.js'))) {
    throw new Error('dist/cli.js is missing: run `npm run build` first.');
  }
  const modules = readdirSync(folder).filter((name) => /\.(?:mjs|ts)$/.test(name));
  let count = 0;
  for (const name of modules.sort()) {
    const { benchmarks } = await import(pathToFileURL(path.join(folder, name)).href);
    for (const benchmark of benchmarks) {
      if (!benchmark.name.includes(filter)) continue;
      count += 1;
      const row = await measure(benchmark);
      console.log(isJson ? JSON.stringify(row) : toTableLine(row));
    }
  }
  if (count === 0) throw new Error(`No benchmark has "${filter}" in its name.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function measure({ name, ours, peer, unit }) {
  const row = { name, ours: round(await ours()), peer: round(await peer()), unit };
  return { ...row, ratio: round(row.ours / row.peer) };
}

/** Four digits are more than the figures are worth. */
function round(value) {
  return Number.isFinite(value) ? Number(value.toPrecision(4)) : NaN;
}

function toTableLine({ name, ours, peer, unit, ratio }) {
  const figures = [`${ours} ${unit}`, `peer ${peer} ${unit}`, `x${ratio}`];
  return [name.padEnd(76), ...figures.map((figure) => figure.padStart(18))].join(' ');
}
