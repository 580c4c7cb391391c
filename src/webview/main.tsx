/** The panel's entry: opens the port, renders, says that it is ready. */
import { render } from 'preact';
import './main.css';
import { Panel } from './panel.tsx';
import { receive } from './panelModel.ts';
import { openPort } from './port.ts';

const root = document.getElementById('root');
if (root !== null) {
  const port = openPort(receive);
  render(<Panel port={port} />, root);
  port.send({ kind: 'ready' });
}
