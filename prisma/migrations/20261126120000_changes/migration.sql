-- CreateEnum
CREATE TYPE "ChangeKind" AS ENUM ('deploy', 'config', 'feature_flag');

-- CreateEnum
CREATE TYPE "ChangeSource" AS ENUM ('api', 'spans');

-- CreateTable
CREATE TABLE "Change" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "kind" "ChangeKind" NOT NULL,
    "source" "ChangeSource" NOT NULL,
    "externalId" TEXT NOT NULL,
    "service" TEXT NOT NULL,
    "environment" TEXT NOT NULL DEFAULT '',
    "version" TEXT,
    "title" TEXT NOT NULL,
    "url" TEXT,
    "author" TEXT,
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "endedAt" TIMESTAMPTZ(3),
    "createdById" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Change_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ServiceVersion" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "service" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "firstSeenAt" TIMESTAMPTZ(3) NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ServiceVersion_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Change_workspaceId_startedAt_idx" ON "Change"("workspaceId", "startedAt");

-- CreateIndex
CREATE UNIQUE INDEX "Change_workspaceId_source_externalId_key" ON "Change"("workspaceId", "source", "externalId");

-- CreateIndex
CREATE UNIQUE INDEX "ServiceVersion_workspaceId_service_environment_version_key" ON "ServiceVersion"("workspaceId", "service", "environment", "version");
