"""Draw the sound that a media player gets as a siren: two tones, again and again."""

import argparse
import io
import math
from pathlib import Path
import wave

SOUND = (
    Path(__file__).parents[1]
    / "custom_components"
    / "cabinet_secure"
    / "sounds"
    / "siren.wav"
)

RATE = 8000
# Hertz and seconds: a pair that carries through doors, and is no fire tone.
TONES = ((960.0, 0.5), (770.0, 0.5))
PAIRS = 8
LOUDNESS = 0.8


def draw() -> bytes:
    """Return the sound as a WAV file: 8 seconds, one channel, 8 bits."""
    samples = bytearray()
    phase = 0.0
    for _ in range(PAIRS):
        for hertz, seconds in TONES:
            for _ in range(int(RATE * seconds)):
                # The phase goes on from tone to tone, so that nothing clicks.
                phase += 2 * math.pi * hertz / RATE
                samples.append(round(128 + 127 * LOUDNESS * math.sin(phase)))
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(RATE)
        sound.writeframes(bytes(samples))
    return file.getvalue()


def main() -> None:
    """Write the file."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    SOUND.parent.mkdir(exist_ok=True)
    SOUND.write_bytes(draw())


if __name__ == "__main__":
    main()
