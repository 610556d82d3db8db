-- CreateIndex
CREATE INDEX "Slo_serviceId_idx" ON "Slo"("serviceId");

-- CreateIndex
CREATE INDEX "AlertRule_sloId_idx" ON "AlertRule"("sloId");
