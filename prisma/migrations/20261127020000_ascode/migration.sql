-- AlterTable
ALTER TABLE "CodeObject" ADD COLUMN     "budgetPolicyId" TEXT,
ADD COLUMN     "correctionId" TEXT;

-- CreateIndex
CREATE UNIQUE INDEX "CodeObject_budgetPolicyId_key" ON "CodeObject"("budgetPolicyId");

-- CreateIndex
CREATE UNIQUE INDEX "CodeObject_correctionId_key" ON "CodeObject"("correctionId");

-- AddForeignKey
ALTER TABLE "CodeObject" ADD CONSTRAINT "CodeObject_budgetPolicyId_fkey" FOREIGN KEY ("budgetPolicyId") REFERENCES "BudgetPolicy"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CodeObject" ADD CONSTRAINT "CodeObject_correctionId_fkey" FOREIGN KEY ("correctionId") REFERENCES "Correction"("id") ON DELETE CASCADE ON UPDATE CASCADE;
