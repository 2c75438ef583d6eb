/** A path with its attribute names in another case, as Microsoft's own tests write them: `DisplayName`, `Emails[Type eq "work"].Value`. */
export function inOtherCase(path: string): string {
  const [, urn = '', names = ''] = /^((?:urn:.*:)?)([^:]*)$/.exec(path) ?? [];
  return `${urn}${names.replaceAll(/(^|[[.])([a-z])/g, (_, before: string, letter: string) => before + letter.toUpperCase())}`;
}
