import fc from 'fast-check';
import { OWN } from './filter.js';

// A second, plain reading of RFC 7644 §3.5.2, with Entra's two liberties: a value path by `eq` makes what it does not find,
// and what is not there may be removed.

export interface Email {
  value?: string;
  type?: string;
  display?: string;
  primary?: boolean;
}
export interface Person {
  title?: string;
  name?: { givenName?: string; familyName?: string };
  emails?: Email[];
  department?: string;
  /** A list of texts, of the directory's own. */
  skills?: string[];
}
export interface Operation {
  op: string;
  path?: string;
  value?: unknown;
}

/** An operation, and what it does to a person. */
export interface Step {
  sent: Operation;
  apply(person: Person): void;
}

const URN = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const word = fc.constantFrom('a', 'B', 'c d', 'é');
const type = fc.constantFrom('work', 'home', 'other');
const op = fc.constantFrom('add', 'Add', 'replace', 'Replace');
const email = fc.record({ value: word, type, display: fc.option(word, { nil: undefined }) });
const isAdd = (written: string) => written.toLowerCase() === 'add';

const setSimple = fc.tuple(op, word, fc.constantFrom('title', 'department')).map(([written, value, name]): Step => ({
  sent: { op: written, path: name === 'title' ? 'title' : `${URN}:department`, value },
  apply: (person) => void Object.assign(person, { [name]: value }),
}));
const clearSimple = fc
  .tuple(
    fc.constantFrom<Operation>({ op: 'remove' }, { op: 'replace', value: '' }, { op: 'Replace', value: null }),
    fc.constantFrom('title', 'department'),
  )
  .map(([sent, name]): Step => ({
    sent: { ...sent, path: name === 'title' ? 'title' : 'department' },
    apply: (person) => void Reflect.deleteProperty(person, name),
  }));
const setName = fc
  .tuple(op, fc.constantFrom('givenName', 'familyName'), word, fc.constantFrom('path', 'object', 'none'))
  .map(([written, part, value, form]): Step => ({
    sent:
      form === 'path'
        ? { op: written, path: `name.${part}`, value }
        : form === 'object'
          ? { op: written, path: 'name', value: { [part]: value } }
          : { op: written, value: { [`name.${part}`]: value } },
    apply: (person) => void (person.name = { ...person.name, [part]: value }),
  }));
const clearName = fc.constant<Step>({
  sent: { op: 'Remove', path: 'name' },
  apply: (person) => void Reflect.deleteProperty(person, 'name'),
});

const writeEmails = fc
  .tuple(
    op,
    fc.uniqueArray(email, { maxLength: 3, minLength: 1, selector: ({ value, type: kind }) => `${value} ${kind}` }),
    fc.nat(3),
    fc.boolean(),
  )
  .map(([written, chosen, primaryAt, isPathless]): Step => {
    const list: Email[] = chosen.map(({ display, ...rest }, at) => ({
      ...rest,
      ...(display !== undefined && { display }),
      ...(at === primaryAt && { primary: true }),
    }));
    return {
      sent: isPathless ? { op: written, value: { emails: list } } : { op: written, path: 'emails', value: list },
      apply(person) {
        const hasPrimary = list.some(({ primary }) => primary);
        const before = isAdd(written) ? (person.emails ?? []) : [];
        if (hasPrimary) for (const each of before) if (each.primary) each.primary = false;
        for (const added of list) {
          const same = before.find((each) => each.value === added.value && each.type === added.type);
          if (same === undefined) before.push({ ...added });
          else Object.assign(same, added);
        }
        person.emails = before;
      },
    };
  });
const writeByPath = fc
  .tuple(op, type, fc.constantFrom('value', 'display'), word)
  .map(([written, kind, part, value]): Step => ({
    sent: { op: written, path: `emails[type eq "${kind}"].${part}`, value },
    apply(person) {
      const emails = (person.emails ??= []);
      const chosen = emails.filter((each) => each.type === kind);
      for (const each of chosen) Object.assign(each, { [part]: value });
      if (chosen.length === 0) emails.push({ type: kind, [part]: value });
    },
  }));
const removeByPath = fc.tuple(type, fc.constantFrom('', '.value', '.display')).map(([kind, part]): Step => ({
  sent: { op: 'remove', path: `Emails[TYPE eq "${kind}"]${part}` },
  apply(person) {
    const name = part.slice(1) as 'value' | 'display' | '';
    person.emails = person.emails?.filter((each) => {
      if (each.type !== kind) return true;
      if (name === '') return false;
      const had = Reflect.has(each, name);
      Reflect.deleteProperty(each, name);
      return !had || each.value !== undefined || each.display !== undefined;
    });
  },
}));
const removeList = fc.array(fc.record({ value: word, type }), { maxLength: 2 }).map((list): Step => ({
  sent: { op: 'Remove', path: 'emails', ...(list.length > 0 && { value: list }) },
  apply(person) {
    const isListed = (each: Email) =>
      list.some(({ value, type: kind }) => each.value?.toLowerCase() === value.toLowerCase() && each.type === kind);
    person.emails = list.length === 0 ? undefined : person.emails?.filter((each) => !isListed(each));
  },
}));

const SKILLS = `${OWN}:skills`;
const writeSkills = fc
  .tuple(
    op,
    fc.array(word, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('path', 'dotted', 'none', 'object', 'values'),
  )
  .map(([written, list, form]): Step => {
    const sent: Record<typeof form, Operation> = {
      path: { op: written, path: SKILLS, value: list },
      dotted: { op: written, path: `${OWN}.skills`, value: list },
      none: { op: written, value: { [SKILLS]: list } },
      object: { op: written, value: { [OWN]: { SKILLS: list } } },
      values: { op: written, path: SKILLS, value: list.map((value) => ({ value })) },
    };
    return {
      sent: sent[form],
      apply: (person) =>
        void (person.skills = [...new Set([...(isAdd(written) ? (person.skills ?? []) : []), ...list])]),
    };
  });
const removeSkills = fc
  .tuple(fc.array(word, { maxLength: 2 }), fc.boolean())
  .map(([list, isByPath]: [string[], boolean]): Step => ({
    sent:
      isByPath && list.length > 0
        ? { op: 'remove', path: `${SKILLS}[${list.map((each) => `value eq "${each}"`).join(' or ')}]` }
        : { op: 'Remove', path: SKILLS, ...(list.length > 0 && { value: list }) },
    apply: (person) =>
      void (person.skills = list.length === 0 ? [] : person.skills?.filter((each) => !list.includes(each))),
  }));

export const anyStep = fc.oneof(
  setSimple,
  clearSimple,
  setName,
  clearName,
  writeEmails,
  writeByPath,
  removeByPath,
  removeList,
  writeSkills,
  removeSkills,
);

/** A person as it is kept: nothing that is empty. */
export function kept({ title, name, emails, department, skills }: Person): Person {
  return {
    ...(title !== undefined && { title }),
    ...(name !== undefined && Object.keys(name).length > 0 && { name }),
    ...(emails !== undefined && emails.length > 0 && { emails }),
    ...(department !== undefined && { department }),
    // The order of a set says nothing.
    ...(skills !== undefined && skills.length > 0 && { skills: [...skills].sort() }),
  };
}

/** What a SCIM answer says of a person. */
export function told(resource: Record<string, unknown>): Person {
  const extension = resource[URN] as { department?: string } | undefined;
  const own = resource[OWN] as { skills?: string[] } | undefined;
  return kept({ ...(resource as Person), department: extension?.department, skills: own?.skills });
}
