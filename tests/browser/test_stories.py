"""Each role's day in a real browser, in each language; its console is silent, and axe finds nothing."""

import re
from collections.abc import Mapping
from typing import Final

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

LANGUAGES: Final = ("en", "ru", "kk")
WORK: Final[Mapping[str, str]] = {"en": "My work", "ru": "Моя работа", "kk": "Менің жұмысым"}
RECORDED: Final[Mapping[str, str]] = {
    "en": "The finding is recorded.",
    "ru": "Результат записан.",
    "kk": "Нәтиже жазылды.",
}
TYPE: Final[Mapping[str, str]] = {
    "en": "Name the type of the violation.",
    "ru": "Укажите вид нарушения.",
    "kk": "Бұзу түрін көрсетіңіз.",
}
WHOLE: Final[Mapping[str, str]] = {
    "en": "The journal is whole.",
    "ru": "Журнал цел.",
    "kk": "Журнал бүтін.",
}
ADMITTED: Final[Mapping[str, str]] = {
    "en": "Give a role now.",
    "ru": "Теперь выдайте роль.",
    "kk": "Енді рөл беріңіз.",
}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_officer_works_by_keyboard_alone(visitor: Visitor, lang: str) -> None:
    page = visitor.page
    visitor.log_in("officer", lang)
    visitor.go("/console/work", shot=f"officer-work-{lang}")
    assert visitor.heading == WORK[lang]
    page.keyboard.press("?")
    expect(page.locator("dialog#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog#keys")).to_be_hidden()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/console/controls/\d+$"))
    if page.locator("[data-key=b]").count():
        page.keyboard.press("b")
    expect(page.locator("[data-key=f]")).to_be_visible()
    page.wait_for_load_state("load")
    visitor.look(f"officer-control-{lang}")
    page.keyboard.press("f")
    page.wait_for_url("**/finding")
    page.check("input[name=violation][value=yes]")
    page.fill("#id_minutes", "25")
    page.fill("#id_remark", "scales")
    page.keyboard.press("Tab")
    page.click("button[data-once]")
    expect(page.locator(".invalid-feedback")).to_contain_text(TYPE[lang])
    assert page.input_value("#id_remark") == "scales"
    visitor.complaints[:] = [one for one in visitor.complaints if "422" not in one]
    page.select_option("#id_violation_type", "undervaluation")
    page.select_option("#id_extent", "full")
    page.fill("#id_found_customs_value", "90000000")
    expect(page.locator("#declared .alert-warning")).to_be_visible()  # no payments are declared
    page.fill("#id_assessed", "1000000")
    visitor.look(f"officer-finding-{lang}")
    page.click("button[data-once]")
    expect(page.locator(".alert-success")).to_contain_text(RECORDED[lang])
    page.wait_for_load_state("load")
    page.keyboard.press("d")
    page.wait_for_url("**/ask")
    visitor.look()
    page.click("main button.btn-primary")
    page.wait_for_url(re.compile(r"/console/controls/\d+$"))
    _asks_for_another_control_and_no_longer_for_a_document(visitor, lang)
    page.keyboard.press("c")
    page.wait_for_url("**/conclude")
    visitor.look(f"officer-conclude-{lang}")
    page.check("input[name=outcome][value=corrected]")
    page.on("dialog", lambda dialog: dialog.accept())
    page.click("main button.btn-primary")
    page.wait_for_url("**/console/work")
    expect(page.locator(".alert-success")).to_be_visible()


