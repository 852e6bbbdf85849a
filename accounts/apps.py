from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        """Register the schema extension; beside the authentication it would import in a circle."""
        from accounts import schema  # noqa: F401 (registers by import)
