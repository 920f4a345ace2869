"""Environments others can train in: Gymnasium tasks (registered on import) and PettingZoo's whole ecosystem."""

from eco1.environments.registration import register_tasks

register_tasks()
