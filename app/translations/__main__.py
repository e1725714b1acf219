"""Compile the catalogue: `python -m app.translations`. Exits 1 when something is said in no Chinese yet."""

import sys

from app.translations import COMPILED, compiled, without_chinese

COMPILED.write_bytes(compiled())
missing = without_chinese()
for line in missing:
    sys.stderr.write(f"no Chinese: {line}\n")
sys.exit(1 if missing else 0)
