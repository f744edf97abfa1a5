"""The tables as queries see them; `migrations.py` makes them, and a test holds the two together."""

from sqlalchemy import BigInteger, Column, Float, LargeBinary, MetaData, Table, Text

metadata = MetaData()

inbox = Table(
    "inbox",
    metadata,
    Column("id", Text, primary_key=True),
    Column("event", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("installation_id", BigInteger),
    Column("repository", Text, nullable=False),
    Column("body", LargeBinary),
    Column("signature", Text, nullable=False, unique=True),
    Column("received_at", Float, nullable=False),
    Column("state", Text, nullable=False),
    Column("generation", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("changed_at", Float, nullable=False),
)
repair = Table(
    "repair",
    metadata,
    Column("repository", Text, primary_key=True),
    Column("run_id", BigInteger, primary_key=True),
    Column("run_attempt", BigInteger, primary_key=True),
    Column("installation_id", BigInteger, nullable=False),
    Column("ending", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("fate", Text, nullable=False),
    Column("changed_at", Float, nullable=False),
)
outcome = Table(
    "outcome",
    metadata,
    Column("repository", Text, primary_key=True),
    Column("run_id", BigInteger, primary_key=True),
    Column("run_attempt", BigInteger, primary_key=True),
    Column("installation_id", BigInteger, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("strategy", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("head_sha", Text, nullable=False),
    Column("head_branch", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("model_calls", BigInteger, nullable=False),
    Column("prompt_tokens", BigInteger, nullable=False),
    Column("cached_tokens", BigInteger, nullable=False),
    Column("completion_tokens", BigInteger, nullable=False),
    Column("wall_s", Float, nullable=False),
    Column("attempts", BigInteger, nullable=False),
    Column("cheats", BigInteger, nullable=False),
    Column("signals", Text, nullable=False),
    Column("trace_id", Text, nullable=False),
    Column("ended_at", Float, nullable=False),
)
installation = Table(
    "installation",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("account", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("changed_at", Float, nullable=False),
)
replica = Table(
    "replica",
    metadata,
    Column("executor_id", Text, primary_key=True),
    Column("beat", BigInteger, nullable=False),
)
