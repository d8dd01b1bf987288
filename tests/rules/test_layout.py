from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
KERNEL = {p.name for p in (ROOT / "platform").iterdir() if (p / "__init__.py").exists()}


def test_platform_is_a_source_root_and_never_a_package():
    assert not (ROOT / "platform" / "__init__.py").exists()
    assert not (ROOT / "tests" / "platform").exists()


def test_no_package_of_ours_is_named_like_a_standard_module():
    assert not KERNEL & sys.stdlib_module_names
