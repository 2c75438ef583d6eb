import type { Office } from './office.js';

const FIRST_DIRECTORY = 'default';

/** Makes the first directory and its key when there is none yet, and gives the lines that the screen then shows. */
export async function welcome(office: Office, publicUrl: string): Promise<string[]> {
  const tenantUrl = `${publicUrl}/v2`;
  const directories = await office.directories();
  const known = directories[0];
  if (known !== undefined) {
    const more = directories.length > 1 ? ` and ${directories.length - 1} more` : '';
    return [
      `Tenant URL: ${tenantUrl}`,
      `Directories: ${known.name}${more}. Another key: npm run -s roster -- key create --directory ${quoted(known.name)}`,
    ];
  }
  const { id } = await office.createDirectory(FIRST_DIRECTORY);
  const { token } = await office.keys.create(id, { name: 'first', expiresInDays: 365 });
  return [
    `Tenant URL: ${tenantUrl}`,
    `Secret Token: ${token}`,
    '  The token is shown this once. Lost it? npm run -s roster -- key create --directory default',
    '',
    'Try it:',
    `  curl -X POST ${tenantUrl}/Users -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/scim+json" \\`,
    `    -d '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"ada@example.com"}'`,
    '  npm run -s roster -- events tail --directory default',
    `  npm run -s entra -- --url ${tenantUrl} --token $TOKEN --users 100 --groups 5 --members 20`,
    'Connect Entra ID: Provisioning → Automatic → paste Tenant URL and Secret Token → Test Connection (docs/entra-setup.md).',
    '',
  ];
}

const quoted = (name: string) => (/^[\w.-]+$/.test(name) ? name : JSON.stringify(name));
