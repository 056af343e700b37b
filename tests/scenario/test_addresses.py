"""What a request says of hosts and addresses is believed as far as it can be."""

from tests.scenario.door import Door


async def test_a_redirect_of_a_slash_names_no_host(door: Door) -> None:
    for path, leads in [
        ("/api/v1/incidents/", "/api/v1/incidents"),
        ("/sign-in/?next=%2Fx", "/sign-in?next=%2Fx"),
        ("//sign-in//", "/sign-in"),
    ]:
        line = await door.line(f"GET {path} HTTP/1.1\r\nHost: evil.example\r\n\r\n".encode())
        head = (await line.head()).decode().lower()
        assert " 307 " in head, path
        assert f"location: {leads}\r\n".lower() in head
        assert "evil" not in head.split("location:")[1].split("\r\n")[0]
    line = await door.line(b"GET //evil.example/ HTTP/1.1\r\nHost: muster\r\n\r\n")
    assert b" 404 " in await line.head()


async def test_a_request_names_one_host(door: Door) -> None:
    for said, status in [
        (b"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b" 400 "),
        (b"GET /healthz HTTP/1.1\r\n\r\n", b" 400 "),
        (b"GET http://evil.example/healthz HTTP/1.1\r\nHost: muster\r\n\r\n", b" 400 "),
        (b"GET /healthz HTTP/1.0\r\n\r\n", b" 200 "),
        (b"GET /healthz HTTP/1.1\r\nHost: muster\r\n\r\n", b" 200 "),
    ]:
        line = await door.line(said)
        assert status in await line.head(), said
