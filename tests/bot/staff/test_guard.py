"""What stands before every page: hosts, origins, tokens, headers, and where signing in leads to."""

from urllib.parse import quote

import httpx
import pytest

from bot.settings import Settings, SettingsError, missing_secrets
from bot.staff.guard import own_path
from tests.bot.staff.console import Browser, RunningConsole

ELSEWHERE = [
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "javascript:1",
    "evil",
    "",
]


@pytest.fixture(scope="module")
def reader(console: RunningConsole) -> Browser:
    return console.client("reader")


def refused(answer: httpx.Response) -> bool:
    return answer.status_code == 403 and "You may not do this" in answer.text


@pytest.mark.parametrize("address", ELSEWHERE)
def test_only_our_own_pages_are_led_to(address: str) -> None:
    assert own_path(address) == "/"


def test_our_own_pages_are_led_to() -> None:
    assert own_path("/conversations?after=1&x=//y") == "/conversations?after=1&x=//y"


@pytest.mark.stack
def test_signing_in_leads_back_to_where_one_was(console: RunningConsole, reader: Browser) -> None:
    sent = console.browser().get("/conversations?channel=sms").headers["location"]
    assert sent == "/sign-in?next=%2Fconversations%3Fchannel%3Dsms"
    assert reader.get(sent).headers["location"] == "/conversations?channel=sms"
    for address in ELSEWHERE:
        assert reader.get(f"/sign-in?next={quote(address)}").headers["location"] == "/"


@pytest.mark.stack
def test_only_staff_learn_which_pages_there_are(console: RunningConsole, reader: Browser) -> None:
    nobody = console.browser()
    assert reader.get("/nothing").status_code == 404 and reader.put("/me").status_code == 405
    for path in ("/nothing", "/accounts", "/accounts/", "/nothing/.."):
        assert nobody.get(path).headers["location"].startswith("/sign-in?next=")
        assert nobody.post(path).status_code == 401 and nobody.put(path).status_code == 401


