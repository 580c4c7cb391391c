// What only the extension host can see: activation, sessions through the API, the requests and events of the adapter.
//
// The journeys beside this folder press keys; these cases use the API, and run under the served and the desktop VS Code
// alike. A case is a name and a function that throws when something is wrong.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';

/** One check inside the extension host; the text that it may return is reported with its result. */
export interface InHostCase {
  name: string;
  run: () => Promise<string | undefined> | Promise<void>;
}

/** The identifier of the extension: publisher and name. */
const extensionId = 'faultline.faultline';

/** All cases, in the order in which they run. */
export const cases: InHostCase[] = [
  {
    name: 'the extension is there and activates',
    run: async () => {
      const extension = vscode.extensions.getExtension(extensionId);
      assert.ok(extension, `${extensionId} is not installed`);
      await extension.activate();
      assert.equal(extension.isActive, true);
    },
  },
  {
    name: 'every command of package.json is registered',
    run: async () => {
      const extension = vscode.extensions.getExtension<unknown>(extensionId);
      const manifest = extension?.packageJSON as {
        contributes: { commands: { command: string }[] };
      };
      const registered = new Set(await vscode.commands.getCommands(true));
      const missing = manifest.contributes.commands
        .map(({ command }) => command)
        .filter((command) => !registered.has(command));
      assert.deepEqual(missing, []);
    },
  },
  {
    name: 'a launch stops at the entry of do_page_fault and ends cleanly',
    run: async () => {
      const stopped = waitForStop();
      const hasStarted = await vscode.debug.startDebugging(undefined, {
        type: 'faultline',
        request: 'launch',
        name: 'in-host',
        scenario: 'cold-fault-with-mmap',
        kernel: 'patched',
      });
      assert.equal(hasStarted, true);
      const { session, threadId } = await stopped;
      const { stackFrames } = (await session.customRequest('stackTrace', { threadId })) as {
        stackFrames: { name: string; source?: { path?: string } }[];
      };
      const [top] = stackFrames;
      assert.match(top?.name ?? '', /do_page_fault/);
      assert.match(top?.source?.path ?? '', /fault\.c$/);

      const ended = waitForEnd(session);
      await vscode.debug.stopDebugging(session);
      await ended;
    },
  },
  {
    name: 'Restart With Other Kernel goes there and back between the pair, and asks on other kernels',
    run: async () => {
      const kernelOf = ({ session }: Stop): unknown => session.configuration['kernel'];
      const restart = (): Thenable<unknown> =>
        vscode.commands.executeCommand('faultline.restartWithOtherKernel');
      let stopped = waitForStop();
      await vscode.debug.startDebugging(undefined, {
        type: 'faultline',
        request: 'launch',
        name: 'in-host',
        scenario: 'cold-fault-with-mmap',
        kernel: 'patched',
      });
      await stopped;
      for (const kernel of ['unpatched', 'patched']) {
        stopped = waitForStop();
        await restart();
        assert.equal(kernelOf(await stopped), kernel);
      }

      const { session } = await stopped;
      const ended = waitForEnd(session);
      await vscode.debug.stopDebugging(session);
      await ended;
      stopped = waitForStop();
      await vscode.debug.startDebugging(undefined, {
        type: 'faultline',
        request: 'launch',
        name: 'in-host',
        scenario: 'cold-fault-with-mmap',
        kernel: 'mainline',
      });
      await stopped;
      stopped = waitForStop();
      const isOver = { restart: false };
      const restarted = restart().then(() => {
        isOver.restart = true;
      });
      // The list opens in its own time; until it does, there is nothing to accept.
      while (!isOver.restart) {
        await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      await restarted;
      const last = await stopped;
      assert.equal(kernelOf(last), 'unpatched');
      const lastEnded = waitForEnd(last.session);
      await vscode.debug.stopDebugging(last.session);
      await lastEnded;
    },
  },
  {
    name: 'fifty steps each stop once, and the time that the adapter takes for them is told',
    run: async () => {
      const watch = watchStops();
      const first = watch.next();
      await vscode.debug.startDebugging(undefined, {
        type: 'faultline',
        request: 'launch',
        name: 'in-host',
        scenario: 'cold-fault-with-mmap',
        kernel: 'patched',
      });
      const { session, threadId } = await first;
      const times: number[] = [];
      for (let step = 0; step < 50; step += 1) {
        const stopped = watch.next();
        await session.customRequest('stepIn', { threadId });
        times.push((await stopped).adapterMs);
        // What VS Code itself asks for at a stop is answered before the next step.
        await session.customRequest('stackTrace', { threadId });
      }
      watch.dispose();
      const ended = waitForEnd(session);
      await vscode.debug.stopDebugging(session);
      await ended;
      times.sort((a, b) => a - b);
      const at = (part: number): string =>
        (times[Math.floor(part * (times.length - 1))] ?? 0).toFixed(2);
      return `the adapter's share of a step in VS Code: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`;
    },
  },
];

interface Stop {
  session: vscode.DebugSession;
  threadId: number;
  /** From the last `stepIn` that the adapter received to this stop, in milliseconds. */
  adapterMs: number;
}

/** Watches the `stopped` events of the sessions that start from now on. */
function watchStops(): { next(): Promise<Stop>; dispose(): void } {
  let take: ((stop: Stop) => void) | undefined;
  let askedAt = 0;
  const tracker = vscode.debug.registerDebugAdapterTrackerFactory('faultline', {
    createDebugAdapterTracker: (session) => ({
      onWillReceiveMessage: (message: { command?: string }) => {
        if (message.command === 'stepIn') askedAt = performance.now();
      },
      onDidSendMessage: (message: { event?: string; body?: { threadId?: number } }) => {
        if (message.event !== 'stopped') return;
        const adapterMs = performance.now() - askedAt;
        take?.({ session, threadId: message.body?.threadId ?? 0, adapterMs });
      },
    }),
  });
  return {
    next: () =>
      new Promise((resolve) => {
        take = resolve;
      }),
    dispose: () => {
      tracker.dispose();
    },
  };
}

/** Waits for the first `stopped` event of a Faultline session that starts from now on. */
async function waitForStop(): Promise<Stop> {
  const watch = watchStops();
  const stop = await watch.next();
  watch.dispose();
  return stop;
}

/** Waits until a session has ended. */
function waitForEnd(session: vscode.DebugSession): Promise<void> {
  return new Promise((resolve) => {
    const listener = vscode.debug.onDidTerminateDebugSession((ended) => {
      if (ended.id !== session.id) return;
      listener.dispose();
      resolve();
    });
  });
}
