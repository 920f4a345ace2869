"""Questions with four choices, of which exactly one is right and none can be known without having looked."""

from eco1.sensors.captioner.questions.writer import write_questions

__all__ = ["write_questions"]
