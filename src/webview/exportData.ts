/**
 * The data of the panel as JSON: what it shows of the stop, the numbers among it, the timeline of the whole run, and the text
 * of the moment to come back to.
 */
import { state } from './panelModel.ts';
import type { Port } from './port.ts';
import { shownMoment } from './viewSettings.ts';

/** The version of the file's form. */
const VERSION = 1;
/** As fine as a timeline can be asked for. */
const MOST_PIXELS = 4000;

/** The text of the file. Errors: rejects with a sentence when there is nothing to save or the run refuses. */
export async function exportData(port: Port): Promise<string> {
  const { value } = state;
  if (value === undefined) return await Promise.reject(new Error('There is nothing to save yet.'));
  const moment = shownMoment.value;
  const timeline = await port.query('faultline/timeline', { max: MOST_PIXELS, scale: 'linear' });
  const data = {
    faultline: VERSION,
    ...(moment === undefined ? {} : { moment }),
    state: value,
    timeline,
  };
  return JSON.stringify(data, undefined, 2);
}
