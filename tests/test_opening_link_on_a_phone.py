"""The page of an opening link in a real browser: what a tap does, and what does not."""

from pathlib import Path

from aiohttp import web
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from tests.opening_visitor import HOST, Visitor, visitor
from tests.phone_browser import phone_browser

__all__ = ["visitor"]

OTHER_SITE = "other.example"
STATUS = "document.querySelector('[role=status]')?.textContent"


async def test_a_tap_opens_and_another_site_does_not(
    visitor: Visitor, aiohttp_client: ClientSessionGenerator, tmp_path: Path
) -> None:
    address = f"http://{HOST}{visitor.link}"
    posted = []

    async def lure(request: web.Request) -> web.Response:
        posted.append(request.headers.get("Sec-Fetch-Site"))
        return web.Response(
            content_type="text/html",
            text=(
                f'<link rel="prefetch" href="{address}">'
                f'<form method="post" action="{address}">'
                f'<input name="visit" value="{visitor.visit}"></form>'
                "<script>document.forms[0].submit()</script>"
            ),
        )

    app = web.Application()
    app.router.add_get("/", lure)
    other = await aiohttp_client(app)
    ports = {
        HOST: visitor.client.port or 0,
        OTHER_SITE: other.port or 0,
    }
    async with phone_browser(tmp_path, ports, "fr-FR") as phone:
        # A page that knows the link, and even what our button sends.
        await visitor.look()
        await phone.go(f"http://{OTHER_SITE}/")
        said = await phone.until(STATUS)
        assert posted
        assert said.startswith("Veuillez appuyer de nouveau")
        await visitor.nothing_opened()

        await phone.go(address)
        said = await phone.until(f"document.querySelector('button') && {STATUS}")
        assert said.startswith("N’appuyez qu’une fois devant la porte.")
        # The style is ours, and let in by the page's own policy.
        height = await phone.evaluate(
            "document.querySelector('button').getBoundingClientRect().height"
        )
        assert height >= 80
        assert await phone.evaluate(
            "document.documentElement.scrollWidth <= window.innerWidth"
        )
        picture = await phone.photograph()
        assert picture.startswith(b"\x89PNG")
        await visitor.nothing_opened()

        await phone.tap("button")
        said = await phone.until(f"!document.querySelector('button') && {STATUS}")
        assert said == (
            "La porte est déverrouillée quelques secondes. Veuillez entrer."
        )
        await visitor.hass.async_block_till_done()
        assert visitor.door == "open"
        # Who loads the answer again sends the press again, in vain.
        await phone.go(address)
        assert await phone.until(STATUS) == "Ce lien n’est plus valable."
