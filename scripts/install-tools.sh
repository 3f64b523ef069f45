#!/bin/sh
# Install what the browser and catalog tests need, where that is possible without asking anybody.
set -u
cd "$(dirname "$0")/.." || exit 1

missing=""
command -v chromium-headless-shell >/dev/null 2>&1 || missing="$missing chromium-headless-shell fonts-noto-core"
command -v msgfmt >/dev/null 2>&1 || missing="$missing gettext"
command -v strace >/dev/null 2>&1 || missing="$missing strace"
command -v npm >/dev/null 2>&1 || missing="$missing npm"
command -v pg_dump >/dev/null 2>&1 || missing="$missing postgresql-client"
if [ -n "$missing" ]; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "==> Installing$missing with apt-get"
        # shellcheck disable=SC2086
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing; } >/dev/null 2>&1 \
            || echo "    That did not work; the tests that need them will skip."
    else
        echo "==> Not installed, so some tests will skip:$missing"
    fi
fi
if command -v npm >/dev/null 2>&1 && [ ! -d tests/browser/node_modules/axe-core ]; then
    echo "==> Installing html-validate and axe-core with npm"
    (cd tests/browser && npm ci --silent --no-audit --no-fund --ignore-scripts) >/dev/null 2>&1 \
        || echo "    That did not work; the tests that need them will skip."
fi
exit 0
