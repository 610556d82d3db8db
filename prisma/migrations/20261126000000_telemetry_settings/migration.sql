-- CreateTable
CREATE TABLE "TelemetrySettings" (
    "workspaceId" TEXT NOT NULL,
    "samplesPerSecond" BIGINT NOT NULL,
    "logsPerSecond" BIGINT NOT NULL,
    "spansPerSecond" BIGINT NOT NULL,
    "bytesPerSecond" BIGINT NOT NULL,
    "maxActiveSeries" INTEGER NOT NULL,
    "maxNewSeriesPerMinute" INTEGER NOT NULL,
    "maxLabels" INTEGER NOT NULL,
    "maxLabelNameBytes" INTEGER NOT NULL,
    "maxLabelValueBytes" INTEGER NOT NULL,
    "maxPastSeconds" INTEGER NOT NULL,
    "maxFutureSeconds" INTEGER NOT NULL,
    "metricsRetentionDays" INTEGER NOT NULL,
    "logsRetentionDays" INTEGER NOT NULL,
    "tracesRetentionDays" INTEGER NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedById" TEXT,

    CONSTRAINT "TelemetrySettings_pkey" PRIMARY KEY ("workspaceId")
);

-- AddForeignKey
ALTER TABLE "TelemetrySettings" ADD CONSTRAINT "TelemetrySettings_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;
