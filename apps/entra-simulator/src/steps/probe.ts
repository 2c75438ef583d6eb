import { evidenceOf } from '../protocol/answer.js';
import { resourcesOf, type Kind } from '../protocol/find.js';
import { ProvisioningFailure, Quarantine } from '../protocol/failure.js';
import { equal } from '../protocol/filter-text.js';
import { MATCHES, USER_MATCH, type MatchChoice } from '../mapping/user-match.js';
import type { Random } from '../random.js';
import type { Cycle } from './cycle.js';

/** Test Connection, with which every cycle begins: somebody and some group that cannot be there. */
export async function testConnection(cycle: Cycle, freshGuid: () => string): Promise<void> {
  const { path } = USER_MATCH[askedBy(cycle.manner.matchBy, cycle.random('probe'))];
  await probe(cycle, 'Users', [['filter', equal(path, freshGuid())]]);
  await probe(cycle, 'Groups', [
    ['excludedAttributes', 'members'],
    ['filter', equal('displayName', freshGuid())],
  ]);
}

/** The left side of the probe is the matching attribute that comes first. */
const askedBy = (choice: MatchChoice, random: Random) =>
  choice === 'random' ? random.pick(MATCHES) : (choice[0] ?? 'userName');

async function probe(cycle: Cycle, kind: Kind, query: readonly (readonly [string, string])[]): Promise<void> {
  try {
    const answer = await cycle.talk(`probe of ${kind}`).get(`/${kind}`, query);
    if (resourcesOf(answer, `test connection (${kind})`).length === 0) return;
    throw new ProvisioningFailure(
      `test connection (${kind}): somebody was found whom nobody can know`,
      evidenceOf(answer),
    );
  } catch (error) {
    if (!(error instanceof ProvisioningFailure)) throw error;
    throw new Quarantine(`${error.reason}. Entra would quarantine the job.`, error.evidence);
  }
}
