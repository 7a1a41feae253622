/** The command line, compiled beside the benchmarks: `node serve.js serve --data …`. */
import { main } from '../../src/cli/main.ts';

await main(process.argv.slice(2));
