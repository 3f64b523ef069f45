"""Noise: what scanners try is told from what people look for."""

import pytest

from verso.content.noise import KINDS, noise_kind


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/wp-login.php", "wordpress"),
        ("/blog/wp-includes/wlwmanifest.xml", "wordpress"),
        ("/xmlrpc.php", "wordpress"),
        ("/.env", "secrets"),
        ("/.env.production", "secrets"),
        ("/en/.git/config", "secrets"),
        ("/.aws/credentials", "secrets"),
        ("/config.json", "secrets"),
        ("/phpMyAdmin/index.php", "databases"),
        ("/index.php", "programs"),
        ("/shell.jsp", "programs"),
        ("/cgi-bin/test", "servers"),
        ("/actuator/health", "servers"),
        ("/backup.sql", "backups"),
        ("/site.tar.gz", "backups"),
        ("/.well-known/acme-challenge/x", "well-known"),
        ("/apple-touch-icon-120x120.png", "browsers"),
        ("/en/../../etc/passwd", "malformed"),
        ('/"><script>', "malformed"),
        ("/x\ufffdy", "malformed"),
        ("/x\udcffy", "malformed"),
        ("/en/\x1b[2J", "malformed"),
        ("/proxy/203.0.113.7/x", "addresses"),
        ("/2001:db8:0:1::7", "addresses"),
    ],
)
def test_noise_has_a_kind(path: str, kind: str) -> None:
    assert noise_kind(path) == kind and kind in KINDS


@pytest.mark.parametrize(
    "path",
    [
        "/en/about",
        "/en/environment",
        "/en/blog/php-for-printers",
        "/en/2025/11/20/hello.html",
        "/en/version-1.2.3",
        "/en/wordpress-and-us",
        "/en/l'été",
        "/ar/مكتبة",
        "/ja/図書館",
        "/en/console-tables",
        "/en/10:30",
        "/en/favicon",
    ],
)
def test_what_people_may_mean_is_no_noise(path: str) -> None:
    assert noise_kind(path) is None
