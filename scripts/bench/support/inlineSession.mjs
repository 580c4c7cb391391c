// Debugs a scenario in an adapter inside this process, as VS Code does, and prints the times of its steps as JSON:
// `node … MEDIA SCENARIO`.
import { createSession } from '../../../src/adapter/createSession.ts';
import { createNodeAdapterHost } from '../../../src/cli/nodeAdapterHost.ts';
import { connectToSession } from './adapterClient.mjs';
import { goFar, OURS, timeSteps } from './sessionTimes.mjs';

const [mediaFolder, scenario] = process.argv.slice(2);
const environment = { workingFolder: process.cwd(), mediaFolder, write: () => undefined };
const session = createSession(createNodeAdapterHost(environment, () => undefined));
const client = connectToSession(session);
void goFar(client, { scenario })
  .then((threadId) => timeSteps(client, threadId, OURS))
  .then((times) => {
    console.log(JSON.stringify(times));
  });
