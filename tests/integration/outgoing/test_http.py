"""The outgoing client against a real server that answers well, badly, late and not at all."""

import asyncio

import pytest
import uvloop
from tests.doubles.certificates import Authority
from tests.doubles.http_sink import Fault, HttpSink, Reply

from muster.base.http import Failure, Http, Timeouts, Unreachable

QUICK = Timeouts(connect=1.0, silence=0.3, total=1.5)


async def failure(http: Http, url: str) -> Unreachable:
    """The failure of a POST that must fail."""
    with pytest.raises(Unreachable) as caught:
        await http.post(url, b"{}")
    return caught.value


async def test_a_post_arrives_whole_and_connections_are_kept(http: Http) -> None:
    async with HttpSink() as sink:
        for number in range(5):
            answer = await http.post(f"{sink.url}/hook?n={number}", b"x" * 100_000, {"x-key": "value"})
            assert (answer.status, answer.body) == (200, b"ok")
        assert [request.path for request in sink.requests] == [f"/hook?n={number}" for number in range(5)]
        assert sink.requests[0].body == b"x" * 100_000
        assert sink.requests[0].headers["x-key"] == "value"
        assert sink.requests[0].headers["host"] == f"127.0.0.1:{sink.port}"
        assert sink.connections == 1


async def test_idle_connections_are_given_up(http: Http) -> None:
    async with HttpSink() as sink:
        await http.post(sink.url, b"")
        await asyncio.sleep(0.8)
        await http.post(sink.url, b"")
        assert sink.connections == 2


async def test_only_so_many_requests_run_at_once_to_one_place() -> None:
    http = Http(allow_private=True, timeouts=QUICK, per_origin=3)
    async with HttpSink(Reply(after=0.02)) as sink:
        await asyncio.gather(*(http.post(sink.url, b"") for _ in range(30)))
        assert len(sink.requests) == 30
        assert sink.connections == 3
    await http.close()


async def test_a_redirect_is_not_followed(http: Http) -> None:
    async with HttpSink() as private, HttpSink(Reply(302, b"", {"Location": f"{private.url}/admin"})) as sink:
        answer = await http.post(sink.url, b"{}")
        assert answer.status == 302
        assert private.requests == []


async def test_loopback_by_address_or_by_name_is_refused_before_any_connection() -> None:
    http = Http(timeouts=QUICK)
    async with HttpSink() as sink:
        for host in ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433"):
            error = await failure(http, f"http://{host}:{sink.port}/")
            assert error.kind is Failure.FORBIDDEN
            assert error.permanent
            assert "MUSTER_ALLOW_PRIVATE_TARGETS=1" in str(error)
        assert sink.connections == 0


async def test_the_connection_goes_to_the_address_that_was_judged() -> None:
    asked: list[str] = []

    async def resolver(host: str, port: int, allow_private: bool) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    http = Http(timeouts=QUICK, resolver=resolver)
    async with HttpSink() as sink:
        answer = await http.post(f"http://hooks.example:{sink.port}/", b"")
        assert answer.status == 200
        assert sink.requests[0].headers["host"] == f"hooks.example:{sink.port}"
        assert asked == ["hooks.example"]
    await http.close()


async def test_a_storm_looks_a_name_up_once() -> None:
    asked: list[str] = []

    async def resolver(host: str, port: int, allow_private: bool) -> list[str]:
        asked.append(host)
        await asyncio.sleep(0.01)
        return ["127.0.0.1"]

    http = Http(timeouts=QUICK, resolver=resolver)
    async with HttpSink(Reply(after=0.01)) as sink:
        await asyncio.gather(*(http.post(f"http://hooks.example:{sink.port}/", b"") for _ in range(20)))
        assert sink.connections == 20
    assert asked == ["hooks.example"]
    await http.close()


async def test_the_next_address_is_tried_when_one_does_not_answer() -> None:
    async def resolver(host: str, port: int, allow_private: bool) -> list[str]:
        return ["127.0.0.9", "127.0.0.1"]

    http = Http(timeouts=QUICK, resolver=resolver)
    async with HttpSink() as sink:
        assert (await http.post(f"http://hooks.example:{sink.port}/", b"")).status == 200
    await http.close()


async def test_tls_is_verified_against_the_name(authority: Authority) -> None:
    async def resolver(host: str, port: int, allow_private: bool) -> list[str]:
        return ["127.0.0.1"]

    async with HttpSink(tls=authority.server) as sink:
        http = Http(tls=authority.client, resolver=resolver, timeouts=QUICK)
        assert (await http.post(f"https://hooks.example:{sink.port}/", b"")).status == 200
        wrong_name = await failure(http, f"https://other.example:{sink.port}/")
        assert wrong_name.kind is Failure.TLS
        assert "other.example" in str(wrong_name)
        unknown = await failure(
            Http(tls=authority.stranger, resolver=resolver, timeouts=QUICK), f"https://hooks.example:{sink.port}/"
        )
        assert unknown.kind is Failure.TLS
        assert "self-signed certificate" in str(unknown)
        await http.close()


