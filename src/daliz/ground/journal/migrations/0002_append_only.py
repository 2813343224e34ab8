"""The database itself refuses to change or delete what the journal says."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

KEPT = ("id", "at", "actor", "act", "subject_kind", "subject_id", "version", "payload_digest")

SQLITE_ON = (
    f"CREATE TRIGGER journal_entry_kept BEFORE UPDATE OF {', '.join(KEPT)} ON journal_entry "
    "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
    "CREATE TRIGGER journal_payload_kept BEFORE UPDATE OF payload, salt ON journal_entry "
    "WHEN NEW.payload IS NOT NULL OR NEW.salt IS NOT NULL "
    "BEGIN SELECT RAISE(ABORT, 'a payload is only ever erased'); END",
    "CREATE TRIGGER journal_entry_stays BEFORE DELETE ON journal_entry "
    "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
    "CREATE TRIGGER journal_seal_kept BEFORE UPDATE ON journal_seal "
    "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
    "CREATE TRIGGER journal_seal_stays BEFORE DELETE ON journal_seal "
    "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
)
SQLITE_OFF = tuple(
    f"DROP TRIGGER journal_{name}"
    for name in ("entry_kept", "payload_kept", "entry_stays", "seal_kept", "seal_stays")
)
POSTGRES_ON = (
    """CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$""",
    f"CREATE TRIGGER entry_kept BEFORE UPDATE OF {', '.join(KEPT)} ON journal_entry "
    "FOR EACH ROW EXECUTE FUNCTION journal_refuse()",
    "CREATE TRIGGER payload_kept BEFORE UPDATE OF payload, salt ON journal_entry FOR EACH ROW "
    "WHEN (NEW.payload IS NOT NULL OR NEW.salt IS NOT NULL) EXECUTE FUNCTION journal_refuse()",
    "CREATE TRIGGER entry_stays BEFORE DELETE ON journal_entry FOR EACH ROW EXECUTE FUNCTION journal_refuse()",
    "CREATE TRIGGER seal_kept BEFORE UPDATE OR DELETE ON journal_seal "
    "FOR EACH ROW EXECUTE FUNCTION journal_refuse()",
)
POSTGRES_OFF = (
    "DROP TRIGGER entry_kept ON journal_entry",
    "DROP TRIGGER payload_kept ON journal_entry",
    "DROP TRIGGER entry_stays ON journal_entry",
    "DROP TRIGGER seal_kept ON journal_seal",
    "DROP FUNCTION journal_refuse()",
)


def on(_: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in SQLITE_ON if editor.connection.vendor == "sqlite" else POSTGRES_ON:
        editor.execute(statement)


def off(_: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in SQLITE_OFF if editor.connection.vendor == "sqlite" else POSTGRES_OFF:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunPython(on, off)]
