-- CreateTable
CREATE TABLE "CheckInterval" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "checkId" TEXT NOT NULL,
    "heldFrom" TIMESTAMPTZ(3) NOT NULL,
    "intervalSeconds" INTEGER,

    CONSTRAINT "CheckInterval_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "CheckInterval_workspaceId_checkId_idx" ON "CheckInterval"("workspaceId", "checkId");

-- What was before is not known: each check is taken to have run as it does now.
INSERT INTO "CheckInterval" ("id", "workspaceId", "checkId", "heldFrom", "intervalSeconds")
SELECT 'chi_' || regexp_replace("id", '^chk_', ''), "workspaceId", "id", "createdAt", CASE WHEN "enabled" THEN "intervalSeconds" END
FROM "Check";
