import { createHmac } from 'node:crypto'
import type { PrismaClient } from '@nines/records'
import { betterAuth } from 'better-auth'
import { prismaAdapter } from 'better-auth/adapters/prisma'

export interface AuthOptions {
  prisma: PrismaClient
  publicUrl: string
  secretKey: string
}

/** Carries the address that the server saw into better-auth; whatever a client sends under this name is replaced. */
export const CLIENT_ADDRESS_HEADER = 'x-nines-client-address'

const DAY_SECONDS = 86_400

/**
 * Sessions and passwords. Users come only from the first setup and from invitations, so signing up is closed; requests
 * are accepted from the public URL and from the origin they were sent to, which a page of another site cannot forge.
 */
export function createAuth({ prisma, publicUrl, secretKey }: AuthOptions) {
  return betterAuth({
    appName: 'Nines',
    baseURL: publicUrl,
    basePath: '/api/auth',
    secret: createHmac('sha256', Buffer.from(secretKey, 'base64')).update('sessions').digest('base64'),
    database: prismaAdapter(prisma, { provider: 'postgresql' }),
    trustedOrigins: (request) => [new URL(publicUrl).origin, ...ownOrigins(request)],
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12, maxPasswordLength: 128 },
    session: { expiresIn: 14 * DAY_SECONDS, updateAge: DAY_SECONDS },
    // Limited by this server, which knows the client's address.
    rateLimit: { enabled: false },
    disabledPaths: ['/sign-up/email', '/sign-in/social', '/delete-user', '/change-email'],
    advanced: { cookiePrefix: 'nines', ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS_HEADER] } },
    telemetry: { enabled: false },
    logger: { disabled: true },
  })
}

export type Auth = ReturnType<typeof createAuth>

/** The origins that the request's own Host header stands for, so that 127.0.0.1 works as well as localhost. */
function ownOrigins(request: Request | undefined): string[] {
  const host = request?.headers.get('host')
  return host ? [`http://${host}`, `https://${host}`] : []
}
