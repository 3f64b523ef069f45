"""Scanner noise: paths that nobody links to and programs try everywhere, by kind."""

import re

from verso.i18n.gettext import N_
from verso.models.documents import PATH_LENGTH

# The name of a kind, which stands for its paths in the table, and what such a path has in it.
# The first kind that fits is meant.
_PATTERNS = {
    "malformed": r"[\x00-\x1f\x7f-\x9f\"<>\\|;{}\[\]\u2028\u2029\ud800-\udfff\ufffd-\uffff]|/\.\.?(?:/|$)",
    "addresses": r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])|(?:[0-9a-f]{1,4}:){3}",
    "wordpress": r"/(?:wp-|wordpress(?:/|$)|xmlrpc\.php)|wlwmanifest\.xml",
    "databases": r"/(?:phpmyadmin|pma|myadmin|mysql|adminer|pgadmin|dbadmin|sqladmin)[^/]*(?:/|$)",
    "secrets": r"/\.(?:env|git|svn|hg|aws|ssh|docker|kube|npmrc|htpasswd|htaccess|ds_store|vscode|idea|config)"
    r"|/(?:id_rsa|credentials|secrets?|config)(?:\.(?:json|ya?ml|ini|bak|old|txt))(?:$|/)",
    "backups": r"\.(?:sql|bak|old|orig|save|swp|tar|tgz|gz|bz2|zip|rar|7z|dump|sqlite3?|db)$",
    "programs": r"\.(?:php\d?|phtml|aspx?|ashx|asmx|jspx?|jsf|cfm|cgi|pl|do|action)(?:/|$)",
    "servers": r"/(?:cgi-bin|server-status|actuator|solr|jenkins|manager/html|hnap1|boaform|owa|ecp"
    r"|autodiscover|vendor/phpunit|telescope|_ignition|console|druid|nacos|geoserver|sdk|gponform)(?:/|$)",
    "well-known": r"^/\.well-known(?:/|$)",
    "browsers": r"^/(?:apple-touch-icon[^/]*|favicon[^/]*|browserconfig\.xml|mstile[^/]*|ads\.txt"
    r"|app-ads\.txt|humans\.txt|security\.txt|sellers\.json|manifest\.json|site\.webmanifest"
    r"|apple-app-site-association|crossdomain\.xml|service-worker\.js|sw\.js)$",
}
_NOISE = re.compile(
    "|".join(f"(?P<{name.replace('-', '_')}>{pattern})" for name, pattern in _PATTERNS.items()),
    re.IGNORECASE,
)

KINDS = {
    "malformed": N_("Attempts with characters that no address has"),
    "addresses": N_("Attempts with a network address in the path"),
    "wordpress": N_("WordPress, which does not run here"),
    "databases": N_("Tools for databases"),
    "secrets": N_("Hidden files and secrets"),
    "backups": N_("Backups and archives"),
    "programs": N_("Programs in PHP, ASP and the like"),
    "servers": N_("Other server software"),
    "well-known": N_("Well-known addresses that nobody offers here"),
    "browsers": N_("Files that browsers and crawlers ask for by themselves"),
}


def noise_kind(path: str) -> str | None:
    """The kind of noise that a decoded path is, or None for a path that somebody may have meant."""
    found = _NOISE.search(path[:PATH_LENGTH])
    return found.lastgroup.replace("_", "-") if found and found.lastgroup else None
