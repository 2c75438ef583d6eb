// Makes the passwords of the system once, each in a volume that only its owner mounts. A second run changes nothing.
import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';

const SERVER = 'postgres:5432';
const roles = { postgres: 'postgres', directory: 'roster', keys: 'roster', notifier: 'roster' };

for (const [role, database] of Object.entries(roles)) {
  const folder = `/secrets/${role}`;
  if (existsSync(`${folder}/url`)) continue;
  const password = randomBytes(24).toString('hex');
  // Readable for whoever mounts the volume: PostgreSQL's image and ours run as different users.
  writeFileSync(`${folder}/password`, password, { mode: 0o444 });
  writeFileSync(`${folder}/url`, `postgres://${role}:${password}@${SERVER}/${database}`, { mode: 0o444 });
  console.log(`made the secret of ${role}`);
}

// Seals what signs webhooks (NOTIFIER_SECRET): whoever has it and the notifier's tables can sign in its name.
const seal = '/secrets/notifier/seal';
if (!existsSync(seal)) writeFileSync(seal, randomBytes(32).toString('hex'), { mode: 0o444 });
