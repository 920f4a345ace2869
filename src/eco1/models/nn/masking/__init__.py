"""Which tokens a joint-embedding model is shown and which it must predict."""

from eco1.models.nn.masking.balls import BallMasks
from eco1.models.nn.masking.blocks import BlockMasks, CurriculumMasks, PictureMasks, TubeMasks
from eco1.models.nn.masking.runs import RunMasks
from eco1.models.nn.masking.split import Split

__all__ = ["BallMasks", "BlockMasks", "CurriculumMasks", "PictureMasks", "RunMasks", "Split", "TubeMasks"]
