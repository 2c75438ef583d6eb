import { randomUUID } from 'node:crypto';
import type { Wire } from './http.js';

const A_BULK = 1_000;
/** Plain ids, as many as fit into a request. */
const A_PATCH = 20_000;

/** Makes many users, a thousand a request, and gives their ids. */
export async function makeUsers(wire: Wire, count: number): Promise<string[]> {
  const run = randomUUID();
  const ids: string[] = [];
  for (let start = 0; start < count; start += A_BULK) {
    const Operations = Array.from({ length: Math.min(A_BULK, count - start) }, (_, at) => ({
      method: 'POST',
      path: '/Users',
      bulkId: String(at),
      data: { userName: `${run}-${start + at}` },
    }));
    const { json } = await wire.post('/v2/Bulk', { Operations });
    for (const { location } of json?.Operations ?? []) ids.push(location?.split('/').at(-1) ?? '');
  }
  return ids.toSorted();
}

/** Makes a group and puts these users into it; gives its id. */
export async function makeGroup(wire: Wire, displayName: string, ids: readonly string[]): Promise<string> {
  const { id } = await wire.make('Groups', { displayName });
  for (let start = 0; start < ids.length; start += A_PATCH) {
    const value = ids.slice(start, start + A_PATCH);
    const { status, text } = await wire.patch(`/v2/Groups/${id}`, { op: 'add', path: 'members', value });
    if (status !== 204) throw new Error(`the members were not added: ${status} ${text}`);
  }
  return id;
}