async def test_a_server_without_tls_is_told(http: Http) -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(plain, "127.0.0.1", 0) as server:
        error = await failure(http, f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
    assert error.kind is Failure.TLS
    assert "does not speak TLS" in str(error)


async def test_a_server_that_never_finishes_the_handshake_is_given_up(http: Http) -> None:
    async with HttpSink() as sink:
        error = await failure(http, sink.url.replace("http:", "https:"))
    assert error.kind is Failure.TIMEOUT
    assert "did not accept a connection" in str(error)


async def test_silence_is_not_waited_out(http: Http) -> None:
    async with HttpSink(Fault.HANG) as sink:
        error = await failure(http, sink.url)
        assert error.kind is Failure.TIMEOUT
        assert str(error) == "127.0.0.1 said nothing for 0.3 seconds."


async def test_a_dripping_answer_ends_with_the_total_time(http: Http) -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        try:
            while not writer.is_closing():
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.1)
        except OSError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    error = await failure(http, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
    assert error.kind is Failure.TIMEOUT
    assert "longer than 1.5 seconds" in str(error)
    assert error.answer is not None
    assert (error.answer.status, error.answer.truncated) == (200, True)
    await asyncio.sleep(0.2)
    server.close()


@pytest.mark.parametrize(
    "fault", [Fault.RESET, Fault.CLOSE, b"220 mail.example ESMTP\r\n", b"HTTP/1.1 200 OK\r\nContent-Le"]
)
async def test_a_broken_answer_is_told(http: Http, fault: Fault | bytes) -> None:
    async with HttpSink(fault) as sink:
        error = await failure(http, f"{sink.url}/services/very/secret")
        assert error.kind is Failure.BROKEN
        assert not error.permanent
        assert "secret" not in str(error)


async def test_a_kept_connection_that_was_closed_meanwhile_is_replaced(http: Http) -> None:
    async with HttpSink() as sink:
        sink.next(Reply(), Fault.RESET, Reply())
        await http.post(sink.url, b"1")
        assert (await http.post(sink.url, b"2")).status == 200
        assert [request.body for request in sink.requests] == [b"1", b"2", b"2"]


async def test_a_huge_answer_is_cut_and_does_not_fill_the_memory(http: Http) -> None:
    async with HttpSink(Reply(200, b"x" * 3_000_000)) as sink:
        answer = await http.request("POST", sink.url, limit=1000)
        assert (answer.status, len(answer.body), answer.truncated) == (200, 1000, True)
        sink.answer = Reply()
        assert (await http.post(sink.url, b"")).status == 200
        assert sink.connections == 2


async def test_nobody_listening_and_unknown_names_are_told(http: Http) -> None:
    async with HttpSink() as sink:
        url = sink.url
    refused = await failure(http, url)
    assert refused.kind is Failure.NO_CONNECTION
    assert "efused" in str(refused)
    assert (await failure(http, "https://no-such-host.invalid/")).kind is Failure.UNKNOWN_HOST
    assert (await failure(http, "gopher://example.com/")).kind is Failure.BAD_ADDRESS
    with pytest.raises(Unreachable):
        await http.post("https://example.com/", b"", {"x": "a\r\nb"})


async def test_a_cancelled_request_leaves_nothing_behind(http: Http) -> None:
    async with HttpSink(Fault.HANG) as sink:
        task = asyncio.create_task(http.post(sink.url, b""))
        await sink.wait(1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        sink.answer = Reply()
        assert (await http.post(sink.url, b"")).status == 200


async def test_proxies_of_the_environment_are_ignored(http: Http, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    async with HttpSink() as sink:
        assert (await http.post(sink.url, b"")).status == 200


async def test_the_same_holds_on_the_event_loop_of_production(authority: Authority) -> None:
    async def story() -> list[Failure]:
        http = Http(allow_private=True, tls=authority.client, timeouts=QUICK)
        failures = []
        async with HttpSink(tls=authority.server) as secure, HttpSink() as plain:
            for sink in (secure, plain, secure):
                assert (await http.post(sink.url, b"x" * 100_000)).body == b"ok"
            assert (secure.connections, plain.connections) == (1, 1)
            plain.next(Fault.RESET, Reply())
            assert (await http.post(plain.url, b"again")).status == 200
            for fault in (Fault.HANG, Fault.RESET, Fault.CLOSE, b"junk\r\n\r\n"):
                secure.answer = fault
                failures.append((await failure(http, secure.url)).kind)
            gone = plain.url
        failures.append((await failure(http, gone)).kind)
        stranger = Http(allow_private=True, tls=authority.stranger, timeouts=QUICK)
        async with HttpSink(tls=authority.server) as secure:
            failures.append((await failure(stranger, secure.url)).kind)
        await http.close()
        return failures

    def on_uvloop() -> list[Failure]:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(story())

    broken = [Failure.TIMEOUT, Failure.BROKEN, Failure.BROKEN, Failure.BROKEN]
    assert await asyncio.to_thread(on_uvloop) == [*broken, Failure.NO_CONNECTION, Failure.TLS]
