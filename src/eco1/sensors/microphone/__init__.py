"""The microphone: what two ears hear of the animals of a world and of the world itself.

``Microphone.step`` turns an observation into 16-bit stereo samples. When animals call is decided in ``calls``, how
they sound in ``voice_kernels`` and ``strokes``, how it reaches the ears in ``paths``, what else is there in
``ambience``.
"""

from eco1.sensors.microphone.ambience import Circumstances
from eco1.sensors.microphone.memory import Memory
from eco1.sensors.microphone.microphone import Microphone
from eco1.sensors.microphone.places import FixedPlace, OnAnimal, OnCamera, Place

__all__ = ["Circumstances", "FixedPlace", "Memory", "Microphone", "OnAnimal", "OnCamera", "Place"]
