import type { Statements } from '#libs/postgres';
import { type Form, knowsForm, knowsType, newestVersion, type Upcasters } from './upcast/upcast.js';
import { upcasters } from './upcast/upcasters.js';

/** The store holds events that a newer program has written, and this one must not guess at them. */
export class UnknownForms extends Error {
  constructor(forms: readonly string[]) {
    super(
      `The store holds events of a form that this program does not know: ${forms.join(', ')}. A newer Roster has written ` +
        'here: run that version or a newer one.',
    );
    this.name = 'UnknownForms';
  }
}

/**
 * Throws UnknownForms when any stored event is of a type or version that these steps do not know. Looks each form up once in
 * an index, so it costs the same for one event and for a million.
 */
export async function refuseUnknownForms(statements: Statements, steps: Upcasters = upcasters): Promise<void> {
  const forms = await statements.query<Form & Record<string, unknown>>(
    'stored_forms',
    `with recursive form as (
       (select type, schema_version from event order by type, schema_version limit 1)
       union all
       select n.type, n.schema_version from form f cross join lateral (
         select e.type, e.schema_version from event e
          where (e.type, e.schema_version) > (f.type, f.schema_version) order by e.type, e.schema_version limit 1) n)
     select type, schema_version as version from form`,
  );
  const unknown = forms.filter((form) => !knowsForm(steps, form)).map((form) => inWords(steps, form));
  if (unknown.length > 0) throw new UnknownForms(unknown);
}

function inWords(steps: Upcasters, { type, version }: Form): string {
  if (!knowsType(steps, type)) return `${type} (a type that it has never heard of)`;
  return `${type} of version ${version} (it knows 1 to ${newestVersion(steps, type)})`;
}
