"""The crash of SQLAlchemy under automatic collection on CPython 3.11, without Verso.

`python -m proofs.collection_alone [RUNS] [SECONDS]` runs threads that load rows in cycles, in processes
of their own with the debugging allocator: first with automatic collection, then with Verso's.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time

from sqlalchemy import ForeignKey, create_engine, select
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    mapped_column,
    relationship,
    selectinload,
)

THREADS, PARENTS, CHILDREN = 16, 60, 4


class Base(DeclarativeBase):
    pass


class Parent(Base):
    __tablename__ = "parents"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    children: Mapped[list["Child"]] = relationship(back_populates="parent")


class Child(Base):
    __tablename__ = "children"
    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int] = mapped_column(ForeignKey(Parent.id))
    parent: Mapped[Parent] = relationship(back_populates="children")


def load(seconds: float) -> None:
    """Load cycles of rows in many threads and let them go, for that many seconds."""
    folder = tempfile.TemporaryDirectory()
    engine = create_engine(f"sqlite:///{folder.name}/alone.db", pool_size=THREADS)
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        for number in range(PARENTS):
            session.add(Parent(name=str(number), children=[Child() for _ in range(CHILDREN)]))
        session.commit()
    end = time.monotonic() + seconds

    def read() -> None:
        while time.monotonic() < end:
            with Session(engine, expire_on_commit=False) as session:
                query = select(Parent).options(selectinload(Parent.children))
                for parent in session.scalars(query):
                    assert len(parent.children) == CHILDREN

    threads = [threading.Thread(target=read) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose()
    folder.cleanup()


def crashes(runs: int, seconds: float, prelude: str) -> int:
    """How many of that many processes are killed by a signal."""
    program = f"{prelude}from proofs.collection_alone import load; load({seconds})"
    environ = {**os.environ, "PYTHONMALLOC": "debug"}
    codes = [
        subprocess.run([sys.executable, "-c", program], env=environ, stderr=subprocess.DEVNULL)
        for _ in range(runs)
    ]
    return sum(done.returncode < 0 for done in codes)


def main(runs: int, seconds: float) -> int:
    ours = "from verso.runtime import collector; collector.start(); "
    print(f"Python {sys.version.split()[0]}, {runs} runs of {seconds} s, {THREADS} threads")
    print(f"automatic collection: {crashes(runs, seconds, '')} crashes")
    crashed = crashes(runs, seconds, ours)
    print(f"collection in a thread of its own: {crashed} crashes")
    return 1 if crashed else 0


if __name__ == "__main__":
    words = [*sys.argv[1:], *("5", "10")[len(sys.argv) - 1 :]]
    sys.exit(main(int(words[0]), float(words[1])))
