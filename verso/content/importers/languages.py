"""Which of the site's languages a file means by its name or its front matter."""

from collections.abc import Sequence
from dataclasses import dataclass

from babel import localedata

from verso.sections import match_locale


@dataclass(frozen=True, slots=True, kw_only=True)
class Languages:
    """The language of files that say nothing, and those that the site is made in."""

    locale: str
    locales: Sequence[str]

    def named(self, suffix: str) -> str | None:
        """The locale that `.fr` or `.pt_BR` in a file name means, or None."""
        known = match_locale(suffix, (self.locale, *self.locales))
        alike = (one for one in (self.locale, *self.locales) if one.split("-")[0] == suffix.lower())
        return known or next(alike, None)

    def canonical(self, locale: str) -> str:
        """A locale as the site spells it, without a region that the site does not tell apart."""
        language = locale.replace("_", "-").split("-")[0]
        return self.named(locale) or self.named(language) or locale.replace("_", "-")

    def knows(self, locale: str) -> bool:
        """Whether there is such a language at all."""
        return bool(self.named(locale)) or localedata.exists(locale.replace("-", "_"))
