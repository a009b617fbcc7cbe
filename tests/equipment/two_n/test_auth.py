"""Answering the challenges of a 2N device."""

import asyncio
from base64 import b64encode
import hashlib
import re

from hypothesis import given, strategies as st
import pytest

from custom_components.cabinet_secure.equipment.two_n.auth import (
    Challenge,
    Credentials,
    parse_challenges,
)
from custom_components.cabinet_secure.equipment.two_n.errors import WrongCredentials

DIGEST = 'Digest realm="HTTPAPI", nonce="n1", qop="auth", algorithm=MD5'
TOKENS = st.text(alphabet="abcdefghijklmnopqrstuvwxyz-_", min_size=1, max_size=12)
VALUES = st.text(
    alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=20
)


def _answered(header: str) -> dict[str, str]:
    return {
        name: quoted or bare
        for name, quoted, bare in re.findall(r'(\w+)=(?:"([^"]*)"|([^,\s]+))', header)
    }


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _header(
    *challenges: str, encrypted: bool = False, method: str = "GET", uri: str = "/api/x"
) -> str | None:
    credentials = Credentials("cabinet", "s3cret")
    answer = credentials.answer(parse_challenges(challenges), encrypted=encrypted)
    return None if answer is None else answer[0].header(method, uri)


def test_challenges_are_read_from_all_headers_and_from_one_with_several() -> None:
    challenges = parse_challenges(
        ['Basic realm="a, b"', 'Negotiate, Digest realm="c", nonce=abc , Bearer x=y']
    )

    assert [challenge.scheme for challenge in challenges] == [
        "basic",
        "negotiate",
        "digest",
        "bearer",
    ]
    assert challenges[0].params == {"realm": "a, b"}
    assert challenges[2].params == {"realm": "c", "nonce": "abc"}


def test_a_token_in_place_of_parameters_does_not_hide_the_next_challenge() -> None:
    challenges = parse_challenges(["NTLM TlRMTVNTUAAC==, " + DIGEST])

    assert [challenge.scheme for challenge in challenges] == ["ntlm", "digest"]


def test_an_unfinished_value_does_not_hide_the_next_header() -> None:
    challenges = parse_challenges(['Digest realm="unfinished', DIGEST])

    assert challenges[-1].params["nonce"] == "n1"


def test_something_odd_is_skipped_up_to_the_next_comma() -> None:
    (challenge,) = parse_challenges(['Digest realm="r", (odd) x, nonce="n"'])[:1]

    assert challenge.params["realm"] == "r"
    assert parse_challenges(["=, (, \x00", ""]) == ()


@given(st.lists(st.text(max_size=200), max_size=4))
def test_no_header_makes_the_parser_fail(headers: list[str]) -> None:
    parse_challenges(headers)


@given(st.text(alphabet='Digest realm=",\\ =nc', max_size=80))
def test_no_header_that_looks_like_one_makes_the_parser_fail(header: str) -> None:
    credentials = Credentials("u", "p")
    challenges = parse_challenges([header])
    if (answer := credentials.answer(challenges, encrypted=True)) is not None:
        answer[0].header("GET", "/api/x")


@given(
    st.lists(
        st.tuples(TOKENS, st.dictionaries(TOKENS, VALUES, min_size=1, max_size=4)),
        min_size=1,
        max_size=4,
    )
)
def test_well_formed_challenges_are_read_as_they_were_written(
    written: list[tuple[str, dict[str, str]]],
) -> None:
    def quote(value: str) -> str:
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'

    header = ", ".join(
        scheme
        + " "
        + ", ".join(f"{key}={quote(value)}" for key, value in params.items())
        for scheme, params in written
    )

    read = parse_challenges([header])

    assert [(challenge.scheme, dict(challenge.params)) for challenge in read] == written


