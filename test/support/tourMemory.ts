/**
 * The machine of a tour over a debug session in memory, for tests that take tours.
 */
import { FaultlineSession } from '../../src/adapter/session.ts';
import type { PanelState } from '../../src/view/panelState.ts';
import type { MomentTarget, MoveResult } from '../../src/view/protocol.ts';
import type { TourMachine } from '../../src/view/tourRun.ts';
import { createTestHost } from './adapterHost.ts';
import { DapClient } from './dapClient.ts';

/** The machine of a tour. */
export class TourMemory implements TourMachine {
  private client = new DapClient(new FaultlineSession(createTestHost()));

  async start(scenario: string, kernel: string): Promise<void> {
    this.client = new DapClient(new FaultlineSession(createTestHost()));
    await this.client.ask('initialize', { adapterID: 'faultline', clientID: 'vscode' });
    await this.client.ask('launch', { scenario, kernel, stopOnEntry: true });
    const stop = this.client.waitFor('stopped');
    await this.client.ask('configurationDone');
    await stop;
  }

  async seek(moment: MomentTarget): Promise<MoveResult> {
    return (await this.client.ask('faultline/seek', { moment })) as MoveResult;
  }

  async state(): Promise<PanelState> {
    const { state } = (await this.client.ask('faultline/state')) as { readonly state: PanelState };
    return state;
  }

  readonly evaluateNumber = async (
    expression: string,
    functionName: string | undefined,
  ): Promise<number | undefined> => {
    const { stoppedTaskId } = await this.state();
    const { stackFrames } = (await this.client.ask('stackTrace', { threadId: stoppedTaskId })) as {
      readonly stackFrames: readonly { readonly id: number; readonly name: string }[];
    };
    const frame = stackFrames.find(
      ({ name }) => functionName === undefined || name.startsWith(functionName),
    );
    const { result } = (await this.client.ask('evaluate', {
      expression,
      frameId: frame?.id,
      context: 'watch',
    })) as { readonly result: string };
    const digits = /-?0x[0-9a-f]+|-?\d+/i.exec(result);
    return digits === null ? undefined : Number(digits[0]);
  };
}
