-- CreateEnum
CREATE TYPE "CorrectionEffect" AS ENUM ('exclude', 'good', 'count');

-- CreateTable
CREATE TABLE "Correction" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "serviceId" TEXT,
    "sloId" TEXT,
    "effect" "CorrectionEffect" NOT NULL,
    "startsAt" TIMESTAMPTZ(3) NOT NULL,
    "endsAt" TIMESTAMPTZ(3) NOT NULL,
    "rrule" TEXT,
    "timeZone" TEXT NOT NULL,
    "outside" BOOLEAN NOT NULL DEFAULT false,
    "reason" TEXT NOT NULL,
    "createdById" TEXT,
    "createdByName" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revokedAt" TIMESTAMPTZ(3),
    "revokedById" TEXT,
    "revokedByName" TEXT,
    "revokeReason" TEXT,

    CONSTRAINT "Correction_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Correction_workspaceId_revokedAt_idx" ON "Correction"("workspaceId", "revokedAt");
