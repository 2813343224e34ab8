"""Amend a registered declaration: the same form, filled with what stands, and a reason."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from daliz.customs import flow
from daliz.customs.control.states import ControlError
from daliz.customs.intake.actions import IntakeError
from daliz.customs.intake.life import ImpossibleStepError
from daliz.customs.intake.models import Version
from daliz.customs.intake.translate import declaration_of
from daliz.customs.reference.queries import pack
from daliz.doors.pages.access import instant, page
from daliz.doors.pages.language import said, spoken
from daliz.doors.pages.troubles import status_of
from daliz.doors.portal import own, writing
from daliz.engine.reading.single import Problem, SubmissionError, declaration_of_json
from daliz.ground.staff.actor import Actor, Role
from daliz.language import N_


@page(Role.DECLARANT)
def amend(request: HttpRequest, actor: Actor, key: int) -> HttpResponse:
    """Show what stands as a form; make a new version of what is changed in it."""
    declaration = own.declaration(actor, key)
    version = Version.objects.get(declaration=declaration, version=declaration.version)
    before = declaration_of(version).content
    content, wrong, refused = before, "", 200
    problems: tuple[Problem, ...] = ()
    act, reason = request.POST.get("act", ""), request.POST.get("reason", "")
    if request.method == "POST":
        content = writing.content_of_form(request, before)
        changed = writing.reshaped(act, content)
        if changed is not None or act == "check":
            content = changed or content
            problems = writing.found_in(content, whole=act == "check", further=True)
        else:
            try:
                needed = writing.found_in(content, whole=True, further=True)
                if needed:
                    raise SubmissionError(needed)
                flow.amend(
                    declaration=declaration,
                    declared=declaration_of_json(json.dumps(content), pack(), further=True),
                    reason=reason,
                    actor=actor,
                    now=instant(),
                )
            except SubmissionError as error:
                problems = error.problems
            except (IntakeError, ImpossibleStepError, ControlError) as error:
                wrong, refused = spoken(error), status_of(error)
            else:
                messages.success(request, said(N_("The amendment is registered.")))
                return redirect("portal:declaration", key)
    told = writing.context(
        request, content, problems, declaration=declaration, reason=reason, wrong=wrong, further=True,
        whole=bool(problems), checked=act == "check",
    )  # fmt: skip
    status = 422 if problems and act != "check" and not act.partition(":")[2] else refused
    return render(request, "portal/amend.html", told, status=status)
