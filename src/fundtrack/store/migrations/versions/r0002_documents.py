"""Awards have a list of linked documents."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the column; no award has a document yet."""
    op.add_column("awards", sa.Column("documents", sa.Text))
