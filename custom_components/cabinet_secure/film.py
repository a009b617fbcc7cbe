"""A film of what a camera's stream shows, without its sound.

It is put together from the pieces that Home Assistant's own stream keeps in memory:
those from before are its look-back. Only their pictures are written.
"""

from io import BytesIO
from pathlib import Path
from typing import Final

import av
import av.container
from homeassistant.components.stream.core import Segment

# A film ends at this size, in bytes, whatever the camera sends.
LARGEST: Final = 64_000_000


class Film:
    """Writes a film piece by piece; each is on disk once the next one is added.

    A crash leaves a film that ends early. All methods wait for the disk.
    """

    def __init__(self, path: Path) -> None:
        """Begin a film in a file that is there already. Raises OSError."""
        self._path = path
        self._output = av.open(
            str(path),
            "w",
            format="mp4",
            container_options={
                "movflags": "frag_keyframe+empty_moov",
                # A crash costs the last piece at most, not what was in a buffer.
                "flush_packets": "1",
            },
        )
        self._stream: av.VideoStream | None = None
        self._run = -1
        self._offset = 0
        self._end = 0
        self.size = 0

    @property
    def is_full(self) -> bool:
        """Whether nothing more is to be written."""
        return self.size >= LARGEST

    def add(self, segment: Segment) -> None:
        """Write the pictures of a complete piece. Raises OSError, also where it is odd."""
        data = segment.init + segment.get_data()
        with av.open(BytesIO(data), "r", format="mp4") as source:
            video = source.streams.video[0]
            if self._stream is None:
                self._stream = self._output.add_stream_from_template(video)
            for packet in source.demux(video):
                if packet.dts is None or packet.pts is None:
                    continue
                if self._run != segment.stream_id:
                    # The stream began anew: its clock did too.
                    self._run = segment.stream_id
                    self._offset = self._end - packet.dts
                packet.pts += self._offset
                packet.dts += self._offset
                self._end = packet.dts + (packet.duration or 0)
                packet.stream = self._stream
                self._output.mux(packet)
                self.size += packet.size

    def close(self) -> None:
        """End the film. Raises OSError."""
        self._output.close()
