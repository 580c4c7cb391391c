// Programs that come from the system, for the oracles and the end-to-end tests: gcc with 32-bit support, binutils,
// csmith, Emacs with dap-mode, Chromium, lldb. On Debian and its relatives what is missing is installed by apt-get, as root or by
// sudo without a password; elsewhere the error names what to install. Command line: node scripts/systemTools.mjs chromium csmith ...
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Tool -> the Debian packages that have it and how to see that it is there. */
const tools = {
  gcc32: {
    packages: ['gcc', 'gcc-multilib'],
    isThere: () =>
      runs(
        'gcc',
        ['-m32', '-x', 'c', '-', '-o', '/dev/null'],
        '#include <stdio.h>\nint main(void) { return 0; }\n',
      ),
  },
  binutils: {
    packages: ['binutils'],
    isThere: () => runs('as', ['--version']) && runs('objdump', ['--version']),
  },
  csmith: { packages: ['csmith', 'libcsmith-dev'], isThere: () => runs('csmith', ['--version']) },
  emacs: {
    packages: ['emacs-nox', 'elpa-dap-mode'],
    isThere: () => runs('emacs', ['--batch', '--no-init-file', '--eval', "(require 'dap-mode)"]),
  },
  lldb: {
    packages: ['lldb'],
    isThere: () => runs('lldb-vscode', ['--help']) || runs('lldb-vscode-14', ['--help']),
  },
  chromium: {
    packages: ['chromium', 'fonts-dejavu-core'],
    isThere: () =>
      existsSync(process.env['FAULTLINE_CHROMIUM'] ?? '/usr/bin/chromium') ||
      existsSync('/usr/bin/google-chrome'),
  },
};

/** Installs the named tools that are missing. Errors: throws, naming what is still missing and how to get it. */
export function ensureTools(names) {
  const missing = names.filter((name) => !tools[name].isThere());
  if (missing.length === 0) return;
  const packages = missing.flatMap((name) => tools[name].packages);
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  if (runs('apt-get', ['--version'])) {
    // Standard output may be a table or lines of JSON.
    console.error(`Installing ${packages.join(', ')} ...`);
    const apt = (args) => {
      const [command, ...rest] = [
        ...asRoot,
        'env',
        'DEBIAN_FRONTEND=noninteractive',
        'apt-get',
        ...args,
      ];
      return spawnSync(command, rest, { encoding: 'utf8' });
    };
    apt(['update', '-qq']);
    const installed = apt(['install', '-y', '-qq', '--no-install-recommends', ...packages]);
    if (installed.status !== 0) console.error(`${installed.stdout ?? ''}${installed.stderr ?? ''}`);
  }
  const stillMissing = missing.filter((name) => !tools[name].isThere());
  if (stillMissing.length > 0) {
    throw new Error(
      `Missing: ${stillMissing.join(', ')}. Install ${packages.join(', ')} (Debian: apt-get install ${packages.join(' ')}).`,
    );
  }
}

/** Whether a program exists and succeeds. */
function runs(command, args, input = '') {
  // csmith leaves a file about the platform where it is started.
  return spawnSync(command, args, { input, encoding: 'utf8', cwd: tmpdir() }).status === 0;
}

if (
  process.argv[1] !== undefined &&
  path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)
) {
  try {
    ensureTools(process.argv.slice(2));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
