// VS Code from npm: the package `code-server` contains VS Code's own server and workbench, which run without a desktop.
//
// `npm start` serves it to a person when there is no desktop VS Code, and the end-to-end tests drive it with a browser.
// The package is installed once into the cache folder, outside the project's node_modules. The server is VS Code's own
// (`lib/vscode/out/server-main.js`), not code-server's wrapper around it. Whoever starts a server ends that server,
// by its process id, and nothing else.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { get } from 'node:http';
import { createServer } from 'node:net';
import path from 'node:path';
import { cacheFolder, projectNode } from './paths.mjs';

/** The version of code-server that the tests are known to work with; it contains VS Code 1.139.1. */
const codeServerVersion = '4.139.1';

/**
 * Installs VS Code's server into the cache folder unless it is there, and returns the path of its main script.
 * Two installations at a time are harmless: each works in its own folder and the first one to finish is kept.
 * Errors: throws when npm fails. Cost: about ten seconds and 300 MB the first time.
 */
export function installVscodeServer({ log = console.log } = {}) {
  const target = path.join(cacheFolder(), `code-server-${codeServerVersion}`);
  if (!existsSync(target)) {
    log(`Installing VS Code's server (code-server ${codeServerVersion}) into ${target} ...`);
    mkdirSync(cacheFolder(), { recursive: true });
    const work = mkdtempSync(path.join(cacheFolder(), 'installing-'));
    runNpm(['init', '--yes'], work);
    runNpm(['install', '--ignore-scripts', `code-server@${codeServerVersion}`], work);
    const vscode = path.join(work, 'node_modules', 'code-server', 'lib', 'vscode');
    runNpm(['install', '--omit=dev', '--ignore-scripts'], vscode);
    symlinkSync('node_modules', path.join(vscode, 'node_modules.asar'), 'junction');
    try {
      renameSync(work, target);
    } catch (error) {
      rmSync(work, { recursive: true, force: true });
      if (!existsSync(target)) throw error;
    }
  }
  return path.join(target, 'node_modules/code-server/lib/vscode/out/server-main.js');
}

/** Runs npm in a folder with the project's Node first on the PATH. Errors: throws with npm's own output. */
function runNpm(args, cwd) {
  const nodeFolder = path.dirname(projectNode());
  const result = spawnSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    env: { ...process.env, PATH: `${nodeFolder}${path.delimiter}${process.env['PATH'] ?? ''}` },
  });
  if (result.status !== 0) {
    throw new Error(`npm ${args.join(' ')} failed in ${cwd}:\n${result.stdout}${result.stderr}`);
  }
}

/** Installs a packaged extension into a folder of extensions. Errors: throws with the server's own output. */
export function installVsix({ serverMain, vsix, extensionsDir, serverDataDir }) {
  const result = spawnSync(
    projectNode(),
    [
      serverMain,
      '--accept-server-license-terms',
      '--install-extension',
      vsix,
      '--extensions-dir',
      extensionsDir,
      '--server-data-dir',
      serverDataDir,
    ],
    { encoding: 'utf8' },
  );
  if (result.status !== 0 || !/successfully installed/i.test(result.stdout)) {
    throw new Error(`Installing ${vsix} failed:\n${result.stdout}${result.stderr}`);
  }
}

/**
 * Starts VS Code's server on a free loopback port and waits until it answers.
 *
 * With a `connectionToken` only the holder of the token gets in. Without one the server is an open shell for every user
 * of this machine: for tests only. `smokeTest` makes the workbench accept development paths in its address.
 * `env` is added to the environment of the server; `onOutput` receives what it prints.
 * Errors: rejects when the server ends or does not answer within 60 seconds.
 */
export async function startVscodeServer({
  serverMain,
  serverDataDir,
  extensionsDir,
  connectionToken,
  smokeTest = false,
  env = {},
  onOutput = () => {},
}) {
  const port = await findFreePort();
  const args = [
    serverMain,
    '--accept-server-license-terms',
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--server-data-dir',
    serverDataDir,
    '--extensions-dir',
    extensionsDir,
    '--disable-telemetry',
    '--telemetry-level',
    'off',
    '--disable-workspace-trust',
  ];
  if (connectionToken === undefined) args.push('--without-connection-token');
  else args.push('--connection-token', connectionToken);
  if (smokeTest) args.push('--enable-smoke-test-driver');

  const child = spawn(projectNode(), args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    env: { ...process.env, ...env },
  });
  child.stdout.on('data', (data) => onOutput(String(data)));
  child.stderr.on('data', (data) => onOutput(String(data)));
  const ended = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
  // Whatever ends this process, the server does not outlive it.
  const endNow = () => signalGroup(child, 'SIGKILL');
  process.once('exit', endNow);
  void ended.then(() => process.removeListener('exit', endNow));

  const origin = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + 60_000;
  while (!(await answers(`${origin}/version`))) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`VS Code's server ended with code ${child.exitCode} before it was ready.`);
    }
    if (Date.now() > deadline) {
      await stop(child, ended);
      throw new Error("VS Code's server did not answer within 60 seconds.");
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { origin, port, pid: child.pid, ended, stop: () => stop(child, ended) };
}

/** Ends a server and the processes that it started (extension hosts), and waits until it is gone. */
async function stop(child, ended) {
  if (child.exitCode === null && child.signalCode === null) {
    signalGroup(child, 'SIGTERM');
    const killer = setTimeout(() => signalGroup(child, 'SIGKILL'), 5_000);
    await ended;
    clearTimeout(killer);
  }
  signalGroup(child, 'SIGKILL');
}

/** The server leads its own process group, so its extension hosts go with it and nobody else does. */
function signalGroup(child, signal) {
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** A port of the loopback interface that nobody listens on at this moment. */
function findFreePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Whether anything answers at an address, whatever the answer is. */
function answers(url) {
  return new Promise((resolve) => {
    const request = get(url, (response) => {
      response.resume();
      resolve(true);
    });
    request.once('error', () => resolve(false));
    request.setTimeout(2_000, () => request.destroy());
  });
}
