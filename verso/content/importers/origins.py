"""The origin of an imported document: the path of its file, by which a later import finds it again."""

import hashlib
import posixpath
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from verso.models import Kind
from verso.models.documents import PATH_LENGTH
from verso.sections import match_locale

# In place of the folder of a language: `content/en/a.md` and `content/fr/a.md` are one document.
ANY_LANGUAGE = "*"
# Before the name of a folder that is not known by its path.
NAMED = "@"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origins:
    """The origins of the files below an imported folder, whose language is `locale`.

    `name` is what the folder is known by where its path differs from one import to the next.
    """

    root: Path
    locale: str
    name: str = ""

    def of(self, kind: Kind, file: str) -> str:
        """The origin of a document by the path of its file below the folder."""
        path = posixpath.normpath(f"{self._folder()}/{file}")
        origin = f"{kind}:{path}"
        if len(origin) <= PATH_LENGTH:
            return origin
        return f"{kind}:#{hashlib.sha256(path.encode()).hexdigest()}"

    def _folder(self) -> str:
        if self.name:
            return NAMED + self.name
        parts = list(self.root.parts[1:])
        for index in range(len(parts) - 1, -1, -1):
            if match_locale(parts[index], (self.locale,)):
                parts[index] = ANY_LANGUAGE
                break
        return "".join(f"/{part}" for part in parts)


def earlier_origin(kind: Kind, key: str) -> str:
    """The origin in databases of Verso before 0012: the path below the imported folder alone."""
    return f"{kind}:{key}"


def path_in(origin: str) -> str:
    """The path of the file that an origin holds, or nothing where it holds none."""
    path = origin.partition(":")[2]
    return path if path.startswith("/") else ""


def is_there(path: str) -> bool:
    """Whether the file of an origin still exists on this machine, in whichever language."""
    before, star, _ = path.partition(f"/{ANY_LANGUAGE}/")
    return Path(before).is_dir() if star else Path(path).is_file()


def locale_of_folder(folder: Path, locales: Collection[str]) -> str | None:
    """The language that a folder is named after: `fr`, or `posts` in Hugo's `content/fr/posts`."""
    parts = folder.resolve().parts
    below_content = [
        part for above, part in zip(parts, parts[1:], strict=False) if above == "content"
    ]
    names = [parts[-1], *reversed(below_content)]
    return next((locale for name in names if (locale := match_locale(name, locales))), None)
