// Launches a scenario in an adapter inside this process, as VS Code does, and prints how many milliseconds passed between the
// `launch` request and the `stopped` event: `node … MEDIA SCENARIO [KERNEL]`.
import { performance } from 'node:perf_hooks';
import { createSession } from '../../../src/adapter/createSession.ts';
import { createNodeAdapterHost } from '../../../src/cli/nodeAdapterHost.ts';

const [mediaFolder, scenario, kernel = 'patched'] = process.argv.slice(2);
const environment = { workingFolder: process.cwd(), mediaFolder, write: () => undefined };
const session = createSession(createNodeAdapterHost(environment, () => undefined));
let seq = 0;
let started = 0;

session.onDidSendMessage((message) => {
  if (message.type === 'response' && message.success === false) throw new Error(message.message);
  if (message.event === 'initialized') send('configurationDone', {});
  if (message.event === 'stopped') {
    console.log(performance.now() - started);
    process.exit(0);
  }
});
send('initialize', { adapterID: 'faultline' });
started = performance.now();
send('launch', { scenario, kernel });

function send(command, values) {
  seq += 1;
  session.handleMessage({ seq, type: 'request', command, arguments: values });
}
