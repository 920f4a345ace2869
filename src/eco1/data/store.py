"""Episodes on disk: the one place to import from."""

from eco1.data.finding import list_episodes
from eco1.data.reader import read_episode, read_manifest
from eco1.data.recorder import EpisodeRecorder, write_episode
from eco1.data.schema import FORMAT_VERSION, Manifest

__all__ = [
    "FORMAT_VERSION",
    "EpisodeRecorder",
    "Manifest",
    "list_episodes",
    "read_episode",
    "read_manifest",
    "write_episode",
]
