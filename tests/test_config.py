"""Settings: typed, documented, and loud when they are wrong."""

from pathlib import Path
from typing import Any

import pytest

from verso import config
from verso.app import create_app
from verso.config import ConfigError


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"VERSO_BASE_ULR": "x"}, "Unknown setting VERSO_BASE_ULR"),
        ({"VERSO_BASE_ULR": "x"}, "Did you mean VERSO_BASE_URL?"),
        ({"VERSO_BASE_URL": "example.org"}, "VERSO_BASE_URL='example.org' is not valid"),
        ({"VERSO_MAX_BODY_BYTES": "-1"}, "whole number from 0 up"),
        ({"VERSO_MAX_BODY_BYTES": "many"}, "VERSO_MAX_BODY_BYTES='many'"),
        ({"VERSO_LOCALES": "en,xx-YY"}, "a locale that CLDR knows"),
        ({"VERSO_LOCALES": "en,iw"}, "a locale that CLDR knows"),
        ({"VERSO_LOCALES": "en,und"}, "a locale that CLDR knows"),
        ({"VERSO_LOCALES": "en,sr@latin"}, "a locale that CLDR knows"),
        ({"VERSO_LOCALES": "en,de.UTF-8"}, "a locale that CLDR knows"),
        ({"VERSO_LOCALES": "de,fr"}, "DEFAULT_LOCALE='en' is not one of LOCALES"),
        ({"VERSO_DATABASE_URL": "mysql://x"}, "postgresql://user@host/name"),
        ({"VERSO_TIMEZONE": "Mars/Olympus"}, "a time zone name"),
        ({"VERSO_LOG_FORMAT": "xml"}, "one of console, json"),
        ({"VERSO_SECRET_KEY": "short"}, "shorter than 32"),
        ({"VERSO_CONFIG": "/nowhere.toml"}, "cannot be read as TOML"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_a_sentence(
    environ: dict[str, str], words: str
) -> None:
    with pytest.raises(ConfigError, match=".") as caught:
        config.load({}, environ)
    assert words in str(caught.value)


def test_a_secret_is_not_shown_in_the_message() -> None:
    with pytest.raises(ConfigError) as caught:
        config.load({}, {"VERSO_SECRET_KEY": "hunter2"})
    assert "hunter2" not in str(caught.value)


def test_overrides_win_over_variables_and_variables_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "verso.toml"
    file.write_text('TIMEZONE = "Europe/Paris"\nMAX_BODY_BYTES = 5\nLOG_LEVEL = "error"\n')
    environ = {"VERSO_CONFIG": str(file), "VERSO_MAX_BODY_BYTES": "6", "VERSO_LOG_LEVEL": "debug"}
    settings = config.load({"LOG_LEVEL": "info"}, environ)
    assert (settings.TIMEZONE, settings.MAX_BODY_BYTES) == ("Europe/Paris", 6)
    assert settings.LOG_LEVEL == "info"


@pytest.mark.parametrize(
    ("given", "canonical"),
    [("pt_br", "pt-BR"), ("ZH-hans", "zh-Hans"), ("EN", "en"), ("zh_Hant_TW", "zh-Hant-TW")],
)
def test_locales_are_kept_in_their_canonical_spelling(given: str, canonical: str) -> None:
    assert config.load({"LOCALES": ["en", given]}, {}).LOCALES[-1] == canonical


@pytest.mark.parametrize("overrides", [{"LOCALS": ["en"]}, {"NOT_A_SETTING": 1}])
def test_the_factory_refuses_names_it_does_not_know(
    overrides: dict[str, Any], tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match="Unknown setting"):
        create_app({"INSTANCE_PATH": tmp_path, **overrides})


def test_flasks_own_names_pass_through(tmp_path: Path) -> None:
    app = create_app({"INSTANCE_PATH": tmp_path, "TESTING": True})
    assert app.testing and app.config["PROPAGATE_EXCEPTIONS"] is False


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    keys = {create_app({"INSTANCE_PATH": tmp_path / "new"}).secret_key for _ in range(2)}
    assert len(keys) == 1 and len(str(keys.pop())) >= 48
    assert (tmp_path / "new" / "secret_key").stat().st_mode & 0o077 == 0
