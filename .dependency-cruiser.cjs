/**
 * Which part may import which. DESIGN.md's arrows:
 * apps -> adapters -> pure domain -> contracts -> kernel, and web -> contracts alone.
 */
const pureDomain = '^packages/(slo|alerting|oncall|incidents|reviews|resilience)/src'
const adapters =
  '^packages/(pipeline|telemetry|records|ledger|delivery|checks|wire|instrument|http-server|embedded|egress|spool|promql|openslo)/src|^prisma/src'
const apps = '^apps/'
const tests = '[.](test|int[.]test)[.]tsx?$'
/** Test support inside a package, which only tests import. */
const testSupport = '(^|/)(test-fixtures|fixtures)/|[.]fixture[.]ts$|-under-test[.]ts$'
const notTests = `${tests}|${testSupport}`
const hosts = '^apps/nines/|^e2e/|^packages/testkit/|^packages/bench/'

/** A rule that no file matching `from` (tests apart) imports one matching `to`. */
const forbid = (name, comment, from, to) => ({
  name,
  comment,
  severity: 'error',
  from: { pathNot: notTests, ...from },
  to,
})

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Whatever forms a circle is one part in several files.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'packages-have-one-entry',
      comment: 'Another package is imported by its name, through its src/index.ts.',
      severity: 'error',
      from: { path: '^((?:apps|packages)/[^/]+|prisma|e2e)/' },
      to: {
        path: '^(apps|packages)/[^/]+/|^prisma/src/',
        pathNot: ['^$1/', '^(apps|packages)/[^/]+/src/index[.]ts$', '^prisma/src/index[.]ts$'],
      },
    },
    forbid(
      'kernel-imports-nothing-of-ours',
      'kernel is the bottom.',
      { path: '^packages/kernel/' },
      { path: '^(apps|packages/(?!kernel/)|prisma|e2e)' },
    ),
    forbid(
      'contracts-import-nothing-above',
      'contracts know kernel alone.',
      { path: '^packages/contracts/' },
      { path: '^(apps|packages/(?!contracts/|kernel/)|prisma|e2e)' },
    ),
    forbid(
      'pure-domain-knows-contracts-and-kernel',
      'Pure domain imports neither another domain package nor an adapter nor an app.',
      { path: '^packages/(slo|alerting|oncall|incidents|reviews|resilience)/' },
      { path: '^(apps|packages|prisma|e2e)/', pathNot: ['^packages/$1/', '^packages/(contracts|kernel)/'] },
    ),
    forbid(
      'pure-domain-does-no-io',
      'Time and data come as arguments; Node modules that reach outside do not belong here.',
      { path: pureDomain },
      { dependencyTypes: ['core'], pathNot: '^(node:)?(assert|util|crypto)$' },
    ),
    forbid('adapters-do-not-import-apps', 'Only the launcher and tests host apps.', { path: adapters }, { path: apps }),
    forbid(
      'apps-are-apart',
      'Apps meet through streams, jobs and contracts.',
      { path: '^apps/([^/]+)/', pathNot: `^apps/nines/|${notTests}` },
      { path: apps, pathNot: '^apps/$1/' },
    ),
    forbid(
      'web-knows-contracts',
      'The browser gets contracts and nothing else of ours.',
      { path: '^apps/web/' },
      { path: '^(apps/(?!web/)|packages/(?!contracts/)|prisma)' },
    ),
    forbid(
      'testkit-is-for-tests',
      'Production code does not start test services.',
      { path: '^(apps|packages)/', pathNot: `${hosts}|${notTests}` },
      { path: '^packages/testkit/' },
    ),
    forbid(
      'embedded-is-for-the-launcher',
      'No code path knows whether a store is embedded.',
      { path: '^(apps|packages)/', pathNot: `${hosts}|^packages/embedded/|${notTests}` },
      { path: '^packages/embedded/' },
    ),
  ],
  options: {
    // TypeScript 7 has no JavaScript API; swc parses types and values alike.
    parser: 'swc',
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(node_modules|dist)/|packages/records/src/generated/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    },
  },
}