def _asks_for_another_control_and_no_longer_for_a_document(visitor: Visitor, lang: str) -> None:
    page = visitor.page
    page.keyboard.press("r")
    page.wait_for_url("**/reroute?control=*")
    visitor.look(f"officer-reroute-{lang}")
    page.select_option("#id_control", "")
    page.check("input[name=measures][value=document_check]")
    page.fill("#id_reason", "scales")
    page.click("main button.btn-primary")
    page.wait_for_url(re.compile(r"/console/controls/\d+$"))
    page.click("main a[href$='/drop']")
    visitor.look(f"officer-drop-{lang}")
    page.fill("#id_reason", "found in the file")
    page.click("main button.btn-primary")
    page.wait_for_url(re.compile(r"/console/controls/\d+$"))
    visitor.look(f"officer-asked-{lang}")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_second_officer_agrees(visitor: Visitor, lang: str) -> None:
    visitor.log_in("second", lang)
    visitor.go("/console/work/to-confirm", shot=f"second-{lang}")
    first = visitor.page.locator("main tbody a").first
    first.click()
    visitor.look()
    visitor.page.check("input[name=agreed][value=yes]")
    visitor.page.click("main button.btn-primary")
    visitor.page.wait_for_url("**/to-confirm")
    expect(visitor.page.locator(".alert-success")).to_be_visible()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_supervisor_sees_load_and_marks_who_is_at_work(visitor: Visitor, lang: str) -> None:
    visitor.log_in("supervisor", lang)
    visitor.go("/console/board", shot=f"board-{lang}")
    expect(visitor.page.locator("main")).to_contain_text("Айгүл Серікқызы")
    row = visitor.page.locator("tr", has_text="Болат Нұрланов")
    row.locator("button").click()
    expect(visitor.page.locator(".alert-success")).to_contain_text("Болат Нұрланов")
    visitor.page.locator("main a[href*='/board/controls/']").first.click()
    visitor.look(f"reassign-{lang}")
    visitor.go("/console/board")
    visitor.page.locator("main a[href*='/board/reroutings/']").first.click()
    visitor.look(f"rerouting-{lang}")
    visitor.page.check("input[name=agreed][value=no]")
    visitor.page.fill("#id_comment", "no need")
    visitor.page.click("main button.btn-primary")
    visitor.page.wait_for_url("**/console/board")
    expect(visitor.page.locator(".alert-success")).to_be_visible()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_analyst_reads_why(visitor: Visitor, lang: str) -> None:
    visitor.log_in("analyst", lang)
    visitor.go("/console/decisions?corridor=red", shot=f"decisions-{lang}")
    visitor.page.locator("main tbody a").first.click()
    expect(visitor.page.locator("main")).to_contain_text("KZ-BN-01 v1")
    visitor.choose("theme", "dark")
    visitor.look(f"decision-dark-{lang}")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_internal_affairs_verify_the_journal(visitor: Visitor, lang: str) -> None:
    visitor.log_in("affairs", lang)
    visitor.go("/console/journal?act=control", shot=f"journal-{lang}")
    expect(visitor.page.locator("main table")).to_contain_text("control.opened")
    visitor.page.locator("form[action$='/journal/verify'] button").click()
    expect(visitor.page.locator(".alert-title")).to_have_text(WHOLE[lang])
    visitor.look()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_internal_affairs_hold_what_a_case_needs(visitor: Visitor, lang: str) -> None:
    page = visitor.page
    visitor.log_in("affairs", lang)
    visitor.go("/console/declarations")
    page.locator("main tbody a").first.click()
    page.locator("a[href$='/hold']").click()
    page.fill("#id_case", f"26-7511/{lang}")
    page.fill("#id_reason", "Запрос следователя от 20.11.2026")
    visitor.look(f"hold-put-{lang}")
    page.click("main button.btn-primary")
    expect(page.locator("main")).to_contain_text(f"26-7511/{lang}")
    visitor.look(f"hold-declaration-{lang}")
    visitor.go("/console/holds", shot=f"holds-{lang}")
    expect(page.locator("main table")).to_contain_text(f"26-7511/{lang}")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_administrator_admits_a_person_and_looks_at_health(visitor: Visitor, lang: str) -> None:
    page = visitor.page
    visitor.log_in("administrator", lang)
    visitor.go("/console/health", shot=f"health-{lang}")
    expect(page.locator("main")).to_contain_text("erp.example")
    visitor.go("/console/people/new")
    page.fill("#id_login", f"fresh-{lang}")
    page.fill("#id_name", "Нұрлан Жаңа")
    page.fill("#id_password", "ten tamed camels")
    page.click("main button.btn-primary")
    expect(page.locator(".alert-success")).to_contain_text(ADMITTED[lang])
    page.select_option("#id_role", "officer")
    page.select_option("#id_office", "53901")
    page.locator("form[action$='/grant'] button").click()
    expect(page.locator(".alert-success")).to_be_visible()
    visitor.look(f"person-{lang}")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_manager_sees_whether_it_works(visitor: Visitor, lang: str) -> None:
    visitor.log_in("manager", lang)
    visitor.page.set_viewport_size({"width": 1920, "height": 1080})
    visitor.go("/console/effect", shot=f"effect-{lang}")
    visitor.choose("theme", "dark")
    visitor.look(f"effect-dark-{lang}")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_login_is_clean_light_and_dark(visitor: Visitor, lang: str) -> None:
    visitor.page.goto("/accounts/login/")
    visitor.choose("lang", lang)
    visitor.look(f"login-{lang}")
    visitor.choose("theme", "dark")
    visitor.look(f"login-dark-{lang}")
