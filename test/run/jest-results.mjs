import { existsSync, readFileSync } from 'node:fs';

/**
 * What a jest run came to, from its JSON file. A suite that did not even run counts as one failure, and so does a
 * jest that left no result.
 * @param {string} file
 * @param {string} name for messages
 */
export function readJestResults(file, name) {
  if (!existsSync(file)) {
    return { passed: 0, failed: 1, skipped: 0, failures: [`${name}: jest left no result`], skips: [] };
  }
  const result = JSON.parse(readFileSync(file, 'utf8'));
  const tests = result.testResults.flatMap((suite) => suite.assertionResults);
  const brokenSuites = result.testResults.filter(
    (suite) => suite.status === 'failed' && !suite.assertionResults.some((test) => test.status === 'failed'),
  );
  const withStatus = (...statuses) => tests.filter((test) => statuses.includes(test.status));
  const failedTests = withStatus('failed');
  const skippedTests = withStatus('pending', 'skipped', 'todo', 'disabled');
  return {
    passed: withStatus('passed', 'focused').length,
    failed: failedTests.length + brokenSuites.length,
    skipped: skippedTests.length,
    failures: [
      ...failedTests.map((test) => test.fullName),
      ...brokenSuites.map((suite) => `${suite.name}: the suite did not run`),
    ],
    skips: skippedTests.map((test) => test.fullName),
  };
}

/**
 * Skipped tests by reason. The reason stands in the title of their group: "... [skipped: Orthanc is not installed]".
 * @param {string[]} titles
 */
export function reasonsOf(titles) {
  const counts = new Map();
  for (const title of titles) {
    const reason = /\[skipped: ([^\]]*)\]/.exec(title)?.[1] ?? `no reason given: ${title}`;
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].map(([reason, count]) => `${count} skipped: ${reason}`);
}
