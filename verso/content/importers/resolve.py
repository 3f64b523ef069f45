"""Where a link in an imported text leads: to a document, to an image, out, or nowhere."""

import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from verso.content.arrange import anchors_of, find_anchor
from verso.content.importers.images import IMAGE_SUFFIXES, FoundImage, ImageRefused, Images
from verso.content.importers.links import KEEP, Action, Answer
from verso.content.importers.old_addresses import derived_paths, stated_paths
from verso.content.importers.origins import Origins, earlier_origin
from verso.content.importers.plan import Planned
from verso.content.importers.sources import SECTION_FOLDERS, TextFile
from verso.content.importers.wording import is_safe_link
from verso.content.markdown import render
from verso.content.urls import document_url, locate, old_owners
from verso.models import Document, Kind

_ENDING = re.compile(r"\.(?:html?|md|markdown)$", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)

# What there is to say about an address: which chapter of the report, and the words.
Say = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class _Owner:
    """A document of the run that had an old path in a language, stated or not."""

    planned: Planned
    locale: str
    is_derived: bool

    def rank(self, locale: str) -> tuple[bool, bool, bool]:
        """Stated addresses come first, then the language of the link, then originals."""
        is_translation = self.locale != self.planned.source.main.locale
        return self.is_derived, self.locale != locale, is_translation


