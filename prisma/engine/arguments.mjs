/**
 * What the Prisma CLI passes to its schema engine.
 * @typedef {{ wantsVersion: boolean, cliCommand: string | undefined, databaseUrl: string | undefined, datamodels: string[] }} EngineArguments
 */

/** @param {string[]} argv @returns {EngineArguments} */
export function readArguments(argv) {
  const valuesOf = (name) => argv.flatMap((arg, i) => (arg === name ? [argv[i + 1]] : []))
  const cli = argv.indexOf('cli')
  return {
    wantsVersion: argv.includes('--version'),
    cliCommand: cli < 0 ? undefined : (argv[cli + 1] ?? ''),
    databaseUrl: JSON.parse(valuesOf('--datasource')[0] ?? '{}').url,
    datamodels: valuesOf('--datamodels'),
  }
}
