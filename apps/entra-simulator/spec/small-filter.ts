import { isScimObject, objectsIn, type ScimObject } from '../src/mapping/scim-object.js';

const TERM = /^(?<path>.+?) eq "?(?<value>[^"]*)"?$/;

/** As much of RFC 7644 §3.4.2.2 as Entra uses: `eq`, and terms joined by `and`. */
export function matches(resource: ScimObject, filter: string): boolean {
  return filter.split(/ and (?![^[]*\])/).every((term) => {
    const { path = '', value = '' } = TERM.exec(term)?.groups ?? {};
    return valuesAt(resource, path).some((found) => String(found).toLowerCase() === value.toLowerCase());
  });
}

function valuesAt(resource: ScimObject, path: string): unknown[] {
  const typed = /^(\w+)\[type eq "(\w+)"\]\.(\w+)$/.exec(path);
  if (typed) {
    const [, list = '', type, key = ''] = typed;
    return objectsIn(resource[list]).flatMap((element) => (element.type === type ? [element[key]] : []));
  }
  if (path === 'members') return objectsIn(resource.members).map(({ value }) => value);
  if (path !== 'manager') return [resource[path]];
  return Object.values(resource).flatMap((part) =>
    isScimObject(part) && isScimObject(part.manager) ? [part.manager.value] : [],
  );
}
