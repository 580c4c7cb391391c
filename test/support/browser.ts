// The Chromium that drives VS Code or the panel alone: FAULTLINE_CHROMIUM if set, else a usual program of the system.
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const candidates = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** The path of a Chromium. Errors: throws with what to install when there is none. */
export function findBrowser(): string {
  const chosen = process.env['FAULTLINE_CHROMIUM'];
  const found = [...(chosen === undefined ? [] : [chosen]), ...candidates].find(existsSync);
  if (found === undefined) {
    throw new Error(
      'The tests in a browser need Chromium: install it (Debian: apt-get install chromium) or set FAULTLINE_CHROMIUM.',
    );
  }
  return found;
}

/** Starts a headless browser that talks to nobody but the page it is given. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: findBrowser(),
    headless: process.env['FAULTLINE_HEADED'] === undefined,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
