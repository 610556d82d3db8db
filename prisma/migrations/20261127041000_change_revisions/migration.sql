-- CreateTable
CREATE TABLE "ChangeRevision" (
    "id" TEXT NOT NULL,
    "changeId" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "kind" "ChangeKind" NOT NULL,
    "source" "ChangeSource" NOT NULL,
    "service" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "version" TEXT,
    "title" TEXT NOT NULL,
    "url" TEXT,
    "author" TEXT,
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "endedAt" TIMESTAMPTZ(3),
    "heldFrom" TIMESTAMPTZ(3) NOT NULL,
    "heldUntil" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ChangeRevision_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "ChangeRevision_changeId_idx" ON "ChangeRevision"("changeId");

-- CreateIndex
CREATE INDEX "ChangeRevision_workspaceId_heldUntil_idx" ON "ChangeRevision"("workspaceId", "heldUntil");

-- AddForeignKey
ALTER TABLE "ChangeRevision" ADD CONSTRAINT "ChangeRevision_changeId_fkey" FOREIGN KEY ("changeId") REFERENCES "Change"("id") ON DELETE CASCADE ON UPDATE CASCADE;
