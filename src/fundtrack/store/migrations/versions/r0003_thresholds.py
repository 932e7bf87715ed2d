"""A charity may have thresholds of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column; every charity keeps the usual ones."""
    op.add_column("organisation", sa.Column("thresholds", sa.Text))
