"""What Gymnasium knows of us: one id per task, each with its vector environment."""

from eco1.core.extras import require
from eco1.environments.tasks import TASKS


def task_id(name: str) -> str:
    """Return the id under which a task is registered, such as ``eco1/Hunt-v0``."""
    return f"eco1/{name.capitalize()}-v0"


def register_tasks() -> None:
    """Register all tasks; registering again changes nothing.

    Raises:
        MissingExtraError: Gymnasium is not installed.
    """
    gymnasium = require("gymnasium", "eco1.environments")
    for name in TASKS:
        if task_id(name) not in gymnasium.registry:
            gymnasium.register(
                id=task_id(name),
                entry_point="eco1.environments.single_env:EcoEnv",
                vector_entry_point="eco1.environments.vector_env:EcoVectorEnv",
                kwargs={"task": name},
            )
