import type pg from 'pg';
import { gauge } from '#libs/service';

const pools = new Set<pg.Pool>();

const connections = gauge(
  'roster_postgres_connections',
  'Connections to PostgreSQL: at work and at rest; and what waits for one.',
  { state: ['busy', 'idle', 'waited for'] },
);

connections.read(() => {
  const sum = (count: (pool: pg.Pool) => number) => [...pools].reduce((all, pool) => all + count(pool), 0);
  return [
    [{ state: 'busy' }, sum((pool) => pool.totalCount - pool.idleCount)],
    [{ state: 'idle' }, sum((pool) => pool.idleCount)],
    [{ state: 'waited for' }, sum((pool) => pool.waitingCount)],
  ];
});

/** Counts this pool's connections until what is given back is called. */
export function counted(pool: pg.Pool): () => void {
  pools.add(pool);
  return () => void pools.delete(pool);
}