@pytest.mark.parametrize(
    ("algorithm", "digest"), [("MD5", hashlib.md5), ("SHA-256", hashlib.sha256)]
)
def test_a_digest_is_computed_as_rfc_7616_says(algorithm, digest) -> None:
    header = _header(
        f'Digest realm="r", nonce="n", qop="auth-int, auth", algorithm={algorithm}, '
        'opaque="o"',
        method="POST",
        uri="/api/switch/ctrl?switch=1",
    )

    assert header is not None
    given_ = _answered(header)
    secret = digest(b"cabinet:r:s3cret").hexdigest()
    target = digest(b"POST:/api/switch/ctrl?switch=1").hexdigest()
    expected = digest(
        f"{secret}:n:00000001:{given_['cnonce']}:auth:{target}".encode()
    ).hexdigest()
    assert given_["response"] == expected
    assert given_["qop"] == "auth"
    assert given_["opaque"] == "o"
    assert given_["algorithm"] == algorithm
    assert given_["uri"] == "/api/switch/ctrl?switch=1"


def test_a_server_without_quality_gets_the_digest_of_rfc_2069() -> None:
    header = _header('Digest realm="r", nonce="n"')

    assert header is not None
    given_ = _answered(header)
    secret = _md5("cabinet:r:s3cret")
    target = _md5("GET:/api/x")
    assert given_["response"] == _md5(f"{secret}:n:{target}")
    assert "nc" not in given_
    assert "algorithm" not in given_


def test_digest_is_taken_where_basic_comes_first() -> None:
    header = _header('Basic realm="HTTPAPI"', DIGEST)

    assert header is not None
    assert header.startswith("Digest ")


def test_the_stronger_digest_is_taken() -> None:
    header = _header(DIGEST, DIGEST.replace("MD5", "SHA-256"))

    assert header is not None
    assert "algorithm=SHA-256" in header


def test_basic_is_taken_where_nothing_else_is_offered() -> None:
    header = _header('Basic realm="HTTPAPI"')

    assert header == "Basic " + b64encode(b"cabinet:s3cret").decode()


UNANSWERABLE = [
    'Digest realm="r", nonce="n", qop="auth-int"',
    'Digest realm="r", nonce="n", algorithm=SHA-512-256',
    'Digest realm="r"',
    'Digest realm="\udce9", nonce="n"',
]


@pytest.mark.parametrize("digest", UNANSWERABLE)
def test_the_password_is_not_given_away_where_a_digest_is_offered(digest: str) -> None:
    assert _header('Basic realm="r"', digest) is None


@pytest.mark.parametrize("digest", UNANSWERABLE)
def test_basic_may_replace_an_odd_digest_over_an_encrypted_connection(
    digest: str,
) -> None:
    header = _header('Basic realm="r"', digest, encrypted=True)

    assert header is not None
    assert header.startswith("Basic ")


def test_no_known_scheme_means_no_answer() -> None:
    assert _header("Negotiate", "Bearer realm=x") is None
    assert _header() is None


def test_credentials_that_http_cannot_carry_are_wrong_without_being_shown() -> None:
    credentials = Credentials("cabinet", "pass\r\nword")

    with pytest.raises(WrongCredentials) as caught:
        credentials.answer(parse_challenges([DIGEST]), encrypted=True)

    assert "word" not in str(caught.value)


def test_nothing_that_holds_a_password_shows_it() -> None:
    credentials = Credentials("j.doe", "s3cret")
    answers = [
        credentials.answer(parse_challenges([header]), encrypted=False)
        for header in (DIGEST, "Basic realm=x")
    ]

    assert "s3cret" not in repr(credentials) + repr(answers)
    assert "j.doe" not in repr(credentials) + repr(answers)


async def test_requests_in_parallel_never_share_a_nonce_count() -> None:
    answer = Credentials("u", "p").answer(parse_challenges([DIGEST]), encrypted=False)
    assert answer is not None

    async def ask() -> str:
        await asyncio.sleep(0)
        return _answered(answer[0].header("GET", "/api/x"))["nc"]

    counts = await asyncio.gather(*(ask() for _ in range(50)))

    assert sorted(counts) == [f"{number:08x}" for number in range(1, 51)]


@pytest.mark.parametrize(
    ("params", "stale"),
    [({"stale": "TRUE"}, True), ({"stale": "false"}, False), ({}, False)],
)
def test_stale_is_read_in_any_case(params: dict[str, str], stale: bool) -> None:
    assert Challenge(scheme="digest", params=params).stale is stale
