/** The panel's entry: opens the port, renders, says that it is ready. */
import { render } from 'preact';
import './main.css';
import { unpackNumbers } from '../view/packedStates.ts';
import type { ReportData } from '../view/reportModel.ts';
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
import { keepView, restoreView } from './viewSettings.ts';

const root = document.getElementById('root');
if (root !== null) {
  const report = readReport();
  const port = report === undefined ? openLivePort() : openReport(report);
  const moment = report === undefined ? restoreView(port) : undefined;
  if (report === undefined) {
    keepView(port, (settings) => {
      port.send({ kind: 'keepSettings', settings });
    });
  }
  render(<Panel port={port} />, root);
  port.send({ kind: 'ready', ...(moment === undefined ? {} : { moment }) });
}

/** The door to the editor. */
function openLivePort(): Port {
  const port = openPort((message) => {
    receive(message, () => {
      port.send({ kind: 'ready' });
    });
  });
  return port;
}

/** The door to the data in the page. */
function openReport(report: ReportData): Port {
  followPreferences();
  isReport.value = true;
  reportCut.value = report.cut;
  reportPlaces.value = unpackNumbers(report.states, 'position');
  const [one, other] = report.runs;
  if (one !== undefined && other !== undefined) {
    view.value = { ...view.value, runs: reportedRuns(one.kernel, other.kernel) };
    showComparison(true);
  }
  return openStaticPort(report, (message) => {
    receive(message, () => undefined);
  });
}
