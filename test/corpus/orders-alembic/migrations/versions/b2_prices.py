"""What a line costs"""
import sqlalchemy as sa
from alembic import op

revision = "b2"
down_revision = "a1"


def upgrade():
    with op.batch_alter_table("order_lines") as table:
        table.add_column(sa.Column("cents", sa.Integer, nullable=False, server_default="0"))


def downgrade():
    with op.batch_alter_table("order_lines") as table:
        table.drop_column("cents")
