// Starts `faultline dap` and prints how many milliseconds passed from there to the first `stopped` event: `node … CLI SCENARIO [KERNEL]`.
import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';

const [cli, scenario, kernel = 'patched'] = process.argv.slice(2);
const started = performance.now();
const adapter = spawn(process.execPath, [cli, 'dap'], { stdio: ['pipe', 'pipe', 'inherit'] });
let seq = 0;
let received = '';

adapter.stdout.setEncoding('utf8');
adapter.stdout.on('data', (text) => {
  const before = received.length;
  received += text;
  const has = (event) => received.includes(`"event":"${event}"`, Math.max(0, before - 50));
  if (has('initialized') && seq < 3) send('configurationDone', {});
  if (!has('stopped')) return;
  console.log(performance.now() - started);
  adapter.stdin.end();
});
send('initialize', { adapterID: 'faultline' });
send('launch', { scenario, kernel });

function send(command, values) {
  seq += 1;
  const text = JSON.stringify({ seq, type: 'request', command, arguments: values });
  adapter.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
}
