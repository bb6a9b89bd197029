create index if not exists note_at on note(at);
