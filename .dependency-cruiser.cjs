// The rooms of src and what each may import: the table of src/README.md in the form that a tool checks.
//
// A room may import itself, the rooms listed for it and the libraries listed for it, nothing else. A new room or a new
// import between rooms fails until the table says so. Node's built-ins are for the command line and the extension,
// `vscode` for the extension alone (the tool sees it as @types/vscode). `scripts/layers.mjs` runs the check and adds the
// rules on file names; `test/layers` plants a bad import for every rule here and watches it fail.

/** room -> paths of other rooms (regular expressions), npm packages, and whether Node's built-ins are allowed. */
const rooms = {
  base: {},
  bytecode: { rooms: ['base'] },
  c: { rooms: ['base', 'bytecode'] },
  machine: { rooms: ['base', 'bytecode'] },
  x86: { rooms: ['base', 'bytecode', 'machine/userCpu\\.ts$'] },
  kernel: { rooms: ['base', 'bytecode', 'machine'] },
  scenario: {
    rooms: ['base', 'bytecode', 'c', 'x86', 'machine', 'kernel'],
    packages: ['zod', 'jsonc-parser', 'diff'],
  },
  debugger: {
    rooms: ['base', 'bytecode', 'machine', 'kernel', 'c/evaluate\\.ts$', 'x86/disassemble\\.ts$'],
  },
  explore: { rooms: ['base', 'bytecode', 'machine', 'kernel'] },
  view: { rooms: ['base', 'bytecode', 'machine', 'kernel'] },
  adapter: {
    rooms: ['base', 'scenario', 'debugger', 'explore', 'view'],
    packages: ['@vscode/debugadapter', '@vscode/debugprotocol'],
  },
  extension: {
    rooms: [
      'base',
      'bytecode',
      'c',
      'machine',
      'x86',
      'kernel',
      'scenario',
      'debugger',
      'explore',
      'view',
      'adapter',
    ],
    packages: ['vscode', '@vscode/debugadapter', '@vscode/debugprotocol', 'jsonc-parser', 'zod'],
    hasNode: true,
  },
  webview: {
    rooms: ['base', 'view'],
    packages: ['preact', '@preact/signals'],
  },
  cli: {
    rooms: [
      'base',
      'bytecode',
      'c',
      'machine',
      'x86',
      'kernel',
      'scenario',
      'debugger',
      'explore',
      'view',
      'adapter',
    ],
    packages: ['commander', '@vscode/debugadapter', '@vscode/debugprotocol', 'jsonc-parser', 'zod'],
    hasNode: true,
  },
};

/** The places where an npm package is found; `vscode` has types only. */
function packagePath(name) {
  return name === 'vscode' ? '(^vscode$|node_modules/@types/vscode/)' : `node_modules/${name}/`;
}

/** What a room may not import: everything that its row of the table does not name. */
function roomRule(room, { rooms: others = [], packages = [], hasNode = false }) {
  const allowedRooms = [room, ...others].map((other) =>
    other.includes('$') ? `^src/${other}` : `^src/${other}/`,
  );
  return {
    name: `room-${room}`,
    comment: `src/${room} imports only what the table of rooms in src/README.md allows.`,
    severity: 'error',
    from: { path: `^src/${room}/` },
    to: {
      pathNot: [...allowedRooms, ...packages.map(packagePath)],
      ...(hasNode ? { dependencyTypesNot: ['core'] } : {}),
    },
  };
}

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...Object.entries(rooms).map(([room, row]) => roomRule(room, row)),
    {
      name: 'no-cycles',
      comment: 'No import cycles, type imports included.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'panel-sees-models-only',
      comment:
        'What the panel imports from view is plain models and messages: nothing that leads to the machine.',
      severity: 'error',
      from: { path: '^src/webview/' },
      to: {
        path: '^src/(bytecode|c|machine|x86|kernel|scenario|debugger|explore|adapter)/',
        reachable: true,
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.d.ts'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
  },
};
