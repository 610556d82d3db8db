import { createServer } from 'node:net'
import { NinesError } from '@nines/kernel'
import type { LauncherSettings } from './settings.ts'

/** Refuses, before anything is started, when a port that users know cannot be ours. */
export async function requirePublicPorts(settings: LauncherSettings): Promise<void> {
  const wanted = [
    {
      port: settings.apiPort,
      variable: 'NINES_API_PORT',
      purpose: 'the dashboard and API',
      other: settings.apiPort + 10,
    },
    {
      port: settings.ingestPort,
      variable: 'NINES_INGEST_PORT',
      purpose: 'OTLP over HTTP',
      other: settings.ingestPort + 10_000,
    },
    {
      port: settings.ingestGrpcPort,
      variable: 'NINES_INGEST_GRPC_PORT',
      purpose: 'OTLP over gRPC',
      other: settings.ingestGrpcPort + 10_000,
    },
  ]
  const problems: string[] = []
  for (const { port, variable, purpose, other } of wanted) {
    const code = await bindError(port, settings.host)
    if (code) problems.push(explain(code, port, settings.host, purpose, `${variable}=${other} npm start`))
  }
  if (problems.length > 0) throw new NinesError('unavailable', problems.join('\n'))
}

function bindError(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(undefined)))
  })
}

function explain(code: string, port: number, host: string, purpose: string, command: string): string {
  if (code === 'EADDRINUSE')
    return `Port ${port}, meant for ${purpose}, is taken by another program. Stop that program, or choose another port: ${command}`
  if (code === 'EACCES')
    return `No permission to listen on port ${port}, meant for ${purpose}. Choose a port above 1023: ${command}`
  if (code === 'EADDRNOTAVAIL')
    return `This machine has no address ${host} to listen on for ${purpose}. Set NINES_HOST to one of its own, or to 0.0.0.0 for all.`
  return `Cannot listen on ${host}:${port} for ${purpose} (${code}). Choose another port: ${command}`
}
