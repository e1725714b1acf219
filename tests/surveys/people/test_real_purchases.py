"""A public file of real purchases (CDNOW: 23,570 customers, 69,659 purchases) through the two importers."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from app import create_app
from app.extensions import commit
from config import ROOT, Config
from tests import world
from tests.conftest import ManualClock
from tests.test_commands import Shell

DATA = ROOT.parent / "shared" / "data" / "customers" / "CDNOW_master.txt"


def purchases() -> Iterator[tuple[str, date, str]]:
    for line in DATA.read_text("utf-8").splitlines()[1:]:
        if line.strip():
            customer, day, _, amount = line.split()
            yield customer, date.fromisoformat(day), amount


@pytest.mark.slow
@pytest.mark.skipif(not DATA.is_file(), reason="the purchases are not beside this checkout")
def test_every_purchase_is_kept_once_however_often_it_is_sent(sqlite_url: str, tmp_path: Path) -> None:
    app = create_app(Config(environment="testing", database_url=sqlite_url))
    with app.app_context():
        world.build(ManualClock().now())
        commit()
    bought = list(purchases())
    people = "\n".join(f"{ref},BJ-01" for ref in dict.fromkeys(ref for ref, _, _ in bought))
    (tmp_path / "people.csv").write_text(f"external_ref,branch\n{people}\n")
    lines = "\n".join(f"{ref},{day},{amount}" for ref, day, amount in bought)
    (tmp_path / "bought.csv").write_text(f"external_ref,date,amount\n{lines}\n")
    shell = Shell(sqlite_url)
    assert "23,570 new" in shell("import-customers", str(tmp_path / "people.csv"))
    assert "69,659 new" in shell("import-transactions", str(tmp_path / "bought.csv"))
    assert "0 new" in shell("import-transactions", str(tmp_path / "bought.csv"))
    with create_engine(sqlite_url).connect() as connection:
        kept = connection.execute(text("SELECT count(*), sum(amount_cents) FROM transactions")).one()
    assert tuple(kept) == (69_659, sum(round(float(amount) * 100) for _, _, amount in bought))
