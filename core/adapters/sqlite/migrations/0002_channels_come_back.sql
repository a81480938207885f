ALTER TABLE template ADD COLUMN previous TEXT;
ALTER TABLE template ADD COLUMN noticed TEXT NOT NULL DEFAULT '{}';
ALTER TABLE channel_state ADD COLUMN probe_at INTEGER;
ALTER TABLE channel_state ADD COLUMN probed TEXT;
ALTER TABLE channel_state ADD COLUMN probes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE channel_state ADD COLUMN templates_due INTEGER;
