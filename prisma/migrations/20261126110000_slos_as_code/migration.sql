-- CreateTable
CREATE TABLE "CodeDocument" (
    "id" TEXT NOT NULL,
    "workspaceId" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "isSealed" BOOLEAN NOT NULL DEFAULT false,
    "file" TEXT NOT NULL,
    "commit" TEXT,
    "line" INTEGER NOT NULL,
    "notes" JSONB NOT NULL,
    "appliedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "appliedById" TEXT,

    CONSTRAINT "CodeDocument_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "CodeObject" (
    "id" TEXT NOT NULL,
    "documentId" TEXT NOT NULL,
    "sloId" TEXT,
    "serviceId" TEXT,
    "applied" JSONB NOT NULL,

    CONSTRAINT "CodeObject_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "CodeDocument_workspaceId_format_kind_name_key" ON "CodeDocument"("workspaceId", "format", "kind", "name");

-- CreateIndex
CREATE UNIQUE INDEX "CodeObject_sloId_key" ON "CodeObject"("sloId");

-- CreateIndex
CREATE UNIQUE INDEX "CodeObject_serviceId_key" ON "CodeObject"("serviceId");

-- CreateIndex
CREATE INDEX "CodeObject_documentId_idx" ON "CodeObject"("documentId");

-- AddForeignKey
ALTER TABLE "CodeDocument" ADD CONSTRAINT "CodeDocument_workspaceId_fkey" FOREIGN KEY ("workspaceId") REFERENCES "Workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CodeObject" ADD CONSTRAINT "CodeObject_documentId_fkey" FOREIGN KEY ("documentId") REFERENCES "CodeDocument"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CodeObject" ADD CONSTRAINT "CodeObject_sloId_fkey" FOREIGN KEY ("sloId") REFERENCES "Slo"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CodeObject" ADD CONSTRAINT "CodeObject_serviceId_fkey" FOREIGN KEY ("serviceId") REFERENCES "Service"("id") ON DELETE CASCADE ON UPDATE CASCADE;