@pytest.mark.stack
def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(console: RunningConsole) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": f"{console.url}/conversations?a=b"}
    answer = console.browser().get("/me", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["hx-redirect"] == "/sign-in?next=%2Fconversations%3Fa%3Db"


@pytest.mark.stack
@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.", "", "[", "staff.example.org"])
def test_other_hosts_are_refused(reader: Browser, host: str) -> None:
    assert reader.get("/me", headers={"Host": host}).status_code in (400, 421)


@pytest.mark.stack
def test_names_of_this_machine_are_ours(console: RunningConsole, reader: Browser) -> None:
    for host in ("127.0.0.1", "localhost:1234", "[::1]:8001"):
        assert reader.get("/me", headers={"Host": host}).status_code == 200


@pytest.mark.stack
@pytest.mark.parametrize(
    "origin, site, fits",
    [
        ("own", None, True),
        ("own", "same-origin", True),
        ("null", "same-origin", True),  # what a browser sends under no-referrer
        (None, "same-origin", True),
        (None, None, False),
        ("null", None, False),
        ("own", "cross-site", False),
        ("own", "same-site", False),
        ("https://evil.example", "same-origin", False),
        ("https://evil.example", None, False),
        ("null", "cross-site", False),
        ("null", "none", False),
    ],
)
def test_where_a_form_comes_from(console: RunningConsole, origin: str | None, site: str | None, fits: bool) -> None:
    browser = console.browser()
    del browser.headers["Origin"]
    given = {"Origin": console.url if origin == "own" else origin, "Sec-Fetch-Site": site}
    headers = {name: value for name, value in given.items() if value is not None}
    answer = browser.post("/sign-in/code", data={"code": "000000"}, headers=headers)
    assert refused(answer) is not fits and (answer.status_code == 303) is fits


@pytest.mark.stack
def test_a_form_needs_the_token_of_its_sign_in(console: RunningConsole, reader: Browser) -> None:
    other = console.client("reader")
    for token in ("", "x", "ä", other.csrf, reader.csrf[:-1]):
        assert refused(reader.post("/me/password", data={"csrf": token}))
    assert refused(reader.post("/me/password"))
    assert not refused(reader.post("/me/password", data={"csrf": reader.csrf}))
    assert not refused(reader.post("/me/password", headers={"X-CSRF-Token": reader.csrf}))


def test_plain_http_is_for_this_machine_only() -> None:
    def base_url(given: str) -> str:
        return Settings.from_environment({**missing_secrets({}), "STAFF_BASE_URL": given}).staff_base_url

    assert base_url("") == "http://localhost:8001" and base_url("https://a.example.org/x/") == "https://a.example.org"
    for wrong in ("http://a.example.org", "a.example.org", "http://192.168.0.7:8001", "ftp://localhost"):
        with pytest.raises(SettingsError, match="STAFF_BASE_URL"):
            base_url(wrong)


@pytest.mark.stack
def test_what_is_no_form_is_refused(reader: Browser) -> None:
    def status(content: bytes, kind: str) -> int:
        return reader.post("/me/password", content=content, headers={"Content-Type": kind}).status_code

    form = "application/x-www-form-urlencoded"
    assert status(b"csrf=" + b"x" * 70_000, form) == 413
    assert status(b'{"csrf": ""}', "application/json") == 415
    assert status(b"csrf=1", "multipart/form-data; boundary=x") == 415
    assert status(b"\xff", form) == 400 and status(b"a=1&" * 300, form) == 400
    assert status(b"csrf=%00", form) == 400 and status(b"csrf=\0", form) == 400
    assert reader.get("/me?a=%00").status_code == 400 and reader.get("/accounts/%00/role").status_code in (400, 405)
    assert reader.post("/accounts/%00/role").status_code == 400


@pytest.mark.stack
def test_every_answer_carries_the_headers(console: RunningConsole, reader: Browser) -> None:
    nobody = console.browser()
    answers = [
        reader.get("/me"),
        reader.get("/nothing"),
        reader.post("/me/password"),
        nobody.get("/me"),
        nobody.get("/sign-in"),
        nobody.get("/me", headers={"Host": "evil.example"}),
        nobody.get("/static/staff.css"),
    ]
    assert [answer.status_code for answer in answers] == [200, 404, 403, 303, 200, 421, 200]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer is answers[-1] or answer.headers["cache-control"] == "no-store"
        assert "server" not in answer.headers


@pytest.mark.stack
def test_pages_hold_nothing_that_the_policy_forbids(console: RunningConsole) -> None:
    browser = console.client("admin")
    for path in ("/me", "/accounts", "/audit", "/audit/chain", "/nothing"):
        page = browser.get(path).text
        assert "style=" not in page and "<style" not in page and " onclick" not in page
        assert page.count("<script") == page.count('<script src="/static/')
        assert "http://" not in page and "https://" not in page


@pytest.mark.stack
def test_a_link_from_elsewhere_finds_whoever_is_signed_in(console: RunningConsole) -> None:
    browser = console.browser()
    there = browser.get("/sign-in?next=/me", headers={"Sec-Fetch-Site": "cross-site"}).text
    assert '<meta http-equiv="refresh" content="0;url=/sign-in?next=/me">' in there
    assert "http-equiv" not in browser.get("/sign-in?next=/me", headers={"Sec-Fetch-Site": "same-origin"}).text


@pytest.mark.stack
def test_files_are_ours_alone(console: RunningConsole) -> None:
    browser = console.browser()
    assert browser.get("/static/htmx.min.js").headers["content-type"].startswith("text/javascript")
    for path in ("/static/..%2fapp.py", "/static/%2e%2e/app.py", "/static/", "/static/staff.css%00"):
        assert browser.get(path).status_code in (303, 400, 404)  # a path that is no file is a page that there is not
