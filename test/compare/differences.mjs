// Where two servers answered one recording differently, by kind. What only follows from an earlier difference is told apart: a
// resource that one of them changed and the other did not is different from then on.
import { URLSearchParams } from 'node:url';
import { pathBelow } from './replay.mjs';

/** What no two servers can have in common. */
const OWN = new Set(['meta', '$ref', 'schemas', 'detail', 'itemsPerPage']);

/** What is only shown otherwise: the resource behind it is the same. */
const SHOWN = /^groups: |^200, partner 204$/;

/** Kinds of difference → how many, with the first of each. `a` and `b` are replays of the same recording. */
export function differences(a, b) {
  const kinds = new Map();
  const apart = new Set();
  let same = 0;
  let following = 0;
  for (const [at, left] of a.entries()) {
    const right = b[at];
    const about = subject(left);
    const found = differencesOf(left, right);
    if (found.length === 0) {
      same += 1;
      continue;
    }
    if (left.isOrphan || right.isOrphan || isApart(left, right, about, apart)) following += 1;
    else
      for (const what of found)
        note(kinds, `${what.isState && !isList(left) ? '' : `${asked(left)}: `}${what.text}`, left, right);
    if (about !== undefined && found.some(({ text }) => !SHOWN.test(text))) apart.add(about);
  }
  return { same, following, kinds: [...kinds.values()].sort((x, y) => y.count - x.count) };
}

function note(kinds, kind, left, right) {
  const known = kinds.get(kind);
  if (known !== undefined) known.count += 1;
  else kinds.set(kind, { kind, count: 1, request: left.request, roster: left.answer, partner: right.answer });
}

/** Has the resource that this is about, or one that the answer shows, been treated differently before? */
function isApart({ recorded, request }, { answer }, about, apart) {
  if (about !== undefined && apart.has(about)) return true;
  const text = `${request.path} ${request.body ?? ''} ${recorded.body} ${answer.body}`;
  return [...apart].some((id) => text.includes(id));
}

function differencesOf(left, right) {
  const [ours, theirs] = [left.answer, right.answer];
  if (ours.status !== theirs.status) return [{ text: `${ours.status}, partner ${theirs.status}${scimType(theirs)}` }];
  if (ours.status >= 400) {
    const [a, b] = [scimType(ours), scimType(theirs)];
    return a === b ? [] : [{ text: `${ours.status}${a}, partner${b || ' without scimType'}` }];
  }
  const paths = new Set(pathsApart(parsed(ours), parsed(theirs), ''));
  return [...paths].map((text) => ({ text, isState: true }));
}

/** Names of attributes that differ, without the places in lists. */
function pathsApart(a, b, path) {
  if (Array.isArray(a) && Array.isArray(b)) {
    if (a.length !== b.length)
      return [`${path}: ${a.length} values, partner ${b.length}`.replace(/\d+/g, (n) => (Number(n) > 1 ? 'n' : n))];
    const order = (list) => list.map((item) => JSON.stringify(item)).sort();
    if (JSON.stringify(order(a)) === JSON.stringify(order(b))) return [];
    return a.flatMap((item, at) => pathsApart(item, b[at], path));
  }
  if (isObject(a) && isObject(b)) {
    const names = new Set([...Object.keys(a), ...Object.keys(b)].filter((name) => !OWN.has(name)));
    return [...names].flatMap((name) => {
      const inner = path === '' ? name : `${path}.${name}`;
      if (!(name in b)) return [`${inner}: partner leaves it out`];
      if (!(name in a)) return [`${inner}: only partner has it`];
      return pathsApart(a[name], b[name], inner);
    });
  }
  return JSON.stringify(a) === JSON.stringify(b) ? [] : [`${path}: other values`];
}

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

const isList = ({ recorded }) => recorded.body.includes('ListResponse');

function parsed({ body }) {
  try {
    return body === '' ? {} : JSON.parse(body);
  } catch {
    return { body: 'no JSON' };
  }
}

const scimType = (answer) => {
  const { scimType: type } = parsed(answer);
  return type === undefined ? '' : ` ${type}`;
};

/** The id of the one resource that a request is about. */
function subject({ request, recorded }) {
  const id = /\/(?:Users|Groups)\/([^/?]+)/i.exec(request.path)?.[1];
  if (id !== undefined) return id.toLowerCase();
  return request.method === 'POST' && recorded.status === 201 ? String(parsed(recorded).id).toLowerCase() : undefined;
}

/** A request in a word: method, place, and for a PATCH the form of its operations, so that like comes to like. */
function asked({ request }) {
  const path = placeOf(request.path);
  if (request.method !== 'PATCH') return `${request.method} ${path}`;
  const operations = parsed(request).Operations ?? [];
  const forms = operations.map(({ op, path: at, value }) => `${op} ${formOf(at)}${valueOf(op, value)}`);
  return `PATCH ${path} ${[...new Set(forms)].sort().join(' + ')}`;
}

/** Where a request goes: names in any case and odd slashes are like the usual ones, a value is quoted or bare. */
function placeOf(written) {
  if (/^\?/.test(pathBelow(written))) return 'with the flag between base and path';
  const [path, query = ''] = pathBelow(written).split('?');
  const place = path
    .replace(/\/+/g, '/')
    .replace(/\/$/, '')
    .replace(/\/users/i, '/Users')
    .replace(/\/groups/i, '/Groups')
    .replace(/\/[0-9a-f-]{36}/i, '/{id}');
  const filter = new URLSearchParams(query).get('filter');
  if (filter === null) return place;
  const [, name = '', value = ''] = /^(.*) eq (.*)$/is.exec(filter) ?? [];
  return `${place}?filter=${value.startsWith('"') ? `${name.toLowerCase().replace(/"[^"]*"/g, '…')} eq …` : 'a value without quotes'}`;
}

const formOf = (path) =>
  path === undefined ? '(no path)' : path.replace(/"[^"]*"/g, '…').replace(/^urn:[^ ]*:/i, 'urn:…:');

function valueOf(op, value) {
  if (value === undefined) return '';
  if (value === null) return ' = null';
  if (value === '') return ' = ""';
  return ` = ${Array.isArray(value) ? 'list' : typeof value}`;
}
