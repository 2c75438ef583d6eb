import { evidenceOf } from '../protocol/answer.js';
import { resourcesOf, type Kind } from '../protocol/find.js';
import { ProvisioningFailure, Quarantine } from '../protocol/failure.js';
import { USER_MATCH } from '../mapping/user-mapping.js';
import type { Cycle } from './cycle.js';

/** Test Connection, with which every cycle begins: somebody and some group that cannot be there. */
export async function testConnection(cycle: Cycle, freshGuid: () => string): Promise<void> {
  const { path } = USER_MATCH[cycle.manner.matchBy];
  await probe(cycle, 'Users', [['filter', `${path} eq "${freshGuid()}"`]]);
  await probe(cycle, 'Groups', [
    ['excludedAttributes', 'members'],
    ['filter', `displayName eq "${freshGuid()}"`],
  ]);
}

async function probe(cycle: Cycle, kind: Kind, query: readonly (readonly [string, string])[]): Promise<void> {
  try {
    const answer = await cycle.client.get(`/${kind}`, query);
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
