"""The documentation says what the code does: settings, commands and the map of modules."""

import re
from dataclasses import fields
from pathlib import Path

from click.testing import CliRunner

from verso.__main__ import verso
from verso.config import Settings
from verso.i18n.checks.findings import REASONS, Level

ROOT = Path(__file__).parent.parent


def test_every_setting_is_documented_and_nothing_else() -> None:
    text = (ROOT / "docs" / "settings.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `VERSO_(\w+)` \| .* \| (.+) \|$", text, re.MULTILINE))
    assert rows == {spec.name: spec.metadata["doc"] for spec in fields(Settings)}


def test_every_finding_about_a_translation_is_documented_and_nothing_else() -> None:
    text = (ROOT / "docs" / "translating.md").read_text("utf-8")
    rows = re.findall(r"^\| (error|warning|note).*? \| (.+) \|$", text, re.MULTILINE)
    levels = {"error": Level.ERROR, "warning": Level.WARN, "note": Level.INFO}
    documented = {
        code: levels[level] for level, row in rows for code in re.findall(r"`([\w-]+)`", row)
    }
    assert documented == {code: level for code, (level, _) in REASONS.items()}


def test_every_command_has_a_help_worth_reading() -> None:
    for name, command in verso.commands.items():
        answer = CliRunner().invoke(verso, [name, "--help"])
        assert answer.exit_code == 0
        assert command.help and len(command.help) > 30, name


def test_links_in_the_documentation_lead_somewhere() -> None:
    for page in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")):
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_every_module_says_what_it_is_for() -> None:
    for module in (ROOT / "verso").rglob("*.py"):
        first = module.read_text("utf-8").partition("\n")[0]
        assert first.startswith('"""'), f"{module} does not begin with a sentence"
