/** The panel's entry: opens the port, renders, says that it is ready. */
import { render } from 'preact';
import './main.css';
import { unpackNumbers } from '../view/packedStates.ts';
import { Panel } from './panel.tsx';
import { receive } from './panelModel.ts';
import { openPort, type Port } from './port.ts';
import {
  followPreferences,
  isReport,
  readReport,
  reportCut,
  reportPlaces,
} from './staticReport.ts';
import { openStaticPort } from './staticPort.ts';
import { showComparison, view } from './twoRuns/comparison.ts';
import { reportedRuns } from './twoRuns/runChoices.ts';

const root = document.getElementById('root');
if (root !== null) {
  const port = open();
  render(<Panel port={port} />, root);
  port.send({ kind: 'ready' });
}

/** The door to the editor or, in a report, to the data in the page. */
function open(): Port {
  const report = readReport();
  if (report === undefined) return openPort(receive);
  followPreferences();
  isReport.value = true;
  reportCut.value = report.cut;
  reportPlaces.value = unpackNumbers(report.states, 'position');
  const [one, other] = report.runs;
  if (one !== undefined && other !== undefined) {
    view.value = { ...view.value, runs: reportedRuns(one.kernel, other.kernel) };
    showComparison(true);
  }
  return openStaticPort(report, receive);
}
