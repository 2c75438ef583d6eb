// Jest's global tear-down: ends what test-servers.mjs started.
export default async function endServers() {
  await globalThis.rosterTestServers?.();
}
