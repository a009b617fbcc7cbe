"""The configuration folder of a Home Assistant that knows this integration."""

from pathlib import Path

import imageio_ffmpeg

from .home_assistant_address import LOOPBACK, http_configuration

ROOT = Path(__file__).parents[2]

CONFIGURATION = """\
# Written at every start. Automations, scripts and scenes made in the browser are in
# files of their own and stay.
homeassistant:
  name: Cabinet Demo
  country: FR
  language: en
  currency: EUR
  unit_system: metric
  time_zone: Europe/Paris
  internal_url: {url}
  external_url: {url}
  media_dirs:
    local: {media}
{http}\
frontend:
config:
ffmpeg:
  ffmpeg_bin: {ffmpeg}
history:
logbook:
mobile_app:
my:
recorder:
webhook:
automation: !include automations.yaml
script: !include scripts.yaml
scene: !include scenes.yaml
"""


def write_configuration(config_dir: Path, port: int, extra: str = "") -> None:
    """Make the folder, or bring it up to date; `extra` is YAML to add at the end."""
    media = config_dir / "media"
    media.mkdir(parents=True, exist_ok=True)
    integrations = config_dir / "custom_components"
    if not integrations.is_symlink():
        integrations.symlink_to(ROOT / "custom_components")
    for name in ("automations", "scripts", "scenes"):
        (config_dir / f"{name}.yaml").touch()
    (config_dir / "configuration.yaml").write_text(
        CONFIGURATION.format(
            url=f"http://{LOOPBACK}:{port}",
            http=http_configuration(config_dir, port),
            # Elsewhere it would be a folder of the machine, which all share.
            media=media,
            ffmpeg=imageio_ffmpeg.get_ffmpeg_exe(),
        )
        + extra,
        encoding="utf-8",
    )
