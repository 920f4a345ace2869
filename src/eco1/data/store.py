"""Episodes on disk: the one place to import from."""

from eco1.data.finding import list_episodes
from eco1.data.reader import read_episode, read_manifest
from eco1.data.recorder import EpisodeRecorder, write_episode
from eco1.data.schema import FORMAT_VERSION, Manifest
from eco1.data.sensed import RecordedSenses, open_senses, read_text

__all__ = [
    "FORMAT_VERSION",
    "EpisodeRecorder",
    "Manifest",
    "RecordedSenses",
    "list_episodes",
    "open_senses",
    "read_episode",
    "read_manifest",
    "read_text",
    "write_episode",
]
