-- CreateTable
CREATE TABLE "BudgetPolicy" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "steps" JSONB NOT NULL,
    "margin" DOUBLE PRECISION NOT NULL,
    "onUnknown" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdByName" TEXT NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedByName" TEXT NOT NULL,
    "deletedAt" TIMESTAMPTZ(3),

    CONSTRAINT "BudgetPolicy_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "BudgetPolicyChange" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "policyId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "sloId" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "byId" TEXT,
    "byName" TEXT NOT NULL,
    "fields" JSONB NOT NULL DEFAULT '[]',

    CONSTRAINT "BudgetPolicyChange_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "BudgetAttachment" (
    "sloId" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "policyId" TEXT NOT NULL,
    "objective" INTEGER,
    "readVersion" INTEGER NOT NULL DEFAULT 0,
    "readAt" BIGINT NOT NULL DEFAULT 0,
    "entered" JSONB NOT NULL DEFAULT '[]',
    "attachedAt" TIMESTAMPTZ(3) NOT NULL,
    "attachedByName" TEXT NOT NULL,

    CONSTRAINT "BudgetAttachment_pkey" PRIMARY KEY ("sloId")
);

-- CreateTable
CREATE TABLE "BudgetEvent" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "sloId" TEXT NOT NULL,
    "sloVersion" INTEGER NOT NULL,
    "policyId" TEXT NOT NULL,
    "policyName" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "objective" INTEGER NOT NULL,
    "target" DOUBLE PRECISION NOT NULL,
    "window" JSONB NOT NULL,
    "budgetLeftBelow" DOUBLE PRECISION NOT NULL,
    "budgetRemaining" DOUBLE PRECISION,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "recordedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "freezes" BOOLEAN NOT NULL,
    "note" TEXT,
    "notices" JSONB NOT NULL DEFAULT '[]',

    CONSTRAINT "BudgetEvent_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "BudgetPolicy_workspaceId_name_key" ON "BudgetPolicy"("workspaceId", "name");

-- CreateIndex
CREATE INDEX "BudgetPolicyChange_policyId_at_idx" ON "BudgetPolicyChange"("policyId", "at");

-- CreateIndex
CREATE INDEX "BudgetAttachment_policyId_idx" ON "BudgetAttachment"("policyId");

-- CreateIndex
CREATE INDEX "BudgetAttachment_workspaceId_idx" ON "BudgetAttachment"("workspaceId");

-- CreateIndex
CREATE INDEX "BudgetEvent_workspaceId_at_idx" ON "BudgetEvent"("workspaceId", "at");

-- CreateIndex
CREATE INDEX "BudgetEvent_sloId_at_idx" ON "BudgetEvent"("sloId", "at");

-- AddForeignKey
ALTER TABLE "BudgetPolicyChange" ADD CONSTRAINT "BudgetPolicyChange_policyId_fkey" FOREIGN KEY ("policyId") REFERENCES "BudgetPolicy"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "BudgetAttachment" ADD CONSTRAINT "BudgetAttachment_sloId_fkey" FOREIGN KEY ("sloId") REFERENCES "Slo"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "BudgetAttachment" ADD CONSTRAINT "BudgetAttachment_policyId_fkey" FOREIGN KEY ("policyId") REFERENCES "BudgetPolicy"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "BudgetEvent" ADD CONSTRAINT "BudgetEvent_sloId_fkey" FOREIGN KEY ("sloId") REFERENCES "Slo"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "BudgetEvent" ADD CONSTRAINT "BudgetEvent_policyId_fkey" FOREIGN KEY ("policyId") REFERENCES "BudgetPolicy"("id") ON DELETE CASCADE ON UPDATE CASCADE;
