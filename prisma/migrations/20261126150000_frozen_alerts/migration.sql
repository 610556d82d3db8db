-- AlterTable
ALTER TABLE "Alert" ADD COLUMN     "frozenSince" TIMESTAMPTZ(3);
