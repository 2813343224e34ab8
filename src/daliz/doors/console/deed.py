"""A page that asks one thing before something is done: a form, what is wrong with it, and where it leads."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render

from daliz.doors.pages.language import said, spoken
from daliz.language import DalizError


@dataclass(frozen=True, slots=True)
class Deed:
    """What is about to be done.

    Attributes:
        heading: what the page asks, marked with ``N_``.
        button: what the button says, marked.
        symbol: icon of the button.
        done: what is said afterwards, marked.
        back: address of the page that it leads back to.
        about: which declaration, in words; empty where the facts say what it is about.
        facts: what is to be known for it, by marked label.
        note: what follows, marked; empty if nothing is to be said.
    """

    heading: str
    button: str
    symbol: str
    done: str
    back: str
    about: str
    facts: tuple[tuple[str, str], ...] = ()
    note: str = ""


def carried_out(
    request: HttpRequest, deed: Deed, form: forms.Form, act: Callable[[dict[str, Any]], object]
) -> HttpResponseBase:
    """Show the page, or do it with what was typed; what is refused is said above the form, and all stays."""
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except DalizError as error:
            form.add_error(None, spoken(error))
        else:
            messages.success(request, said(deed.done))
            return redirect(deed.back)
    told = {
        "form": form,
        "heading": said(deed.heading),
        "button": said(deed.button),
        "symbol": deed.symbol,
        "back": deed.back,
        "about": deed.about,
        "facts": [(said(name), value) for name, value in deed.facts if value],
        "note": said(deed.note) if deed.note else "",
    }
    return render(request, "console/deed.html", told, status=422 if form.is_bound and form.errors else 200)
