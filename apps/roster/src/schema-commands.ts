import { type Command, Option } from 'commander';
import type { Counter } from './counter.js';
import { table } from './table.js';

interface Shared {
  directory: string;
  json?: boolean;
}
type Simple = 'string' | 'boolean' | 'integer' | 'decimal' | 'dateTime' | 'reference';
interface Add extends Shared {
  urn: string;
  attribute: string;
  type: Simple | 'complex';
  multiValued?: true;
  caseExact?: true;
  description?: string;
  canonicalValue?: string[];
  subAttribute?: string[];
  resource?: 'User' | 'Group';
}

const SIMPLE = ['string', 'boolean', 'integer', 'decimal', 'dateTime', 'reference'];

/** `roster schema …`: the attributes that a directory has of its own. */
export function addSchemaCommands(program: Command, { withOffice, print, show }: Counter): void {
  const schema = program.command('schema').description('attributes that a directory has of its own');
  const command = (name: string) =>
    schema.command(name).requiredOption('--directory <directory>', 'id or name').option('--json');

  command('add')
    .requiredOption('--urn <urn>', 'of the extension, as urn:ietf:params:scim:schemas:extension:roster:2.0:User')
    .requiredOption('--attribute <name>', 'what the attribute is called')
    .addOption(new Option('--type <type>', 'what its values are').choices([...SIMPLE, 'complex']).default('string'))
    .option('--multi-valued', 'it has a list of values')
    .option('--case-exact', 'A and a differ; for a string')
    .option('--description <text>', 'for people')
    .option('--canonical-value <value...>', 'usual values, told to clients; others are taken too')
    .option('--sub-attribute <name:type...>', 'of a complex attribute')
    .addOption(new Option('--resource <type>', 'what is extended; told by the URN’s end').choices(['User', 'Group']))
    .action(({ directory, urn, attribute: name, json, resource, subAttribute, ...given }: Add) =>
      withOffice(async (office) => {
        const found = await office.directory(directory);
        const { type, multiValued, caseExact, description, canonicalValue: canonicalValues } = given;
        const subAttributes = subAttribute?.map(simpleFrom);
        const attribute = { name, type, multiValued, caseExact, description, canonicalValues, subAttributes };
        const resourceType = resource ?? (/:Group$/i.test(urn) ? 'Group' : 'User');
        await office.extendSchema(found.id, { urn, resourceType, attribute });
        show(
          json,
          { directory: found.id, urn, resourceType, attribute },
          `${resourceType}s of ${found.name} have the attribute ${urn}:${name}.`,
        );
      }),
    );

  command('list').action(({ directory, json }: Shared) =>
    withOffice(async (office) => {
      const extensions = await office.extensions((await office.directory(directory)).id);
      const rows = extensions.flatMap(({ id, resourceType, attributes }) =>
        Object.entries(attributes).map(([name, attribute]) => ({ urn: id, resourceType, name, ...attribute })),
      );
      if (json === true) for (const row of rows) print(JSON.stringify(row));
      else
        print(
          table(
            ['ATTRIBUTE', 'TYPE', 'OF', 'URN'],
            rows.map((row) => [row.name, `${row.type}${row.multiValued ? ' list' : ''}`, row.resourceType, row.urn]),
          ),
        );
    }),
  );

  command('show')
    .requiredOption('--urn <urn>', 'of the extension')
    .action(({ directory, urn }: Shared & { urn: string }) =>
      withOffice(async (office) => {
        const extensions = await office.extensions((await office.directory(directory)).id);
        const found = extensions.find(({ id }) => id.toLowerCase() === urn.toLowerCase());
        if (found === undefined)
          throw new Error(`This directory has no extension ${urn}; "schema list" shows its own.`);
        print(JSON.stringify(found, undefined, 2));
      }),
    );

  command('remove')
    .requiredOption('--urn <urn>', 'of the extension')
    .requiredOption('--attribute <name>', 'which attribute')
    .action(({ directory, urn, attribute, json }: Shared & { urn: string; attribute: string }) =>
      withOffice(async (office) => {
        const found = await office.directory(directory);
        await office.reduceSchema(found.id, { urn, attribute });
        show(
          json,
          { directory: found.id, urn, attribute },
          `${urn}:${attribute} is withdrawn from ${found.name}. No client sees its values any more; they are deleted from ` +
            'each user or group with its next change, and until then come back when the attribute is added again.',
        );
      }),
    );
}

/** Reads a sub-attribute as people write it: `city` or `zip:integer`. Throws with what would be right. */
function simpleFrom(text: string): { name: string; type: Simple } {
  const [name = '', type = 'string', ...rest] = text.split(':');
  if (rest.length > 0 || !isSimple(type)) {
    throw new Error(`"${text}" is no sub-attribute: write name:type with one of ${SIMPLE.join(', ')}.`);
  }
  return { name, type };
}

const isSimple = (type: string): type is Simple => SIMPLE.includes(type);
