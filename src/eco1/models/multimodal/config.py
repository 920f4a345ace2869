"""What a model of several senses is made of."""

from dataclasses import dataclass
from typing import Any, Literal, Self

from eco1.core.errors import ConfigError, unknown_name
from eco1.models.multimodal.ladder import rung
from eco1.models.nn.qwen3 import Qwen3Config
from eco1.models.nn.vit.config import ViTConfig
from eco1.models.nn.vit.patches import grid_of

Sense = Literal["video", "audio", "points", "motion", "text"]
SENSES: tuple[Sense, ...] = ("video", "audio", "points", "motion", "text")
#: What brings back a sense; animals and words are in every recording.
INSTRUMENTS: dict[Sense, str] = {"video": "camera", "audio": "microphone", "points": "lidar"}
#: Experts are named after the families of the ethogram.
EXPERTS = ("hunting", "grazing", "flocking", "nesting", "territorial", "mating", "migration", "playing")

#: Of a spectrogram: frames are 0.1 s apart, whatever the stride.
MOMENTS_OF_FRAME = 10
SOUND_PATCHES = 4
_FEWEST_MOMENTS = 1


@dataclass(frozen=True, kw_only=True)
class MultimodalConfig:
    """One model of video, audio, points, motion and text.

    A clip of ``frames`` frames is cut into ``moments`` equal stretches of time; the z of a sense is one latent per
    moment. Names give meaning to the indices of a clip and of the behaviour head. ``tokenizer`` is the JSON of a
    byte-level BPE tokenizer. ``*_words`` are what sentences call species and behaviours: their names, when not said.
    ``*_rows`` are the sizes of vocabularies: the proposal's 10,000 species and 5,000
    environments, of which names take the first.

    Raises:
        ConfigError: when sizes do not fit each other.
        UnknownNameError: when there is no such sense.
    """

    species_names: tuple[str, ...]
    behavior_names: tuple[str, ...]
    environment_names: tuple[str, ...]
    tokenizer: str
    vocabulary: int
    species_words: tuple[str, ...] = ()
    behavior_words: tuple[str, ...] = ()
    species_traits: tuple[tuple[float, ...], ...] = ()
    species_expert_bias: tuple[tuple[float, ...], ...] = ()
    behavior_expert: tuple[int, ...] = ()
    species_rows: int = 10_000
    environment_rows: int = 5_000
    senses: tuple[Sense, ...] = SENSES
    camera: str = "follow"
    microphone: str = "camera"
    lidar: str = "camera"
    frames: int = 16
    moments: int = 4
    pixels: int = 64
    patch: int = 8
    bands: int = 64
    groups: int = 16  # of points in a moment
    group_points: int = 32
    range_m: float = 50.0  # of points, that counts as 1
    words: int = 48  # longest text that is perceived
    encoders: tuple[tuple[int, int, int], ...] = ((96, 3, 4),) * 5  # width, layers and heads for each of ``SENSES``
    width: int = 96  # of latents, whatever the width of an encoder
    summaries: int = 4  # tokens that stand for a sense in a moment
    predictor_width: int = 64
    predictor_layers: int = 2
    predictor_heads: int = 4
    embedding: int = 64  # of a clip, to be compared across senses
    language_width: int = 128
    language_layers: int = 4
    language_heads: int = 4
    language_kv_heads: int = 2
    language_head_dim: int = 32
    language_hidden: int = 256
    experts: int = 8
    chosen: int = 2
    expert_hidden: int = 128
    tied: bool = True  # the head of the language model to its embedding
    capacity_factor: float = 1.25
    routing_bias: bool = True
    sense_dropout: float = 0.3  # 1 withholds all: the language-only baseline
    species_dropout: float = 0.1
    kind: str = "multimodal"

    def __post_init__(self) -> None:
        if self.moments < _FEWEST_MOMENTS or self.frames < 1 or self.frames % self.moments:
            raise ConfigError(
                f"{self.frames} frames do not fall into {self.moments} moments of equal length, at least "
                f"{_FEWEST_MOMENTS}: learning takes 2, one that is over and one to come."
            )
        for sense in self.senses:
            if sense not in SENSES:
                raise unknown_name("sense", sense, SENSES)
        if not self.senses or len(set(self.senses)) < len(self.senses):
            raise ConfigError(f"A model has some of the senses {', '.join(SENSES)}, each once; got {self.senses}.")
        for name, rows in (("species", self.species_rows), ("environment", self.environment_rows)):
            if len(getattr(self, f"{name}_names")) >= rows:
                raise ConfigError(f"{len(getattr(self, f'{name}_names'))} {name} names do not fit into {rows} rows.")
        if len(self.encoders) != len(SENSES):
            raise ConfigError(f"{len(self.encoders)} encoders are given; there is one for each of {', '.join(SENSES)}.")
        for name in ("species_words", "behavior_words", "species_traits", "species_expert_bias", "behavior_expert"):
            rows, names = len(getattr(self, name)), f"{name.split('_')[0]}_names"
            if rows not in (0, len(getattr(self, names))):
                raise ConfigError(f"{name} has {rows} rows for {len(getattr(self, names))} {names}.")
        _ = self.grid, self.sound_patch, self.predictor, self.language  # each refuses what does not fit
        _ = [self.encoder(sense) for sense in self.senses]

    @property
    def frames_of_moment(self) -> int:
        """Return how many frames a moment has."""
        return self.frames // self.moments

    @property
    def grid(self) -> tuple[int, int, int]:
        """Return how many patches of video lie along time, rows and columns."""
        return grid_of((self.frames, self.pixels, self.pixels), (self.frames_of_moment, self.patch, self.patch))

    @property
    def sound_patch(self) -> tuple[int, int, int]:
        """Return the moments of 10 ms and bands of a patch of a spectrogram, behind 1: four by four in a moment."""
        rows = self.frames * MOMENTS_OF_FRAME // self.moments
        patch = (1, rows // SOUND_PATCHES, self.bands // SOUND_PATCHES)
        grid_of((1, self.frames * MOMENTS_OF_FRAME, self.bands), patch)
        return patch

    def encoder(self, sense: Sense) -> ViTConfig:
        """Return the size of a sense's encoder."""
        width, layers, heads = self.encoders[SENSES.index(sense)]
        return ViTConfig(width=width, layers=layers, heads=heads, hidden=4 * width)

    @property
    def predictor(self) -> ViTConfig:
        """Return the size of what predicts latents."""
        width = self.predictor_width
        return ViTConfig(width=width, layers=self.predictor_layers, heads=self.predictor_heads, hidden=4 * width)

    @classmethod
    def of_size(cls, name: str, **settings: Any) -> Self:
        """Return the settings of a size of the ladder (``eco1 list models``); ``settings`` add to and change them.

        Raises:
            UnknownNameError: when there is no such size.
        """
        size = rung(name)
        language, senses = size.language, (size.video, size.sound, size.points, size.motion, size.motion)
        known: dict[str, Any] = {
            "vocabulary": language.vocabulary,
            "encoders": tuple((one.width, one.layers, one.heads) for one in senses),
            "width": size.video.width,
            "predictor_width": max(size.video.width // 2, 64),
            "language_width": language.width,
            "language_layers": language.layers,
            "language_heads": language.heads,
            "language_kv_heads": language.kv_heads,
            "language_head_dim": language.head_dim,
            "language_hidden": language.hidden,
            "experts": language.experts,
            "chosen": language.chosen,
            "expert_hidden": language.expert_hidden,
            "tied": language.tied,
        }
        return cls(**{**known, **settings})

    @property
    def language(self) -> Qwen3Config:
        """Return the size of the decoder; without experts it is dense."""
        return Qwen3Config(
            vocabulary=self.vocabulary,
            width=self.language_width,
            layers=self.language_layers,
            heads=self.language_heads,
            kv_heads=self.language_kv_heads,
            head_dim=self.language_head_dim,
            hidden=self.language_hidden,
            experts=self.experts,
            chosen=self.chosen if self.experts else 0,
            expert_hidden=self.expert_hidden,
            tied=self.tied,
        )
