"""The tables and functions of the job engine, as our own migrations apply them.

procrastinate brings its schema as one SQL file. It is read from the installed
distribution without importing it, and followed by one function of our own.
"""

from __future__ import annotations

from importlib.metadata import distribution
from pathlib import Path

import sqlalchemy as sa

#: Waking means: make sure that one job waits which starts after we commit. A job
#: that waits already is held (FOR SHARE) until then, because a worker that took
#: it a moment before our commit would not see our work; fetching skips held rows.
_WAKE = """
CREATE FUNCTION hub_wake(
    _queue text, _task text, _lock text, _queueing_lock text, _args jsonb,
    _at timestamptz
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    _waiting record;
    _told text;
BEGIN
    LOOP
        SELECT id, scheduled_at INTO _waiting FROM procrastinate_jobs
            WHERE queueing_lock = _queueing_lock AND status = 'todo' FOR SHARE;
        IF FOUND THEN
            IF _waiting.scheduled_at > coalesce(_at, now()) THEN
                UPDATE procrastinate_jobs SET scheduled_at = _at
                    WHERE id = _waiting.id;
            END IF;
            _told := json_build_object(
                'type', 'job_inserted', 'job_id', _waiting.id)::text;
            PERFORM pg_notify('procrastinate_queue_v1#' || _queue, _told);
            PERFORM pg_notify('procrastinate_any_queue_v1', _told);
            RETURN;
        END IF;
        BEGIN
            PERFORM procrastinate_defer_jobs_v1(ARRAY[ROW(
                _queue, _task, 0, _lock, _queueing_lock, _args, _at
            )::procrastinate_job_to_defer_v1]);
            RETURN;
        EXCEPTION WHEN unique_violation THEN
            NULL;  -- another transaction was first and has committed: look again
        END;
    END LOOP;
END;
$$;
"""

_DROP = """
DO $$
DECLARE _name text;
BEGIN
    DROP TABLE procrastinate_events, procrastinate_periodic_defers,
        procrastinate_jobs, procrastinate_workers CASCADE;
    FOR _name IN
        SELECT p.oid::regprocedure::text FROM pg_proc p
        JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname = current_schema()
          AND (p.proname LIKE 'procrastinate\\_%' OR p.proname = 'hub_wake')
    LOOP
        EXECUTE 'DROP FUNCTION ' || _name || ' CASCADE';
    END LOOP;
    DROP TYPE procrastinate_job_to_defer_v1, procrastinate_job_status,
        procrastinate_job_event_type;
END;
$$;
"""


def schema_sql() -> str:
    """Every statement the job engine needs, for an empty database.

    Send it as one text without parameters (``apply_schema`` does): it holds ``%`` and
    function bodies, so it can be neither bound nor split.
    """
    packaged = distribution("procrastinate").locate_file("procrastinate/sql/schema.sql")
    return Path(str(packaged)).read_text("utf-8") + _WAKE


def apply_schema(connection: sa.Connection) -> None:
    """Make the job engine's objects, in the transaction of a migration."""
    _send(connection, schema_sql())


def drop_schema(connection: sa.Connection) -> None:
    """Take them away again, for a downgrade."""
    _send(connection, _DROP)


def _send(connection: sa.Connection, statements: str) -> None:
    cursor = connection.connection.cursor()
    try:
        cursor.execute(statements)
    finally:
        cursor.close()
