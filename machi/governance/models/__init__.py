"""What the governance room stores."""

from machi.governance.models.systems import RegisteredSystem

__all__ = ["RegisteredSystem"]
