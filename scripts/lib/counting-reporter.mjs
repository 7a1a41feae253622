// @ts-check
import { writeFileSync } from 'node:fs';

/** @typedef {{ passed: number, failed: number, skipped: { name: string, why: string }[] }} Counts */

/** A vitest reporter: writes how many tests passed and failed, and what was skipped with its reason, to the file COUNTS_FILE names. */
export default class CountingReporter {
  /** @param {readonly import('vitest/node').TestModule[]} modules */
  onTestRunEnd(modules) {
    /** @type {Counts} */
    const counts = { passed: 0, failed: 0, skipped: [] };
    for (const module of modules) {
      let own = 0;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') counts.passed += 1;
        else if (result.state === 'failed') { counts.failed += 1; own += 1; } else {
          counts.skipped.push({ name: `${module.relativeModuleId}: ${test.fullName}`, why: ('note' in result ? result.note : undefined) ?? 'no reason given' });
        }
      }
      // A file that cannot even be loaded has no tests to count, and is a failure all the same.
      if (module.state() === 'failed' && own === 0) counts.failed += 1;
    }
    const file = process.env['COUNTS_FILE'];
    if (file !== undefined) writeFileSync(file, JSON.stringify(counts));
  }
}
