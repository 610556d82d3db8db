-- Exceptions from an SLO's freeze gate. Never deleted: they are their own audit trail.
CREATE TABLE "GateException" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "sloId" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "createdById" TEXT,
    "createdByName" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "revokedByName" TEXT,
    "revokedAt" TIMESTAMPTZ(3),
    "signature" TEXT NOT NULL,

    CONSTRAINT "GateException_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "GateException_workspaceId_sloId_createdAt_idx" ON "GateException"("workspaceId", "sloId", "createdAt");
