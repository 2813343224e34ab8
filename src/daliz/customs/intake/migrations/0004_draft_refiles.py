"""Drafts know in the place of which declaration they come."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """One column."""

    dependencies: ClassVar = [("intake", "0003_drafts")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="draft",
            name="refiles",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="intake.declaration",
            ),
        ),
    ]
