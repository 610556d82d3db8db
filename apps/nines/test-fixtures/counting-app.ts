import { appendFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { StartApp } from '@nines/kernel'

/** The smallest app there can be; it notes each start and each drain in the file FIXTURE_JOURNAL. */
export const start: StartApp = async (env) => {
  const note = (line: string) => appendFileSync(env.FIXTURE_JOURNAL ?? '', `${line} ${env.FIXTURE_NAME}\n`)
  const server = createServer((request, response) => response.writeHead(request.url === '/readyz' ? 200 : 404).end())
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(Number(env.FIXTURE_PORT), '127.0.0.1', resolve)
  })
  note('up')
  const stop = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    note('drained')
  }
  return { name: 'counting', url: `http://127.0.0.1:${env.FIXTURE_PORT}`, stop }
}
