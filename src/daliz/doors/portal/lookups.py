"""Look a goods code up: in the official list where one is loaded, and in what the organisation declared."""

import json
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from daliz.customs.intake.models import Version
from daliz.customs.reference.queries import pack
from daliz.doors.pages.access import instant, page
from daliz.doors.pages.language import language
from daliz.doors.portal import own
from daliz.engine.official import Classification
from daliz.ground.staff.actor import Actor, Role

_RECENT: Final = 200
_MOST: Final = 20


@page(Role.DECLARANT)
def goods(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Return suggestions for what was typed of a code or a description."""
    asked = (
        next((str(value) for key, value in request.GET.items() if key.endswith("hs_code")), "")
        .strip()
        .lower()
    )
    found: dict[str, str] = {}
    if len(asked) >= 2:
        recent = Version.objects.filter(declaration__in=own.declarations_of(actor)).order_by("-id")
        for content in recent.values_list("content", flat=True)[:_RECENT]:
            for item in json.loads(content)["items"]:
                code, words = str(item.get("hs_code") or ""), str(item.get("description") or "")
                if code and (code.startswith(asked) or asked in words.lower()):
                    found.setdefault(code, words)
    official = Classification(pack().official).search(asked, instant().date(), language(), most=_MOST)
    named = list({**dict(official), **found}.items()) if len(asked) >= 2 else []
    return render(request, "portal/_goods.html", {"found": named[:_MOST]})
