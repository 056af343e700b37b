"""Reading HTTP answers: as h11 reads them, in pieces of any size, within bounds."""

from contextlib import suppress
from itertools import pairwise

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.base.http.wire import Garbled, ResponseReader, write_request

LIMIT = 10_000


def read(data: bytes, cuts: list[int] | None = None, *, closed: bool = False, method: str = "POST") -> ResponseReader:
    """Feed the data cut at the given places."""
    reader = ResponseReader(method, LIMIT)
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts or [])})
    for start, end in pairwise(places):
        if not reader.done:
            reader.feed(data[start:end])
    if closed:
        reader.close()
    return reader


def oracle(data: bytes, closed: bool) -> tuple[int, bytes]:
    """The status and body that h11 reads."""
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method="POST", target="/", headers=[("host", "x"), ("content-length", "0")]))
    connection.send(h11.EndOfMessage())
    connection.receive_data(data)
    if closed:
        connection.receive_data(b"")
    status, body = 0, b""
    while type(event := connection.next_event()) is not h11.EndOfMessage:
        if isinstance(event, h11.Response):
            status = event.status_code
        elif isinstance(event, h11.Data):
            body += bytes(event.data)
        elif not isinstance(event, h11.InformationalResponse):
            raise AssertionError(f"h11 reads no whole answer: {event}")
    return status, body


bodies = st.lists(st.binary(max_size=60), max_size=5)
cuts = st.lists(st.integers(0, 2000), max_size=12)
statuses = st.integers(200, 599)
interim = st.sampled_from([b"", b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"])


@given(statuses, bodies, cuts, interim, st.sampled_from(["length", "chunked", "close"]))
def test_an_answer_is_read_as_h11_reads_it(
    status: int, parts: list[bytes], at: list[int], first: bytes, framing: str
) -> None:
    head = first + b"HTTP/1.1 %d Some reason\r\nServer: x\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\n" % status
    if framing == "length":
        data = head + b"Content-Length: %d\r\n\r\n" % sum(map(len, parts)) + b"".join(parts)
    elif framing == "chunked":
        chunks = b"".join(b"%X;ext=1\r\n%s\r\n" % (len(part), part) for part in parts if part)
        data = head + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\nTrailer: x\r\n\r\n"
    else:
        data = head + b"Connection: close\r\n\r\n" + b"".join(parts)
    if status in (204, 304):
        data, framing = head + b"\r\n", "none"
    reader = read(data, at, closed=framing == "close")
    assert reader.done
    assert (reader.response.status, reader.response.body) == oracle(data, framing == "close")
    assert reader.keep_alive is (framing != "close")
    assert reader.response.headers["set-cookie"] == "a=b, c=d"


@given(st.binary(max_size=300), cuts)
def test_no_bytes_make_it_raise_anything_but_garbled(data: bytes, at: list[int]) -> None:
    for prefix in (b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"):
        with suppress(Garbled):
            assert read(prefix + data, at, closed=True).done


@pytest.mark.parametrize(
    "data",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/2 200\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n12",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloXX0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nsp ace: x\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"a: " + b"x" * 40_000,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1" * 2000,
    ],
)
def test_garbled_answers_are_named(data: bytes) -> None:
    with pytest.raises(Garbled):
        read(data)


@pytest.mark.parametrize("framing", [b"Content-Length: 50000", b"Transfer-Encoding: chunked", b"Server: x"])
def test_a_huge_answer_is_cut_and_its_connection_not_used_again(framing: bytes) -> None:
    chunk = b"C350\r\n" if b"chunked" in framing else b""
    reader = read(b"HTTP/1.1 200 OK\r\n" + framing + b"\r\n\r\n" + chunk + b"x" * 50_000, list(range(0, 50_000, 4096)))
    assert reader.done
    assert reader.response.status == 200
    assert reader.response.truncated
    assert reader.response.body == b"x" * LIMIT
    assert reader.response.json() is None
    assert not reader.keep_alive


def test_an_answer_cut_off_is_an_error_and_one_that_ends_with_the_connection_is_not() -> None:
    with pytest.raises(Garbled):
        read(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", closed=True)
    assert read(b"HTTP/1.0 200 OK\r\n\r\nhello", closed=True).response.body == b"hello"


def test_a_head_request_has_no_body_to_wait_for() -> None:
    assert read(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", method="HEAD").done


def test_bytes_after_the_answer_end_the_connection() -> None:
    assert not read(b"HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\n").keep_alive


def test_a_request_is_written_and_a_header_cannot_break_out() -> None:
    data = write_request("POST", "/hook?a=b", "example.com", {"x-key": "v"}, b"body")
    assert data == b"POST /hook?a=b HTTP/1.1\r\nhost: example.com\r\ncontent-length: 4\r\nx-key: v\r\n\r\nbody"
    for name, value in (("x", "a\r\nb: c"), ("a b", "c"), ("", "c"), ("x", "a\0")):
        with pytest.raises(ValueError, match="character"):
            write_request("POST", "/", "example.com", {name: value}, b"")


def test_an_answer_is_quoted_on_one_short_line() -> None:
    quoted = read(b"HTTP/1.1 500 X\r\nContent-Length: 300\r\n\r\n" + b"a\r\n\x1b[31m" + b"b" * 292).response.text(20)
    assert quoted == "a [31mbbbbbbbbbbbbb…"
    assert read(b"HTTP/1.1 500 X\r\nContent-Length: 2\r\n\r\n\xff\xfe").response.text() == "\ufffd\ufffd"
