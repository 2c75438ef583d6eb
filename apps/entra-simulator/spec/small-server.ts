import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { matches } from './small-filter.js';
import { isObject, objects, patched, tidied, type Json } from './small-patch.js';

const LIST_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

export const TOKEN = 'a-secret-token';

export interface Asked {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: unknown;
}

/** How a faulty server differs from a sound one: each may change an answer, or what is kept, on its way. */
export interface Faults {
  /** Gives what is shown for a resource. */
  shown?: (resource: Json) => Json;
  /** Gives what a PATCH leaves behind. */
  kept?: (before: Json, after: Json) => Json;
  /** Answers in the server's place; `undefined` lets it answer itself. */
  instead?: (asked: Asked, count: number) => Reply | 'hang up' | undefined;
  /** Extensions that `/Schemas` describes. */
  schemas?: readonly Json[];
}

interface Reply {
  status: number;
  body?: Json;
  headers?: Record<string, string>;
}

/** A SCIM endpoint in memory, small but right, on a port of its own. */
export async function smallServer(faults: Faults = {}) {
  const resources: Record<string, Map<string, Json>> = { Users: new Map(), Groups: new Map() };
  const asked: Asked[] = [];
  let created = 0;

  const answer = (question: Asked): Reply => {
    const { url, kind, id } = placeIn(question.url);
    const all = resources[kind];
    if (kind === 'Schemas') return { status: 200, body: listOf(faults.schemas ?? []) };
    if (question.headers.authorization !== `Bearer ${TOKEN}`) return error(401);
    if (!all) return error(404);
    const show = (resource: Json) => shown(resource, url, faults);
    if (id === undefined && question.method === 'GET') return listed(all, url, show);
    const body = isObject(question.body) ? question.body : {};
    if (id === undefined) return posted(all, body, kind, `${kind.toLowerCase()}-${++created}`, show);
    const resource = all.get(id);
    if (!resource) return error(404);
    if (question.method === 'DELETE') return removed(resources, kind, id);
    if (question.method === 'PATCH') {
      const after = patched(resource, body);
      all.set(id, faults.kept?.(resource, after) ?? after);
      if (kind === 'Groups') return { status: 204 };
    }
    return { status: 200, body: show(all.get(id) ?? {}) };
  };

  const server = createServer((request, response) => {
    void question(request).then((one) => {
      asked.push(one);
      const reply = faults.instead?.(one, asked.length) ?? answer(one);
      if (reply === 'hang up') request.socket.destroy();
      else send(response, reply);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/scim`,
    resources,
    asked,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** `//Users/`, `/users` and a feature flag between base and path are all the same place. */
function placeIn(text: string) {
  const url = new URL(text.replace(/\?aadOptscim062020(?=\/)/, '').replaceAll(/\/{2,}/g, '/'), 'http://localhost');
  const [, name = '', id] = url.pathname.split('/').filter((part) => part !== '');
  return { url, kind: name.charAt(0).toUpperCase() + name.slice(1), id };
}

async function question(request: IncomingMessage): Promise<Asked> {
  const { method = '', url = '', headers } = request;
  return { method, url, headers, body: headers['content-length'] === undefined ? undefined : await json(request) };
}

function send(response: ServerResponse, { status, body, headers }: Reply): void {
  response.writeHead(status, { ...(body ? { 'Content-Type': 'application/scim+json' } : {}), ...headers });
  response.end(body && JSON.stringify(body));
}

function shown(resource: Json, url: URL, faults: Faults): Json {
  const { members, ...rest } = resource;
  const isExcluded = url.searchParams.get('excludedAttributes') === 'members';
  const seen = isExcluded || members === undefined ? rest : { ...rest, members };
  return faults.shown?.(seen) ?? seen;
}

function listed(all: Map<string, Json>, url: URL, show: (resource: Json) => Json): Reply {
  const filter = url.searchParams.get('filter') ?? '';
  const found = [...all.values()].filter((resource) => matches(resource, filter)).map(show);
  return { status: 200, body: listOf(found) };
}

const listOf = (Resources: readonly Json[]): Json => ({
  schemas: [LIST_SCHEMA],
  totalResults: Resources.length,
  Resources,
  startIndex: 1,
});

function posted(all: Map<string, Json>, sent: Json, kind: string, id: string, show: (resource: Json) => Json): Reply {
  const key = kind === 'Users' ? 'userName' : 'displayName';
  if ([...all.values()].some((other) => String(other[key]).toLowerCase() === String(sent[key]).toLowerCase()))
    return error(409, 'uniqueness');
  const body = tidied(sent);
  const resource = { ...(isObject(body) ? body : {}), id };
  all.set(id, resource);
  return { status: 201, body: show(resource), headers: { Location: `/scim/${kind}/${id}` } };
}

function removed(resources: Record<string, Map<string, Json>>, kind: string, id: string): Reply {
  resources[kind]?.delete(id);
  for (const group of resources.Groups?.values() ?? []) {
    group.members = objects(group.members).filter(({ value }) => value !== id);
  }
  return { status: 204 };
}

export function error(status: number, scimType?: string): Reply {
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:Error'];
  return { status, body: { schemas, status: String(status), scimType, detail: `detail of ${status}` } };
}
