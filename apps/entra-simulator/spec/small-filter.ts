import { isObject, objects, type Json } from './small-patch.js';
import { placeOf } from './small-path.js';

const TERM = /^(?<path>\S+(?: eq "\w+"\]\S*)?) eq (?<value>.+)$/i;

/** As much of RFC 7644 §3.4.2.2 as Entra uses: `eq`, quoted or not, and terms joined by `and`. */
export function matches(resource: Json, filter: string): boolean {
  return filter.split(/ and (?![^[]*\])/).every((term) => {
    const { path = '', value = '' } = TERM.exec(term)?.groups ?? {};
    const wanted = value.startsWith('"') ? String(JSON.parse(value)) : value;
    return valuesAt(resource, path).some((found) => String(found).toLowerCase() === wanted.toLowerCase());
  });
}

function valuesAt(resource: Json, path: string): unknown[] {
  const { extension, name, where, sub } = placeOf(path);
  const holder = extension === undefined ? resource : resource[extension];
  const held = isObject(holder) ? holder[name] : undefined;
  if (!Array.isArray(held)) return [isObject(held) ? held[sub ?? 'value'] : held];
  const chosen = objects(held).filter((element) => !where || String(element[where.by]) === where.is);
  return chosen.map((element) => element[sub ?? 'value']);
}
