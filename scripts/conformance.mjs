// `npm run conformance`: the test tools of others against Roster in one process and as services. Fails when one of them finds
// something that test/conformance/known.json does not have as the tool's own error. `-- embedded` runs only that one.
import { readFileSync } from 'node:fs';
import { install, runs } from '../test/conformance/tools.mjs';
import { embedded, services } from '../test/conformance/systems.mjs';

const known = JSON.parse(readFileSync('test/conformance/known.json', 'utf8'));
const isKnown = ({ tool, check, says }) =>
  known.some((each) => each.tool === tool && each.check === check && says.includes(each.says));

const systems = { embedded, services };
const wanted = process.argv[2] === undefined ? Object.keys(systems) : [process.argv[2]];
let unexpected = 0;
install();
for (const name of wanted) {
  const system = await systems[name]();
  try {
    for (const [tool, run] of Object.entries(runs)) {
      const { passed, failed } = run(system);
      const own = failed.filter((check) => !isKnown(check));
      unexpected += own.length;
      console.log(
        `${name}, ${tool}: ${passed} passed, ${own.length} failed, ${failed.length - own.length} known to be the tool's error`,
      );
      for (const { check, says } of own) console.log(`  ${check}: ${says}`);
    }
  } finally {
    await system.end();
  }
}
process.exit(unexpected === 0 ? 0 : 1);
