import { createDatabase, withClient } from './database.mjs'
import { loadEngine } from './wasm-engine.mjs'

/**
 * One function for each JSON-RPC method: the few that the WebAssembly engine lacks or answers differently, and for
 * all others the engine's own.
 * @param {import('./arguments.mjs').EngineArguments} args
 */
export function createHandlers({ databaseUrl, datamodels }) {
  let loading
  const engine = () => (loading ??= loadEngine(databaseUrl, datamodels))
  const special = {
    createDatabase: (params) => createDatabase(params.datasource?.url ?? databaseUrl),
    getDatabaseVersion: async (params) => (await engine()).version(params),
    async dbExecute(params) {
      await withClient(params.datasourceType?.url ?? databaseUrl, (client) => client.query(params.script))
      return null
    },
    // The engine opens no shadow database here and works only from what devDiagnostic has left in its cache.
    async evaluateDataLoss(params) {
      const loaded = await engine()
      await loaded.devDiagnostic({ migrationsList: params.migrationsList, filters: params.filters })
      return loaded.evaluateDataLoss(params)
    },
    // The native engine prints through a request of its own; this one returns the text.
    async diff(params, print) {
      const result = await (await engine()).diff(params)
      if (typeof result.stdout === 'string') print(result.stdout)
      return result
    },
  }
  return async (method, params, print) => {
    const handler = special[method]
    return handler ? handler(params, print) : (await engine())[method](params)
  }
}
