"""A catalog that is cut off anywhere loses nothing: `python -m proofs.cut_catalogs [RANDOM]`.

A shipped catalog, as a site's own of a new locale, is cut at each block of 4 KiB, at many random
places and at each of its last bytes: as it is, with its long texts wrapped, and as a later
version in which most texts changed. A worker that runs and one that starts must serve the same, each
message in its old or its new text, and the last good state on disk must not shrink. Prints figures;
exits 1 if any of this fails.
"""

import argparse
import logging
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import structlog

from tests.i18n.cutting import Site, edited, ends, positions, shipped, wrapped

RANDOM = 300


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("random", nargs="?", type=int, default=RANDOM)
    count = parser.parse_args().random
    # Each cut is logged as it should be, which would be many thousand lines here.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    failed = False
    for name, old in (("as shipped", shipped()), ("wrapped", wrapped(shipped()))):
        for kind, new in (("the same version", old), ("a later version", edited(old))):
            places = sorted({*positions(new, count), *ends(new)})
            faults = list(_faults(old, new, places))
            failed = failed or bool(faults)
            print(f"{name}, {kind}: {len(places)} cuts, {len(faults)} faults", flush=True)
            print("".join(f"  {fault}\n" for fault in faults[:10]), end="")
    sys.exit(1 if failed else 0)


def _faults(old: bytes, new: bytes, places: Iterable[int]) -> Iterable[str]:
    with tempfile.TemporaryDirectory() as folder:
        later = Site(Path(folder) / "later", new).whole
        site = Site(Path(folder) / "site", old)
        for place in places:
            for fault in site.faults(new[:place], site.whole, later):
                yield f"cut at byte {place}: {fault}"


if __name__ == "__main__":
    main()
