-- What administrators read: a page is a walk along this index, however many events there are of people's tokens and sessions.
CREATE INDEX "audit_events_administered" ON "audit_events" ("id" DESC)
    WHERE "subject_type" IN ('user', 'role', 'repository', 'workspace', 'app');
