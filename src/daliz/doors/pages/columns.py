"""Which columns of a table a person leaves out: kept with the person, for every browser."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from daliz.doors.pages.access import page
from daliz.doors.pages.models import ColumnChoice
from daliz.doors.pages.returning import back_from
from daliz.ground.staff.actor import Actor

_MOST = 64
_LONGEST = 40


def hidden_by(request: HttpRequest, table: str) -> frozenset[str] | None:
    """Return the codes of the columns that whoever asks leaves out of a table; None where he chose none."""
    if not request.user.is_authenticated:
        return None
    row = ColumnChoice.objects.filter(user_id=request.user.pk, table=table).first()
    return frozenset(row.hidden) if row is not None else None


@require_POST
@page()
def choose(request: HttpRequest, actor: Actor, table: str) -> HttpResponse:
    """Keep which columns are shown, of those that the form offered, and go back."""
    shown = set(request.POST.getlist("shown"))
    offered = [code[:_LONGEST] for code in request.POST.getlist("offered")[:_MOST]]
    hidden = sorted(set(offered) - shown)
    ColumnChoice.objects.update_or_create(user_id=actor.person, table=table, defaults={"hidden": hidden})
    return HttpResponseRedirect(back_from(request))
