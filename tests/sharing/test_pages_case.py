"""The case page: where a case stands, what may be done on it, and every way in which doing it can be refused."""

from __future__ import annotations

from procedures.models import Case


def test_page(world, browser) -> None:
    case: Case = world.request()
    for name in ("authority", "requester", "authority_lead", "auditor"):
        response = browser(name).get(f"/cases/{case.number}/")
        assert response.status_code == 200, response.content.decode()[:2000]
    response = browser("authority").get("/work/")
    assert response.status_code == 200
    assert case.number in response.content.decode()
