-- A window is rolling or of the calendar, and an SLO may have several objectives.
ALTER TABLE "SloVersion" ADD COLUMN "window" JSONB, ADD COLUMN "furtherObjectives" JSONB NOT NULL DEFAULT '[]';
UPDATE "SloVersion" SET "window" = jsonb_build_object('kind', 'rolling', 'days', "windowDays");
ALTER TABLE "SloVersion" ALTER COLUMN "window" SET NOT NULL, DROP COLUMN "windowDays";
