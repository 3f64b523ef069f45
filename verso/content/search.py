"""The search index: an FTS5 table on SQLite, a tsvector on PostgreSQL, over terms that we make."""

from collections.abc import Sequence
from itertools import islice

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.orm import Session

from verso.content.terms import query_terms, terms
from verso.models import DocumentText

# Of many hits only the newest count: a term that stands everywhere says nothing about rank.
MOST_HITS = 1000
# With fewer exact hits than this, words that begin with the query's words are found too.
FEW_HITS = 20
MAX_QUERY_LENGTH = 200
MAX_QUERY_WORDS = 8
MAX_TITLE_TERMS = 200
MAX_INDEXED_TERMS = 15_000
INDEX_TABLE = "search_index"

_CREATE = {
    "sqlite": (
        "CREATE VIRTUAL TABLE search_index USING fts5(title, body, prefix = '2 3 4', "
        "tokenize = \"unicode61 remove_diacritics 0 categories 'L* N* M* Co'\")",
    ),
    "postgresql": (
        "CREATE TABLE search_index (text_id INTEGER PRIMARY KEY, vector tsvector NOT NULL)",
        "CREATE INDEX ix_search_index_vector ON search_index USING gin (vector)",
    ),
}
_INSERT = {
    "sqlite": "INSERT INTO search_index (rowid, title, body) VALUES (:id, :title, :body)",
    "postgresql": "INSERT INTO search_index (text_id, vector) "
    "VALUES (:id, CAST(:title AS tsvector) || CAST(:body AS tsvector))",
}
_DELETE = {
    "sqlite": "DELETE FROM search_index WHERE rowid IN :ids",
    "postgresql": "DELETE FROM search_index WHERE text_id IN :ids",
}
_FIND = {
    "sqlite": "SELECT rowid FROM search_index WHERE search_index MATCH :match "
    "ORDER BY rowid DESC LIMIT :limit",
    "postgresql": "SELECT text_id FROM search_index WHERE vector @@ CAST(:match AS tsquery) "
    "ORDER BY text_id DESC LIMIT :limit",
}


def create_index(connection: Connection) -> None:
    """Create the index of this dialect; the first migration calls it."""
    for statement in _CREATE[connection.dialect.name]:
        connection.execute(text(statement))


def index_text(session: Session, document_text: DocumentText, plain: str) -> None:
    """Put the words of a text into the index, replacing what stood there; plain are those of its body."""
    session.flush()
    remove_texts(session, [document_text.id])
    body = f"{document_text.summary} {plain}"
    insert_rows(session, [(document_text.id, document_text.title, body)])


def insert_rows(session: Session, rows: Sequence[tuple[int, str, str]]) -> None:
    """Index texts that are not in the index yet: their ids, titles and plain bodies."""
    dialect = _dialect(session)
    values = [{"id": text_id, **_indexed(dialect, title, body)} for text_id, title, body in rows]
    session.execute(text(_INSERT[dialect]), values)


def _indexed(dialect: str, title: str, body: str) -> dict[str, str]:
    title_terms = list(islice(terms(title), MAX_TITLE_TERMS))
    body_terms = list(islice(terms(body), MAX_INDEXED_TERMS))
    if dialect == "sqlite":
        return {"title": " ".join(title_terms), "body": " ".join(body_terms)}
    return {"title": _vector(title_terms, "A"), "body": _vector(body_terms, "")}


def remove_texts(session: Session, text_ids: Sequence[int]) -> None:
    """Take texts out of the index."""
    statement = text(_DELETE[_dialect(session)])
    session.execute(statement.bindparams(bindparam("ids", list(text_ids), expanding=True)))


def find_texts(session: Session, query: str, limit: int = MOST_HITS) -> list[int]:
    """Ids of the texts that hold every word of a query, best first: hits in titles, then the newest.

    Where exact hits are few, words that only begin with the query's words follow them. There are at
    most `limit` of each.
    """
    words = list(islice(query_terms(query[:MAX_QUERY_LENGTH]), MAX_QUERY_WORDS))
    if not words:
        return []
    found = _ranked(session, words, limit, prefix=False)
    if len(found) < min(FEW_HITS, limit):
        found = list(dict.fromkeys([*found, *_ranked(session, words, limit, prefix=True)]))
    return found


def _ranked(session: Session, words: list[list[str]], limit: int, *, prefix: bool) -> list[int]:
    hits = _hits(session, words, limit, prefix=prefix, in_title=False)
    titles = _hits(session, words, limit, prefix=prefix, in_title=True) if hits else ()
    return list(dict.fromkeys([*titles, *hits]))[:limit]


def _hits(
    session: Session, words: list[list[str]], limit: int, *, prefix: bool, in_title: bool
) -> Sequence[int]:
    dialect = _dialect(session)
    match = _MATCHES[dialect](words, prefix=prefix, in_title=in_title)
    return session.scalars(text(_FIND[dialect]), {"match": match, "limit": limit}).all()


def _sqlite_match(words: list[list[str]], *, prefix: bool, in_title: bool) -> str:
    """An FTS5 expression: terms are letters and digits only, so quoting them is enough."""
    star = " *" if prefix else ""
    phrases = " AND ".join(f'"{" ".join(word)}"{star}' for word in words)
    return f"title : ({phrases})" if in_title else phrases


def _postgresql_match(words: list[list[str]], *, prefix: bool, in_title: bool) -> str:
    star, weight = ("*" if prefix else ""), ("A" if in_title else "")
    label = f":{star}{weight}" if star or weight else ""
    phrases = (" <-> ".join(f"'{term}'{label}" for term in word) for word in words)
    return " & ".join(f"({phrase})" for phrase in phrases)


_MATCHES = {"sqlite": _sqlite_match, "postgresql": _postgresql_match}


def _vector(found: list[str], weight: str) -> str:
    return " ".join(f"'{term}':{place}{weight}" for place, term in enumerate(found, 1))


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name
