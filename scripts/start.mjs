// `npm start`: from a fresh clone to VS Code with Faultline installed and a lab folder open.
//
//   npm start               the desktop VS Code when `code` is on the PATH, else one served to the browser
//   npm start -- --serve    always the served one
//
// It installs dependencies when they are missing, builds and packages the extension, makes a lab folder in a scratch
// place and opens it. Extensions, settings and state live in that scratch place too: nothing of the user's own VS Code
// is touched. The served VS Code listens on a free port of the loopback interface and lets in only who has the token in
// the printed address; it runs until Ctrl-C. Workspace Trust is off, because the only folder in it was just written by
// this script. Runs on Node 20 with built-ins only until the dependencies are there.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  accessSync,
  constants,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectNode, root } from './paths.mjs';
import { installDependencies } from './setup.mjs';
import { installVscodeServer, installVsix, startVscodeServer } from './vscodeServer.mjs';

const vsix = path.join(root, 'faultline.vsix');

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function main(args) {
  const unknown = args.find((arg) => arg !== '--serve');
  if (unknown !== undefined) {
    console.error(`Unknown option ${unknown}. Usage: npm start [-- --serve]`);
    return 2;
  }
  installDependencies();
  runProjectScript('scripts/package.mjs', '--unchecked');

  const scratch = mkdtempSync(path.join(tmpdir(), 'faultline-'));
  const lab = path.join(scratch, 'lab');
  runProjectScript('dist/cli.js', 'lab', lab);

  const desktop = args.includes('--serve') ? undefined : findOnPath('code');
  if (desktop !== undefined) {
    if (openDesktop(desktop, scratch, lab)) return 0;
    console.log('The desktop VS Code did not open; serving one to the browser instead.');
  }
  await serve(scratch, lab);
  return 0;
}

/** Runs one of the project's scripts with the project's Node. Errors: throws when it fails. */
function runProjectScript(script, ...args) {
  const result = spawnSync(projectNode(), [path.join(root, script), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  if (result.status !== 0) throw new Error(`${script} failed; its messages are above.`);
}

/** The full path of a program on the PATH, or undefined. */
function findOnPath(name) {
  const endings = process.platform === 'win32' ? ['.cmd', '.exe'] : [''];
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
    for (const ending of endings) {
      const file = path.join(folder, name + ending);
      if (folder !== '' && isExecutable(file)) return file;
    }
  }
  return undefined;
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Opens the desktop VS Code with scratch extensions and settings; false when it refuses. */
function openDesktop(code, scratch, lab) {
  const userDataDir = path.join(scratch, 'user-data');
  const scratchDirs = [
    '--extensions-dir',
    path.join(scratch, 'extensions'),
    '--user-data-dir',
    userDataDir,
  ];
  if (process.getuid?.() === 0) scratchDirs.push('--no-sandbox');
  const run = (args) =>
    spawnSync(quote(code), args.map(quote), {
      stdio: 'inherit',
      shell: process.platform === 'win32',
    }).status === 0;
  if (!run([...scratchDirs, '--install-extension', vsix, '--force'])) return false;
  if (!run([...scratchDirs, '--disable-workspace-trust', '--new-window', lab])) return false;
  console.log(`\nVS Code opens with the lab folder ${lab}\nPress F5 there to start debugging.`);
  return true;
}

/** `code` is a batch file on Windows and needs the shell, so its arguments need quotes. */
function quote(text) {
  return process.platform === 'win32' ? `"${text}"` : text;
}

/** Serves VS Code to the browser until Ctrl-C. */
async function serve(scratch, lab) {
  const serverMain = installVscodeServer();
  const serverDataDir = path.join(scratch, 'server-data');
  const extensionsDir = path.join(scratch, 'extensions');
  writeFirstSettings(serverDataDir);
  installVsix({ serverMain, vsix, extensionsDir, serverDataDir });

  const connectionToken = randomBytes(16).toString('hex');
  const server = await startVscodeServer({
    serverMain,
    serverDataDir,
    extensionsDir,
    connectionToken,
  });
  const address = `${server.origin}/?folder=${encodeURIComponent(toUrlPath(lab))}&tkn=${connectionToken}`;
  console.log(`
VS Code is ready. Open this address in a browser on this machine:

    ${address}

Press F5 there to start debugging. The lab folder is ${lab}
Press Ctrl-C here to end it.`);

  const asked = new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
      process.once(signal, () => resolve('asked'));
  });
  const why = await Promise.race([asked, server.ended]);
  await server.stop();
  for (const folder of [serverDataDir, extensionsDir]) {
    rmSync(folder, { recursive: true, force: true });
  }
  if (why !== 'asked') throw new Error("VS Code's server ended by itself.");
  console.log(`\nEnded. The lab folder stays at ${lab}`);
}

/** Settings for a first look at an unfamiliar tool: no welcome tabs of others, no chat beside the lesson. */
function writeFirstSettings(serverDataDir) {
  const folder = path.join(serverDataDir, 'data', 'Machine');
  mkdirSync(folder, { recursive: true });
  const settings = {
    'workbench.startupEditor': 'none',
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    'chat.disableAIFeatures': true,
  };
  writeFileSync(path.join(folder, 'settings.json'), `${JSON.stringify(settings, null, 2)}\n`);
}

/** A folder as VS Code's address wants it: forward slashes and a leading one. */
function toUrlPath(folder) {
  const forward = folder.replaceAll('\\', '/');
  return forward.startsWith('/') ? forward : `/${forward}`;
}
