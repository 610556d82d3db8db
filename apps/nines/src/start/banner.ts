import pc from 'picocolors'

export interface BannerFacts {
  publicUrl: string
  ingestPort: number
  ingestGrpcPort: number
  ingestKey: string
  /** Null once an administrator exists. */
  setupToken: string | null
  dataDir: string
  readyAfterSeconds: number
  /** Where the demonstration's webhook inbox is; null without one. */
  demoUrl: string | null
}

/** What the user needs after a start: where to look, how to sign in, how to send the first data. */
export function banner(facts: BannerFacts): string {
  const { publicUrl, setupToken } = facts
  const signIn =
    setupToken === null
      ? `Sign in      ${publicUrl}/sign-in`
      : `First visit  ${publicUrl}/setup#${setupToken}\n               (makes you the administrator; the link works once)`
  return `
  ${pc.bold(pc.green('Nines is ready'))} after ${facts.readyAfterSeconds.toFixed(1)} s

  ${pc.bold('Dashboard')}    ${publicUrl}
  ${signIn}
  ${pc.bold('Data in')}      ${facts.dataDir}
${facts.demoUrl === null ? '' : demoLines(facts.demoUrl)}
  Send telemetry from any OpenTelemetry SDK or collector:

export OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:${facts.ingestPort}
export OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer ${facts.ingestKey}"
export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf

  ${pc.dim(`OTLP over gRPC: port ${facts.ingestGrpcPort}, with the same header.`)}

  ${pc.dim('Ctrl-C stops everything; the data stays.')}
`
}

function demoLines(demoUrl: string): string {
  return `
  ${pc.bold('Demo')}         a shop of three services, a month of history, two people on call
  Break it     npm run demo -- break checkout    (then: npm run demo -- mend checkout)
  Its pages    ${demoUrl}
`
}
