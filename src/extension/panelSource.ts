/**
 * What the panel asks: the debug session of the window, or a run that is only looked at.
 */
import type { CustomRequestName, CustomRequests } from '../view/protocol.ts';

export interface PanelSource {
  /** Sends a custom request. Errors: rejects with a sentence when it is refused. */
  request<N extends CustomRequestName>(
    name: N,
    args: CustomRequests[N]['arguments'],
  ): Promise<CustomRequests[N]['result']>;
  /** The same for arguments that only the adapter checks. */
  requestOf(name: CustomRequestName, args: Readonly<Record<string, unknown>>): Promise<unknown>;
}
