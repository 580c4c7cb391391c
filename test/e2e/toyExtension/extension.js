// A toy debugger for the self-test of the end-to-end harness: it "runs" a text file line by line.
//
// Each line is one step and the only variable is the line's text, so every helper of the harness has something to read:
// breakpoints, call stack, variables, console, panel. It shares no code with Faultline on purpose.
'use strict';
const fs = require('node:fs');
const vscode = require('vscode');

class ToyAdapter {
  constructor() {
    this.emitter = new vscode.EventEmitter();
    this.onDidSendMessage = this.emitter.event;
    this.line = 1;
    this.breakpoints = new Map();
  }

  handleMessage(request) {
    const args = request.arguments ?? {};
    const body = this[request.command]?.(args) ?? {};
    this.emitter.fire({
      type: 'response',
      seq: 0,
      request_seq: request.seq,
      success: true,
      command: request.command,
      body,
    });
    this.after?.();
    this.after = undefined;
  }

  event(event, body = {}) {
    this.emitter.fire({ type: 'event', seq: 0, event, body });
  }

  stop(reason) {
    this.event('stopped', { reason, threadId: 1, allThreadsStopped: true });
  }

  initialize() {
    this.after = () => this.event('initialized');
    return {
      supportsConfigurationDoneRequest: true,
      supportsStepBack: true,
      supportsEvaluateForHovers: true,
    };
  }

  launch({ program }) {
    this.program = program;
    this.lines = fs.readFileSync(program, 'utf8').trimEnd().split('\n');
  }

  configurationDone() {
    this.after = () => this.stop('entry');
  }

  setBreakpoints({ source, breakpoints }) {
    this.breakpoints.set(
      source.path,
      breakpoints.map(({ line }) => line),
    );
    return { breakpoints: breakpoints.map(({ line }) => ({ verified: true, line })) };
  }

  threads() {
    return { threads: [{ id: 1, name: 'reader' }] };
  }

  stackTrace() {
    const source = { path: this.program, name: 'toy.txt' };
    const stackFrames = [
      { id: 1, name: 'readLine', source, line: this.line, column: 1 },
      { id: 2, name: 'main', source, line: 1, column: 1 },
    ];
    return { stackFrames, totalFrames: 2 };
  }

  scopes() {
    return { scopes: [{ name: 'Locals', variablesReference: 1, expensive: false }] };
  }

  variables({ variablesReference }) {
    const text = this.lines[this.line - 1];
    if (variablesReference === 1) {
      return {
        variables: [
          { name: 'text', value: JSON.stringify(text), variablesReference: 0 },
          { name: 'letters', value: `char[${text.length}]`, variablesReference: 2 },
        ],
      };
    }
    const letters = [...text];
    return {
      variables: letters.map((value, i) => ({ name: `[${i}]`, value, variablesReference: 0 })),
    };
  }

  evaluate({ expression }) {
    return { result: `${expression} at line ${this.line}`, variablesReference: 0 };
  }

  next() {
    this.after = () => this.moveTo(this.line + 1, 'step');
  }

  stepBack() {
    this.after = () => this.moveTo(Math.max(1, this.line - 1), 'step');
  }

  continue() {
    const targets = (this.breakpoints.get(this.program) ?? []).filter((line) => line > this.line);
    this.after = () =>
      this.moveTo(targets.length > 0 ? Math.min(...targets) : Infinity, 'breakpoint');
    return { allThreadsContinued: true };
  }

  moveTo(line, reason) {
    if (line > this.lines.length) {
      this.event('output', { category: 'stdout', output: 'the toy has ended\n' });
      this.event('exited', { exitCode: 0 });
      this.event('terminated');
      return;
    }
    this.line = line;
    this.stop(reason);
  }

  dispose() {}
}

/** Registers the toy debugger and a panel with one button that counts. */
exports.activate = (context) => {
  context.subscriptions.push(
    vscode.debug.registerDebugAdapterDescriptorFactory('toy', {
      createDebugAdapterDescriptor: () =>
        new vscode.DebugAdapterInlineImplementation(new ToyAdapter()),
    }),
    vscode.debug.registerDebugConfigurationProvider('toy', {
      resolveDebugConfiguration: (_folder, configuration) =>
        configuration.type
          ? configuration
          : {
              type: 'toy',
              name: 'Toy',
              request: 'launch',
              program: vscode.window.activeTextEditor?.document.fileName,
            },
    }),
    vscode.commands.registerCommand('toy.panel', () => {
      const panel = vscode.window.createWebviewPanel('toy', 'Toy Panel', vscode.ViewColumn.Beside, {
        enableScripts: true,
      });
      panel.webview.html =
        '<button id="count" onclick="this.textContent = Number(this.textContent) + 1">0</button>';
    }),
  );
};
