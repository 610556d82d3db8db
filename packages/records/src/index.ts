export { createPrisma, type Database, type PrismaOptions } from './client.ts'
export { Prisma, PrismaClient } from './generated/client.ts'
