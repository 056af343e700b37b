"""Persons, teams and tokens from the command line of a real Muster."""

from tests.running import Running


async def test_an_organisation_is_staffed_from_the_command_line() -> None:
    async with Running() as muster:
        await muster.init()
        assert (await muster.json("whoami"))["person"]["name"] == "admin"
        made = await muster.json(
            "person", "create", "ana", "--email", "ana@contoso.example", "--permission", "responder"
        )
        assert made["password_link"].startswith(f"{muster.url}/password/")
        await muster.cli("person", "contact", "add", "ana", "email", "ana@contoso.example", "--verified")
        assert (await muster.json("person", "show", "ana"))["contacts"][0]["verified_by"] == "administrator"
        await muster.cli("team", "create", "platform", "--member", "ana", "--member", "admin", "--lead", "ana")
        assert (await muster.json("team", "list"))[0]["members"] == ["ana", "admin"]
        refused = await muster.cli("team", "change", "platform", "--member", "anna", "--lead", "", code=1)
        assert "There is no active person `anna`. Did you mean `ana`?" in refused
        token = (await muster.json("token", "create", "ci", "--scope", "person.read", "--expires-in", "1d"))["token"]
        assert [each["name"] for each in await muster.json("person", "list", token=token)] == ["admin", "ana"]
        assert "not scoped for team.read" in await muster.cli("team", "list", code=1, token=token)
        odd = await muster.api("GET", "/api/v1/persons/a%2541%E2%82%AC")
        assert odd.json()["title"] == "There is no person `a%41€`."
        await muster.cli("token", "revoke", "ci")
        assert "This API token was revoked." in await muster.cli("person", "list", code=1, token=token)
        words = ("token", "create", "script", "--person", "ana", "--scope", "*", "--local")
        local = await muster.json(*words, token="")
        assert (await muster.json("whoami", token=local["token"]))["person"]["name"] == "ana"
        entries = (await muster.api("GET", "/api/v1/ledger?kind=TokenCreated")).json()["items"]
        assert [entry["data"].get("locally") for entry in entries if entry["data"]["name"] == "ana"] == [True]
        refused = await muster.cli("token", "create", "script", "--person", "ana", "--scope", "*", code=1)
        assert "Give --person together with --local." in refused
        await muster.token_of("ana")
        browser = (await muster.json("session", "list", "--person", "ana"))[0]
        await muster.cli("session", "end", browser["id"])
        assert await muster.json("session", "list", "--person", "ana") == []
        assert await muster.json("person", "end-access", "ana") == {"sessions_ended": 0, "tokens_revoked": 1}
        asked = await muster.json("organisation", "require-second-factor", "administrators", "--grace-days", "3")
        assert (asked["required_for"], asked["grace_days"], asked["lacking"]) == ("administrators", 3, ["admin"])
        assert (await muster.json("organisation", "second-factor"))["lacking"] == ["admin"]
        assert await muster.json("person", "reset-factors", "ana") == {"had": "none"}
        await muster.cli("person", "deactivate", "ana", "--reason", "left")
        assert "ana" not in await muster.cli("person", "list")
        assert "last administrator" in await muster.cli("person", "deactivate", "admin", code=1)
