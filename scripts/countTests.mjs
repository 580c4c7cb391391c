// Prints `PASSED FAILED` from a JSON report of vitest, for .ci/run.
//
// A file that could not be loaded has no tests to count, so it counts as one failure; a missing report does too.
import { existsSync, readFileSync } from 'node:fs';

const [file] = process.argv.slice(2);
if (file === undefined || !existsSync(file)) {
  console.log('0 1');
} else {
  const report = JSON.parse(readFileSync(file, 'utf8'));
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  const notRun = report.numTotalTests - report.numPassedTests - report.numFailedTests;
  console.log(`${report.numPassedTests} ${report.numFailedTests + brokenFiles.length + notRun}`);
}
