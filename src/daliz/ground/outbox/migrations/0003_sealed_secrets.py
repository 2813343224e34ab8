"""The secrets of webhooks are kept sealed; those that are there are sealed now, and opened on the way back."""

from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from daliz.ground.outbox.sealing import opened, sealed


def seal(apps: StateApps, _: BaseDatabaseSchemaEditor) -> None:
    rows = apps.get_model("outbox", "Subscription").objects.exclude(secret="")
    if rows.exists() and not settings.SECRET_KEPT:
        raise RuntimeError(
            "DALIZ_SECRET_KEY is not given and DALIZ_HOME keeps none: secrets cannot be sealed"
        )
    for row in rows:
        row.secret = sealed(row.secret)
        row.save(update_fields=["secret"])


def unseal(apps: StateApps, _: BaseDatabaseSchemaEditor) -> None:
    for row in apps.get_model("outbox", "Subscription").objects.exclude(secret=""):
        row.secret = opened(row.secret)
        row.save(update_fields=["secret"])


class Migration(migrations.Migration):
    dependencies = [("outbox", "0002_reading_and_choices")]
    operations = [
        migrations.AlterField(model_name="subscription", name="secret", field=models.TextField(blank=True)),
        migrations.RunPython(seal, unseal),
    ]
