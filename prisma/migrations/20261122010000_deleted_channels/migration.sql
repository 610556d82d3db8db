-- AlterTable
ALTER TABLE "Channel" ADD COLUMN     "deletedAt" TIMESTAMPTZ(3);