class Resolver:
    """Knows the addresses of all documents of a run, and reads the images that they show."""

    def __init__(
        self,
        session: Session,
        origins: Origins,
        plan: Sequence[Planned],
        *,
        base_url: str,
        locales: Sequence[str],
    ) -> None:
        self.session, self.origins, self.locales = session, origins, locales
        self.root = origins.root
        self.base = urlsplit(base_url)
        self.files: dict[str, tuple[Planned, str | None]] = {}
        self.old: dict[str, list[_Owner]] = {}
        self.urls: set[str] = set()
        self.images = Images(session)
        self.anchors: dict[tuple[str, str], Mapping[str, str]] = {}
        for planned in plan:
            self._learn(planned)

    def _learn(self, planned: Planned) -> None:
        for text in planned.source.texts.values():
            is_main = text is planned.source.main
            self.files[text.file] = planned, None if is_main else text.locale
            for is_derived, paths in ((False, stated_paths(text)), (True, derived_paths(text))):
                for path in paths:
                    owner = _Owner(planned, text.locale, is_derived)
                    self.old.setdefault(_key(path), []).append(owner)
        self.urls |= {unquote(planned.url(locale)) for locale in (*self.locales, *planned.slugs)}

    def answer(self, address: str, text: TextFile, *, is_image: bool, say: Say) -> Answer:
        """What happens to an address in a text; `say` hears what a person should know."""
        place, _, fragment = address.partition("#")
        if not place.strip():
            return KEEP
        if text.metadata.is_clean:
            return self._exact(unquote(place), fragment, text, is_image=is_image, say=say)
        if _is_web(place):
            return self._outside(address, text, is_image=is_image, say=say)
        if _SCHEME.match(place):
            if is_safe_link(place) and not is_image:
                return KEEP
            say("links", f"{address}: no address that can be followed")
            return Answer(Action.TEXT)
        path = unquote(place.partition("?")[0])
        found = self._document(path, text)
        if found and not is_image:
            return self._moved(found, fragment, text.locale)
        file = self._file(path, text)
        if file is not None and (is_image or file.suffix.lower() in IMAGE_SUFFIXES):
            return self._image(file, address, say)
        return self._unresolved(address, path, file, is_image=is_image, say=say)

    def image(self, address: str, text: TextFile, say: Say) -> FoundImage | None:
        """The image file that front matter names, or None."""
        if _SCHEME.match(address) or address.startswith("//"):
            say("images", f"{address}: on another server")
            return None
        file = self._file(unquote(address.partition("?")[0]), text)
        if file is None:
            say("images", f"{address}: there is no such file")
            return None
        return self._checked(file, address, say)

    def _exact(
        self, path: str, fragment: str, text: TextFile, *, is_image: bool, say: Say
    ) -> Answer:
        """What the exporter wrote names files by their whole name; all else is as it was."""
        if path.endswith(".md") and not _SCHEME.match(path) and not path.startswith("/"):
            joined = posixpath.normpath(posixpath.join(posixpath.dirname(text.file), path))
            found = self.files.get(joined)
            return self._moved(found, fragment, text.locale, exact=True) if found else KEEP
        is_file = not _SCHEME.match(path) and not path.startswith("/")
        file = self._file(path, text) if is_file else None
        is_picture = file is not None and file.suffix.lower() in IMAGE_SUFFIXES
        return self._image(file, path, say) if file and is_picture else KEEP

    def _outside(self, address: str, text: TextFile, *, is_image: bool, say: Say) -> Answer:
        """An address with a host: that of the old site is our own."""
        parts = urlsplit(address)
        prefix = self.base.path.rstrip("/") + "/"
        is_old_host = bool(self.base.netloc) and _host(parts.netloc) == _host(self.base.netloc)
        if is_old_host and f"{parts.path}/".startswith(prefix):
            path = unquote(parts.path[len(prefix) - 1 :])
            owner = self._owner(path, text.locale)
            if owner and not is_image:
                return self._moved((owner, None), parts.fragment, text.locale)
            file = self._file(path, text) if path.strip("/") else None
            if file is not None and file.suffix.lower() in IMAGE_SUFFIXES:
                return self._image(file, address, say)
        if is_image:
            say("images", f"{address}: on another server, became a link")
            return Answer(Action.LINK)
        return KEEP

    def _document(self, path: str, text: TextFile) -> tuple[Planned, str | None] | str | None:
        """A document of this run by file or old path, else the URL of one that is there already."""
        if path.startswith("@/"):
            return self._by_end(path[2:])
        if path.startswith("/"):
            owner = self._owner(path, text.locale)
            return (owner, None) if owner else self._stored_old(path, text.locale)
        folder = posixpath.dirname(text.file)
        joined = posixpath.normpath(posixpath.join(folder, path))
        for candidate in _file_candidates(joined):
            if candidate in self.files:
                return self.files[candidate]
        own = text.metadata.old_path.strip("/")
        for base in (own, posixpath.dirname(own)) if own else ():
            owner = self._owner(posixpath.normpath(posixpath.join(base, path)), text.locale)
            if owner:
                return owner, None
        return self._stored_file(path, joined, text.locale)

    def _owner(self, path: str, locale: str) -> Planned | None:
        """The document of this run that an old path led to, for a text in a language."""
        owners = self.old.get(_key(path), [])
        return min(owners, key=lambda owner: owner.rank(locale)).planned if owners else None

    def _by_end(self, path: str) -> tuple[Planned, str | None] | None:
        """A file by the end of its path, as links from a site's root name it."""
        path = re.sub(r"^(?:\.{0,2}/)+", "", path)
        for candidate in _file_candidates(path):
            for file, found in self.files.items():
                if file == candidate or file.endswith(f"/{candidate}"):
                    return found
        return None

    def _stored_old(self, path: str, locale: str) -> str | None:
        """The URL of a document of an earlier run that had this path."""
        for candidate in (_key(path), f"{_key(path)}.html"):
            said, kind, rest = locate(candidate, self.locales)
            owners = old_owners(self.session, kind, rest, said or locale)
            if owners:
                return document_url(self.session, owners[0][0], locale)
        return None

    def _stored_file(self, path: str, joined: str, locale: str) -> str | None:
        """The URL of a document that an earlier run made of a file in a folder beside this one."""
        if ".." not in path:
            return None
        files = _file_candidates(joined)
        origins = [self.origins.of(kind, file) for file in files for kind in Kind]
        parts = [part for part in PurePosixPath(joined).parts if part != ".."]
        if parts and (kind_of_folder := SECTION_FOLDERS.get(parts[0])) is not None:
            files = _file_candidates("/".join(parts[1:]))
            origins += [earlier_origin(kind_of_folder, file) for file in files]
        for origin in origins:
            document = self.session.scalar(select(Document).where(Document.origin == origin))
            if document is not None:
                return document_url(self.session, document, locale)
        return None

    def _moved(
        self,
        found: tuple[Planned, str | None] | str,
        fragment: str,
        locale: str,
        *,
        exact: bool = False,
    ) -> Answer:
        end = f"#{fragment}" if fragment else ""
        if isinstance(found, str):
            return Answer(Action.MOVE, found + end, found)
        planned, named = found
        locale = named or locale
        if fragment and not exact:
            end = f"#{find_anchor(self._anchors(planned, locale), fragment) or fragment}"
        text = planned.source.texts.get(locale, planned.source.main)
        return Answer(Action.MOVE, planned.url(locale) + end, text.metadata.title)

    def _anchors(self, planned: Planned, locale: str) -> Mapping[str, str]:
        text = planned.source.texts.get(locale, planned.source.main)
        key = planned.source.origin, text.locale
        if key not in self.anchors:
            self.anchors[key] = anchors_of(render(text.body).headings)
        return self.anchors[key]

    def _file(self, path: str, text: TextFile) -> Path | None:
        """A file in the imported folder, or in `static` in it or beside it; never another."""
        if path.startswith("/"):
            roots = [self.root, self.root / "static", self.root / "public", self.root / "assets"]
            tries = [(root, root / path.lstrip("/")) for root in roots]
            beside = self.root.parent / "static"
            tries.append((beside, beside / path.lstrip("/")))
        else:
            tries = [(self.root, self.root / posixpath.dirname(text.file) / path)]
        for root, file in tries:
            # Names from outside may be too long or hold what no file system takes.
            if len(path) < 500 and "\0" not in path and file.is_file():
                real = file.resolve()
                if real.is_relative_to(root.resolve()):
                    return real
        return None

    def _image(self, file: Path, address: str, say: Say) -> Answer:
        image = self._checked(file, address, say)
        return Answer(Action.MOVE, image.url) if image else Answer(Action.TEXT)

    def _checked(self, file: Path, address: str, say: Say) -> FoundImage | None:
        try:
            return self.images.find(file)
        except ImageRefused as error:
            say("images", f"{address}: {error}")
            return None

    def _unresolved(
        self, address: str, path: str, file: Path | None, *, is_image: bool, say: Say
    ) -> Answer:
        if is_image:
            reason = "no image" if file else "there is no such file"
            say("images", f"{address}: {reason}, its text was kept")
            return Answer(Action.TEXT)
        if file is not None:
            say("links", f"{address}: a file that is no image, its text was kept")
            return Answer(Action.TEXT)
        if unquote(path) in self.urls or path.startswith("/media/"):
            return KEEP
        if path.startswith("/") and self.base.netloc:
            host = f"{self.base.scheme}://{self.base.netloc}"
            say("links", f"{address}: now leads to the old site")
            return Answer(Action.MOVE, host + address, address)
        say("links", address)
        return KEEP


def _is_web(place: str) -> bool:
    return place.startswith("//") or place.lower().startswith(("http://", "https://"))


def _host(name: str) -> str:
    return name.lower().removeprefix("www.")


def _key(path: str) -> str:
    """An old path as it is looked up: without slashes, `index.html` and ending."""
    return _ENDING.sub("", path.strip("/").removesuffix("index.html").strip("/"))


def _file_candidates(path: str) -> list[str]:
    path = path.rstrip("/")
    bare = _ENDING.sub("", path)
    folders = [f"{bare}/index.md", f"{bare}/_index.md"]
    return [path, f"{bare}.md", f"{bare}.markdown", *folders]
